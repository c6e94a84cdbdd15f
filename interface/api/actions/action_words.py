"""Puts actions into words: what each is called, its fields, and what they may hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from application.texts import texts
from domain.policy.codes import Codes
from interface.api.responses.case_parts import Field

_TABLES: Mapping[str, tuple[str, ...]] = {
    "authority": ("routes",),
    "automation": ("automation",),
    "awaited": ("awaited",),
    "breach": ("breaches",),
    "burden": ("parties",),
    "category": ("categories",),
    "cause": ("failures", "suspension_causes"),
    "channel": ("channels", "notice_channels"),
    "freight": ("parties",),
    "ground": ("grounds", "appeal_grounds"),
    "kind": ("remedies", "evidence", "inquiries", "sanctions"),
    "kinds": ("evidence",),
    "language": ("languages",),
    "liability": ("liabilities",),
    "method": ("methods",),
    "notice": ("notices",),
    "party": ("parties",),
    "position": ("positions",),
    "result": ("appeal_results",),
    "routes": ("routes",),
    "trigger": ("triggers",),
}
"""Where the words for the codes of a field are, by its name; the first that has one."""


class Words:
    """What a person reads beside the codes that a program sends, in a language.

    The fields of an action are put into words once for each table of codes: to do so
    for every answer took a tenth of the time of a command.
    """

    def __init__(self, codes: Codes, language: str) -> None:
        self.codes, self.language = codes, language
        self._fields: dict[str, tuple[Field, ...]] = {}

    def fields(self, action: str, fields: Iterable[Field]) -> tuple[Field, ...]:
        """Return the fields of an action, which are the same each time, with words."""
        found = self._fields.get(action)
        if found is None:
            found = _fields(fields, action, self.codes, self.language)
            self._fields[action] = found
        return found

    def of_codes(self, name: str, codes: Iterable[str]) -> dict[str, str]:
        """Return the words for the codes that a field of a name may hold."""
        return _words(name, codes, self.codes, self.language)

    def action(self, name: str) -> str:
        """Return what an action is called."""
        return label("actions", name, self.language)


_known: dict[str, Words] = {}


def words_of(codes: Codes, language: str) -> Words:
    """Return the words of a table of codes, as they were made for the last answer."""
    found = _known.get(language)
    # A process has one table of codes, but tests have several one after another.
    if found is None or found.codes is not codes:
        found = _known[language] = Words(codes, language)
    return found


def label(table: str, code: str, language: str) -> str:
    """Return the words for a code of a table of texts. Raises KeyError without any."""
    return str(texts()[table][code][language])


def code_words(name: str, code: str, codes: Codes, language: str) -> str | None:
    """Return the words for a code in a field of a name; None for ids and currencies."""
    for table in _TABLES.get(name, ()):
        known = getattr(codes, table, None)
        if known is None:
            said = texts()[table].get(code)
            if said is not None:
                return str(said[language])
        elif code in known:
            return str(getattr(known[code], language))
    return None


def _fields(
    fields: Iterable[Field], action: str, codes: Codes, language: str
) -> tuple[Field, ...]:
    return tuple(
        replace(
            field,
            label=field_label(action, field.name, language),
            words=_words(field.name, field.codes, codes, language),
            fields=_fields(field.fields, action, codes, language),
        )
        for field in fields
    )


def _words(
    name: str, possible: Iterable[str], codes: Codes, language: str
) -> dict[str, str]:
    return {
        code: said
        for code in possible
        if (said := code_words(name, code, codes, language))
    }


def field_label(action: str, field: str, language: str) -> str:
    """Return what a field is called; some names mean another thing on one action."""
    own = texts()["action_fields"].get(f"{action}.{field}")
    return str(own[language]) if own else label("fields", field, language)

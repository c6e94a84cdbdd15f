"""Puts actions into words: what each is called, its fields, and what they may hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from application.texts import texts
from domain.policy.codes import Codes
from interface.api.responses.case_parts import ActionShown, Field

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


def worded(
    actions: Iterable[ActionShown], codes: Codes, language: str
) -> Iterable[ActionShown]:
    """Yield actions with what a person reads beside the codes that a program sends."""
    for action in actions:
        yield replace(
            action,
            label=label("actions", action.name, language),
            fields=_fields(action.fields, action.name, codes, language),
        )


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
            label=_label(action, field.name, language),
            words={
                code: said
                for code in field.codes
                if (said := code_words(field.name, code, codes, language))
            },
            fields=_fields(field.fields, action, codes, language),
        )
        for field in fields
    )


def _label(action: str, field: str, language: str) -> str:
    """Return what a field is called; some names mean another thing on one action."""
    own = texts()["action_fields"].get(f"{action}.{field}")
    return str(own[language]) if own else label("fields", field, language)

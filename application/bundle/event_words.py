"""What a fact states, as labels and values in one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from application.texts import say
from domain.case.event import Event
from domain.deadlines.deadline import Deadline
from domain.money import Money
from domain.policy.codes import Codes

SKIPPED = frozenset({"deadlines", "obligations", "reasons"})
"""Told elsewhere on the page, or too deep for one line."""

QUIET = frozenset({"draft", "deemed", "final"})
"""Told only where they are so."""

TABLES = {
    "by": "parties",
    "party": "parties",
    "debtor": "parties",
    "burden": "parties",
    "freight": "parties",
    "awaited": "awaited",
    "outcome": "outcomes",
    "claim": "claims",
    "notice": "notices",
}
CODES = {
    "ground": "grounds",
    "position": "positions",
    "liability": "liabilities",
    "channel": "channels",
    "duty": "duties",
    "method": "methods",
    "breach": "breaches",
    "category": "categories",
}


class Words(Struct, frozen=True):
    """Puts codes and labels into one language."""

    language: str
    codes: Codes

    def of(self, name: str, **filling: str) -> str:
        """Return a word of the timeline itself."""
        return say("timeline", name, self.language, **filling)

    def fact(self, kind: str) -> str:
        """Return what a kind of fact is called."""
        return say("facts", kind, self.language)

    def field(self, name: str) -> str:
        """Return what a field is called."""
        return say("fields", name, self.language)

    def value(self, name: str, code: str) -> str:
        """Return the words for a code in a field, or the code itself."""
        if name in TABLES:
            return say(TABLES[name], code, self.language)
        if name == "reason":
            return self._reason(code)
        tables = (CODES[name],) if name in CODES else _BY_FIELD.get(name, ())
        for table in tables:
            label = getattr(self.codes, table).get(code)
            if label is not None:
                return str(getattr(label, self.language))
        return code

    def _reason(self, code: str) -> str:
        for category in self.codes.categories.values():
            if code in category.reasons:
                return str(getattr(category.reasons[code], self.language))
        return code


_BY_FIELD: Mapping[str, tuple[str, ...]] = {
    "kind": ("remedies", "evidence", "inquiries", "sanctions"),
    "kinds": ("evidence",),
    "routes": ("routes",),
    "cause": ("failures",),
}


def rows(event: Event, words: Words) -> Iterator[tuple[str, str]]:
    """Yield what a fact states; what is not there is left out."""
    for name, value in asdict(event).items():
        if name not in SKIPPED and not _says_nothing(name, value):
            yield words.field(name), _text(name, value, words)
    for one in getattr(event, "deadlines", ()):
        yield words.of("until"), _deadline(one, words)


def _says_nothing(name: str, value: Any) -> bool:
    return value is None or value in ((), "") or (value is False and name in QUIET)


def _text(name: str, value: Any, words: Words) -> str:
    match value:
        case Money():
            return f"{value} {value.currency}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%SZ}"
        case Struct():
            parts = asdict(value).items()
            told = (_text(key, one, words) for key, one in parts if one is not None)
            return " · ".join(told)
        case tuple():
            return "; ".join(_text(name, one, words) for one in value)
        case str():
            return words.value(name, value)
        case bool():
            return words.of("yes" if value else "no")
        case _:
            return str(value)


def _deadline(one: Deadline, words: Words) -> str:
    awaited = say("awaited", one.awaited, words.language)
    party = say("parties", one.party, words.language)
    return f"{one.due:%Y-%m-%d %H:%M:%SZ} · {party}: {awaited} ({one.length})"

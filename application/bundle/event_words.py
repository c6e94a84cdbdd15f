"""What an event states, as labels and values in one language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from application.cases.readable_values import amount_in_words, length_in_words
from application.texts import as_written, say, texts
from domain.case.event import Event
from domain.deadlines.deadline import Deadline
from domain.money import Money
from domain.personal import map_personal
from domain.policy.codes import Codes

SKIPPED = frozenset({"deadlines", "obligations", "reasons"})
"""Fields that the page shows elsewhere, or that are too deep for one line."""

NAMES = frozenset({"contact", "name", "mail", "phone"})
"""Personal texts that are of no language: of a person, of a file, and addresses."""

QUIET = frozenset({"draft", "deemed", "final"})
"""Fields that are shown only where they are true."""

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
    "trigger": "triggers",
    "automation": "automation",
    "result": "appeal_results",
}
OF_SEVERAL = {
    "ground": ("appeal_grounds",),
    "cause": ("suspension_causes",),
    "channel": ("notice_channels",),
    "channels": ("notice_channels",),
    "causes": ("delivery_failures",),
    "language": ("languages",),
}
"""Fields whose codes are of a table here, or of one of the code tables."""

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


def utc_words(moment: datetime) -> str:
    """Return a time as bundles tell it, which are read anywhere."""
    return f"{moment:%Y-%m-%d %H:%M:%SZ}"


class Words(Struct, frozen=True):
    """Puts codes and labels into one language, and times as `moment` says them."""

    language: str
    codes: Codes
    moment: Callable[[datetime], str] = utc_words

    def say(self, table: str, code: str, **filling: str) -> str:
        """Return the words for a code of a table of texts."""
        return say(table, code, self.language, **filling)

    def value(self, name: str, code: str) -> str:
        """Return the words for a code in a field, or the code itself."""
        if name in TABLES:
            return self.say(TABLES[name], code)
        if name == "reason":
            return self._reason(code)
        for table in OF_SEVERAL.get(name, ()):
            if code in texts()[table]:
                return self.say(table, code)
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


def event_rows(event: Event, words: Words) -> Iterator[tuple[str, str]]:
    """Yield a label and a value for each field of an event that says something."""
    free = _free_texts(event)
    for name, value in asdict(event).items():
        if name not in SKIPPED and not _says_nothing(name, value):
            # What a person wrote is in no other language than theirs.
            mark = as_written(free.get(name, ""), words.language)
            yield words.say("fields", name) + mark, _text(name, value, words)
    for one in getattr(event, "deadlines", ()):
        yield words.say("timeline", "until"), _deadline(one, words)


def _free_texts(event: Event) -> Mapping[str, str]:
    """Return the texts in an event that a person wrote, by field; names are none."""
    found: dict[str, str] = {}

    def note(path: str, text: str) -> str:
        if path not in NAMES:
            found[path] = text
        return text

    map_personal(event, note)
    return found


def _says_nothing(name: str, value: Any) -> bool:
    return value is None or value in ((), "") or (value is False and name in QUIET)


def _text(name: str, value: Any, words: Words) -> str:
    match value:
        case Money():
            return amount_in_words(value)
        case datetime():
            return words.moment(value)
        case Struct():
            parts = asdict(value).items()
            texts = (_text(key, one, words) for key, one in parts if one is not None)
            return " · ".join(texts)
        case tuple():
            return "; ".join(_text(name, one, words) for one in value)
        case str():
            return words.value(name, value)
        case bool():
            return words.say("timeline", "yes" if value else "no")
        case _:
            return str(value)


def _deadline(one: Deadline, words: Words) -> str:
    awaited = words.say("awaited", one.awaited)
    party = words.say("parties", one.party)
    length = length_in_words(one.length, words.language)
    said = words.say("timeline", "limit", party=party, awaited=awaited, length=length)
    return f"{words.moment(one.due)} · {said}"

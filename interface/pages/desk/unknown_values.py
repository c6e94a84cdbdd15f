"""Values in an address that a filter of the queue does not have, told in words."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from application.texts import say
from interface.pages.desk.queue_filters import KNOWN
from interface.pages.page_texts import page_words

FIELDS = {
    "phase": "queue.phases",
    "waiting_on": "queue.waiting",
    "overdue": "queue.tab-late",
    "closed": "queue.tab-closed",
    "second": "queue.view-second",
}
"""What the filters are called."""

_TABLES = {"phase": "phases", "waiting_on": "parties"}


class UnknownValue(Struct, frozen=True, kw_only=True):
    """A value that is none: of which filter, and which ones there are, in words."""

    field: str
    words: str


def unknown_values(
    unknown: Mapping[str, str], language: str
) -> tuple[UnknownValue, ...]:
    """Return what is said of each unknown value."""
    return tuple(
        UnknownValue(
            field=page_words(FIELDS[name], language),
            words=page_words(
                "queue.unknown",
                language,
                value=value[:MOST_SAID],
                known=_known(name, language),
            ),
        )
        for name, value in unknown.items()
    )


MOST_SAID = 40
"""So much of a value is said again."""


def _known(name: str, language: str) -> str:
    table = _TABLES.get(name)
    words = [
        say(table, one, language) if table else page_words(f"case.{one}", language)
        for one in KNOWN[name]
    ]
    return say("lists", "between", language).join(words)

"""What an extension would do to each limit: its end now, and its end then."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from application.cases.readable_values import length_in_words
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.deadlines.decide import extendable_deadlines
from domain.deadlines.time_limits import extended
from interface.api.responses.case_parts import ActionShown

EXTENSION = "extension"


class MovedLimit(Struct, frozen=True, kw_only=True):
    """A limit that can be extended: by how much, from when, until when (UTC)."""

    awaited: str
    party: str
    length: str
    now: datetime
    then: datetime


def moved_limits(
    dispute: Dispute, rules: Context, language: str
) -> dict[str, MovedLimit]:
    """Return each limit that can be extended, by what is awaited and of whom."""
    found: dict[str, MovedLimit] = {}
    for one in extendable_deadlines(dispute, rules):
        longer = rules.rules.policy.extensions[one.limit]
        moved = MovedLimit(
            awaited=one.awaited,
            party=one.party,
            length=length_in_words(str(longer), language),
            now=one.due,
            then=extended(one.due, longer, rules.rules.calendar),
        )
        # Of two alike, the first one is extended.
        found.setdefault(f"{one.awaited}/{one.party}", moved)
    return found


def limit_of(action: ActionShown) -> str:
    """Return which limit the form of an extension is about; "" for other actions."""
    if action.name != EXTENSION:
        return ""
    chosen = {one.name: one.codes[0] for one in action.fields if one.codes}
    return f"{chosen.get('awaited', '')}/{chosen.get('party', '')}"

"""What happened in a case, for its page: each event in words, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from application.bundle.event_words import Words, event_rows
from application.cases.readable_values import moment_in_words
from application.log.case_proofs import logged_events
from application.record.envelope import Recorded, topic
from application.record.row_scope import Beyond, beyond
from domain.roles import RULES, Role
from interface.api.request_context import RequestContext
from interface.pages.fact_words import fact_words

URGENT = {"deadline-missed": "late", "defaulted": "late", "suspended": "pause"}
GOOD = {"offer-accepted", "obligation-confirmed", "closed", "admitted", "ruled"}

DETAILS = 6
"""Labels and values of an event that a line has room for."""


class StoryLine(Struct, frozen=True, kw_only=True):
    """One event: what, by whom, when, its place in the log (None: not there yet)."""

    version: int
    what: str
    tone: str
    role: Role
    actor: str | None
    at: datetime
    recorded_at: datetime
    entry: int | None
    details: tuple[tuple[str, str], ...]


def story_of(
    context: RequestContext, events: Sequence[Recorded]
) -> tuple[StoryLine, ...]:
    """Return the lines of opened events, the newest first."""
    system = context.system
    now = system.clock()
    words = Words(
        context.language,
        system.rulebooks.codes,
        lambda one: moment_in_words(
            one, system.zone, now, context.language, named=False
        ),
    )
    case = events[0].case
    with (
        beyond(Beyond.LOG),
        system.database.get_connection() as connection,
    ):
        entries = {one.version: one.index for one in logged_events(connection, case)}
    return tuple(reversed([*_lines(events, entries, words)]))


def _lines(
    events: Sequence[Recorded], entries: dict[int, int | None], words: Words
) -> Iterator[StoryLine]:
    for one in events:
        kind = topic(one.event)
        yield StoryLine(
            version=one.version,
            what=fact_words(one.event, words.language),
            tone=URGENT.get(kind, "ok" if kind in GOOD else ""),
            role=one.actor.role,
            # What follows from a rule alone was done by nobody.
            actor=None if one.actor == RULES else one.actor.id,
            at=one.at,
            recorded_at=one.recorded_at,
            entry=entries.get(one.version),
            details=tuple(event_rows(one.event, words))[:DETAILS],
        )

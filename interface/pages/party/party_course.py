"""What a party knows of the course of its case: its own steps, and what it was told.

A party reads no history over the API. What stands here is what its notices say, and
what it did itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from application.cases.case import Case
from application.texts import say
from domain.admission.events import Admitted
from domain.admission.seller_awareness import unaware_after
from domain.case.events import DisputeEvent
from domain.deadlines.events import DeadlineMissed
from domain.deadlines.ledger import deadline_ledger
from domain.deadlines.ledger_entry import Entry
from domain.deadlines.table import DEADLINES
from domain.filing.events import Filed
from domain.roles import Actor, Party, Role
from interface.pages.fact_words import fact_words
from interface.pages.page_texts import page_texts, page_words
from projections.notices import about, due_for, informed

SEEN = (Filed, Admitted)
"""What no notice tells the buyer, whose case shows it all the same."""


class CourseLine(Struct, frozen=True, kw_only=True):
    """A step of a case: what happened, in words, when, and until when one acts then.

    `by`: whose act it was, in words. `mine`: the reader did it. `version` is that of
    the case after it. `count`: it happened so many times in a row. `missed`: a limit
    ran out by which somebody had to act. `duty`: what became of what was to be done
    until `due`; `limit`: what that was, in words.
    """

    version: int
    what: str
    by: str
    mine: bool
    at: datetime
    due: datetime | None
    count: int = 1
    missed: bool = False
    duty: str = "running"
    limit: str = ""


def course_of(case: Case, reader: Actor, language: str) -> tuple[CourseLine, ...]:
    """Return the steps of a case that a party knows of, the first one first."""
    found: list[CourseLine] = []
    for line in _lines(case, reader, language):
        last = found[-1] if found else None
        if last is not None and (last.what, last.mine) == (line.what, line.mine):
            found[-1] = replace(line, count=last.count + 1)
        else:
            found.append(line)
    return tuple(found)


def _lines(case: Case, reader: Actor, language: str) -> Iterator[CourseLine]:
    party, unaware = reader.party, True
    duties = duties_of(case, party)
    for recorded in case.events:
        unaware = unaware_after(recorded.event, before=unaware)
        # Of what happened before the admission, the seller hears nothing.
        if party is Party.SELLER and unaware:
            continue
        mine = recorded.actor.party is party
        seen = party is Party.BUYER and isinstance(recorded.event, SEEN)
        if mine or seen or party in informed(recorded.event):
            due = due_for(recorded.event, party)
            entry = duties.get((recorded.version, due))
            yield CourseLine(
                version=recorded.version,
                what=_words(recorded.event, language, own=mine or seen),
                by=_by(recorded.actor, language),
                mine=mine,
                at=recorded.at,
                due=due,
                missed=_is_missed(recorded.event),
                duty=_state(entry) if entry else "running",
                limit=say("awaited", entry.awaited, language) if entry else "",
            )


def _is_missed(event: DisputeEvent) -> bool:
    """Tell whether somebody let a limit pass; a right that is not used is no fault."""
    return isinstance(event, DeadlineMissed) and not DEADLINES[event.awaited].is_right


def duties_of(case: Case, party: Party) -> dict[tuple[int, datetime | None], Entry]:
    """Return the limits of a party, by what began them and their first end."""
    return {
        (one.started_by, _first_end(one)): one
        for one in deadline_ledger(case.events)
        if one.party in {party, Party.BOTH}
    }


def _first_end(entry: Entry) -> datetime:
    """Return the end that a limit had when it began."""
    return entry.extensions[0].due_before if entry.extensions else entry.due


def _state(entry: Entry) -> str:
    is_late = entry.state == "missed" and entry.done_at is not None
    return "late" if is_late else entry.state


def _by(actor: Actor, language: str) -> str:
    # Who of the platform it was, parties are not told; that nobody was, they are.
    if actor.acts_as is Role.CLOCK:
        return say("roles", Role.CLOCK, language)
    return say("parties", actor.party, language)


def _words(event: DisputeEvent, language: str, *, own: bool) -> str:
    if own or isinstance(event, DeadlineMissed):
        return fact_words(event, language)
    code = about(event)
    if code in page_texts()["course"]:
        return page_words(f"course.{code}", language)
    return say("notices", code, language)

"""The deadline ledger: recomputed from facts, with lateness gross and net of pauses."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec import Struct

from domain.admission.commands import Admit
from domain.case.command import Command
from domain.case.decide import decide
from domain.case.events import DisputeEvent
from domain.case.evolve import fold
from domain.deadlines.commands import ExtendDeadline
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import DeadlineMissed
from domain.deadlines.ledger import deadline_ledger
from domain.deadlines.ledger_entry import Entry
from domain.deadlines.timeouts import events_of, overdue
from domain.evidence.commands import SubmitEvidence
from domain.evidence.events import EvidenceClosed
from domain.filing.commands import Withdraw
from domain.roles import CLOCK, Actor, Party
from domain.suspension.commands import ProveSuspension, Resume, Suspend
from domain.suspension.events import SuspensionCause
from tests.samples import (
    ADMITTED,
    APPEALED,
    BUYER,
    ESCALATED,
    FILED,
    MEDIATOR,
    NOW,
    RULE,
    SELLER,
    SUPERVISOR,
    SUSPENDED,
    TO_RULE,
    context,
    play,
)

Steps = tuple[tuple[Actor, Command] | timedelta, ...]


class Fact(Struct, frozen=True):
    version: int
    at: datetime
    recorded_at: datetime
    event: DisputeEvent


def told(*steps: tuple[Actor, Command] | timedelta) -> tuple[Entry, ...]:
    """Play steps with their times; return the ledger of what happened."""
    events: tuple[Fact, ...] = ()
    now = NOW
    for step in steps:
        dispute = fold(recorded.event for recorded in events)
        if isinstance(step, timedelta):
            now += step
            new = events_of(overdue(dispute, context(CLOCK, now)))
        else:
            new = decide(step[1], dispute, context(step[0], now))
        for event in new:
            over = isinstance(event, DeadlineMissed | EvidenceClosed) and event.due
            events = (*events, Fact(len(events) + 1, over or now, now, event))
    return deadline_ledger(events)


def of(entries: tuple[Entry, ...], awaited: Awaited, party: Party) -> Entry:
    (found,) = [one for one in entries if one.key[:2] == (awaited, party)]
    return found


def test_what_was_done_in_time_is_met_and_says_by_which_fact() -> None:
    admission = of(told(*ADMITTED), Awaited.ADMISSION, Party.PLATFORM)
    assert (admission.state, admission.started_by, admission.ended_by) == ("met", 1, 2)
    assert (admission.length, admission.limit) == ("1 working day", "admission")
    assert admission.calendar.startswith("CN@holidays-")
    assert admission.late is None


@pytest.mark.standard(
    "5 the ledger of a case shows who was late, gross and net of pauses"
)
def test_what_was_missed_and_done_after_all_says_how_late_it_was() -> None:
    entries = told(*FILED, timedelta(days=3), (MEDIATOR, Admit()))
    late = of(entries, Awaited.ADMISSION, Party.PLATFORM)
    assert (late.state, late.ended_at) == ("missed", late.due)
    assert late.done_at == NOW + timedelta(days=3)
    assert late.late == (NOW + timedelta(days=3) - late.due).total_seconds()
    assert late.late_net == late.late


def test_time_that_stood_still_is_a_span_and_moves_the_end() -> None:
    court = Suspend(cause=SuspensionCause.COURT, note="Filed.")
    entries = told(
        *ESCALATED,
        timedelta(days=1),
        (SELLER, court),
        (SELLER, ProveSuspension(proof="Docket 7.")),
        timedelta(days=10),
        (SUPERVISOR, Resume()),
    )
    evidence = of(entries, Awaited.EVIDENCE, Party.BUYER)
    (span,) = evidence.pauses
    assert span.until is not None
    assert span.until - span.since == timedelta(days=10)
    assert evidence.due - evidence.start == timedelta(days=13)
    assert evidence.state == "running"


@pytest.mark.standard(
    "5 the ledger of a case shows who was late, gross and net of pauses"
)
def test_lateness_is_gross_and_net_of_what_stood_still_meanwhile() -> None:
    late = told(
        *TO_RULE,
        timedelta(days=8),
        (SUPERVISOR, Suspend(cause=SuspensionCause.PLATFORM, days=5)),
        timedelta(days=5),
        (MEDIATOR, RULE),
    )
    ruling = of(late, Awaited.RULING, Party.PLATFORM)
    assert ruling.state == "missed"
    assert ruling.late == timedelta(days=6).total_seconds()
    assert ruling.late_net == timedelta(days=1).total_seconds()


def test_an_extension_keeps_the_end_that_it_moved() -> None:
    more = ExtendDeadline(awaited=Awaited.EVIDENCE, party=Party.BUYER, why="Abroad.")
    entries = told(*ESCALATED, (SUPERVISOR, more))
    extended = of(entries, Awaited.EVIDENCE, Party.BUYER)
    (extension,) = extended.extensions
    assert extended.due - extension.due_before == timedelta(days=2)
    assert extended.length == "3 days + 2 days"


def test_a_right_that_nobody_used_is_void_and_not_missed() -> None:
    entries = told(*ADMITTED, *[timedelta(days=1)] * 12)
    escalation = of(entries, Awaited.ESCALATION, Party.BUYER)
    assert escalation.state == "void"
    assert of(entries, Awaited.RESPONSE, Party.SELLER).state == "missed"


def test_evidence_that_came_in_time_is_met_and_none_at_all_is_missed() -> None:
    photo = SubmitEvidence(
        kind="photo", sha256="ab" * 32, size=10, media_type="image/png"
    )
    entries = told(*ESCALATED, (BUYER, photo), timedelta(days=4))
    assert of(entries, Awaited.EVIDENCE, Party.BUYER).state == "met"
    assert of(entries, Awaited.EVIDENCE, Party.SELLER).state == "missed"


def test_a_late_worker_gives_the_platform_no_more_time_to_rule() -> None:
    ruling = {
        days: of(told(*ESCALATED, timedelta(days=days)), Awaited.RULING, Party.PLATFORM)
        for days in (3, 5)
    }
    assert ruling[3].start == ruling[5].start == NOW + timedelta(days=3)
    assert ruling[3].due == ruling[5].due == NOW + timedelta(days=10)


def test_a_platform_that_is_late_by_the_whole_limit_is_late_with_the_ruling() -> None:
    entries = told(*ESCALATED, timedelta(days=11))
    ruling = of(entries, Awaited.RULING, Party.PLATFORM)
    assert (ruling.state, ruling.ended_at) == ("missed", NOW + timedelta(days=10))


def test_evidence_closed_says_when_the_time_was_over() -> None:
    events = play(*ESCALATED, timedelta(days=5))
    closed = [one for one in events if isinstance(one, EvidenceClosed)]
    assert [one.due for one in closed] == [NOW + timedelta(days=3)] * 2


def test_what_ends_while_it_is_held_is_over() -> None:
    entries = told(*SUSPENDED, (BUYER, Withdraw()))
    assert "held" not in {entry.state for entry in entries}
    negotiation = of(entries, Awaited.NEGOTIATION, Party.BOTH)
    assert (negotiation.state, negotiation.pauses[-1].until) == ("void", NOW)


def test_an_appeal_meets_its_own_time_to_appeal() -> None:
    appealed = of(told(*APPEALED), Awaited.APPEAL, Party.SELLER)
    assert (appealed.state, appealed.pauses) == ("met", ())

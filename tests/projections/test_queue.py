"""The queue's row of a case: where it stands, whom it waits for, until when."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from msgspec.structs import replace

from application.record.envelope import Imported
from domain.admission.events import Admitted, Refused
from domain.appeal.events import AppealDecided, AppealFiled, AppealResult
from domain.case.dispute import Phase
from domain.case.event import Event
from domain.case.events import DisputeEvent
from domain.case.evolve import fold
from domain.case.outcome import ClaimResult, Outcome
from domain.case_number import case_number
from domain.deadlines.deadline import Awaited, Deadline
from domain.deadlines.events import DeadlineMissed
from domain.deadlines.time_limits import LimitName
from domain.escalation.events import Escalated
from domain.filing.events import Filed
from domain.imports.events import ImportWithdrawn
from domain.mediators.events import MediatorAssigned, MediatorRecused
from domain.negotiation.events import SellerResponded
from domain.notices.events import NoticeServed
from domain.performance.events import Closed
from domain.roles import Party
from domain.ruling.events import HumanReviewRequested, Ruled
from projections.queue.queue_cell import QueueCell
from projections.queue.queue_view import QUEUE, QueueRow
from tests.projections.scenario import CASE, at, given
from tests.sample_events import (
    BUYER,
    CLOSED,
    EVENTS,
    FILED,
    KINDS,
    REPAIR,
    SELLER,
    START,
)
from tests.samples import PHASES


def limit(awaited: Awaited, party: Party, days: float) -> Deadline:
    return Deadline(
        awaited=awaited,
        party=party,
        start=START,
        due=START + timedelta(days=days),
        limit=LimitName.EVIDENCE,
        length=f"{days} days",
        calendar="CN@test",
    )


FILED_ROW = QueueRow(
    case_id=CASE,
    version=1,
    phase=Phase.FILED,
    platform="shop",
    channel="order-page",
    category="quality",
    reason="defect",
    buyer="b-1",
    seller="s-1",
    assignee=None,
    waiting_party="platform",
    waiting_for="admission",
    due=None,
    opened_at=at(1),
    changed_at=at(1),
    closed_at=None,
    outcome=None,
    claim_kind="refund",
    claim_amount=12_900,
    currency="CNY",
    imported_from=None,
    policy="cn-default/1",
    case_number=case_number(CASE, at(1)),
    order_id="o-1",
    order_line="1",
    title=None,
    sku=None,
    shop=None,
    seller_since=None,
    tags=(),
    language=None,
    drafted_by=None,
    cell=0,
)


def cell_of(row: QueueRow) -> int:
    """Return the number of the cell that a row belongs to."""
    return QueueCell(
        platform=row.platform,
        phase=row.phase,
        waiting_party=row.waiting_party or "",
        claimed=row.assignee is not None,
        outcome=row.outcome or "",
        category=row.category,
        reason=row.reason,
        language=row.language or "",
    ).number


def stands(*events: DisputeEvent, **changes: Any) -> None:
    """Hold the row after some events to the filed one with changes; times follow."""
    version = len(events)
    states = [fold(events[:n]) for n in range(1, version + 1)]
    heard = (n for n, one in enumerate(states, 1) if not one.seller_unaware)
    said = {
        "version": version,
        "changed_at": at(version),
        "seller_since": next(heard, None),
    } | changes
    expected = replace(FILED_ROW, **said)
    expected = replace(expected, cell=cell_of(expected))
    given(QUEUE, *events).then(expected)


def test_a_filed_case_waits_for_the_platform() -> None:
    stands(FILED)
    due = replace(FILED, deadlines=(limit(Awaited.ADMISSION, Party.PLATFORM, 1),))
    stands(due, due=START + timedelta(days=1))


def test_a_claim_without_money_has_neither_amount_nor_currency() -> None:
    repair = replace(FILED, claim=REPAIR)
    stands(repair, claim_kind="repair", claim_amount=None, currency=None)
    stands(
        replace(FILED, claim=None), claim_kind=None, claim_amount=None, currency=None
    )


def test_an_admitted_case_waits_for_the_service_of_its_notice_then_for_the_seller() -> (
    None
):
    stands(FILED, Admitted(), phase=Phase.AWAITING_RESPONSE, waiting_for="service")
    answer = limit(Awaited.RESPONSE, SELLER, 2)
    served = replace(EVENTS[NoticeServed], deadlines=(answer,))
    stands(
        FILED,
        Admitted(),
        served,
        phase=Phase.AWAITING_RESPONSE,
        waiting_party="seller",
        waiting_for="response",
        due=START + timedelta(days=2),
    )


def test_who_has_the_case_is_on_it_until_recused() -> None:
    assigned = MediatorAssigned(mediator="m-7")
    stands(FILED, assigned, assignee="m-7")
    other = MediatorRecused(mediator="m-1", conflict="Related.")
    stands(FILED, assigned, other, assignee="m-7")
    stands(FILED, assigned, replace(other, mediator="m-7"), assignee=None)


def test_it_waits_for_what_is_due_first_and_for_both_where_both_are_due() -> None:
    both = (
        limit(Awaited.EVIDENCE, BUYER, 3),
        limit(Awaited.EVIDENCE, SELLER, 3),
    )
    escalated = replace(EVENTS[Escalated], deadlines=both)
    evidence = {"phase": Phase.EVIDENCE, "waiting_for": "evidence"}
    stands(
        FILED,
        escalated,
        **evidence,
        waiting_party="both",
        due=START + timedelta(days=3),
    )
    uneven = replace(escalated, deadlines=(both[0], limit(Awaited.EVIDENCE, SELLER, 2)))
    stands(
        FILED,
        uneven,
        **evidence,
        waiting_party="seller",
        due=START + timedelta(days=2),
    )


def test_what_was_missed_and_is_still_awaited_stays_due() -> None:
    admission = limit(Awaited.ADMISSION, Party.PLATFORM, 1)
    missed = DeadlineMissed(
        awaited=Awaited.ADMISSION, party=Party.PLATFORM, due=admission.due
    )
    stands(replace(FILED, deadlines=(admission,)), missed, due=admission.due)


OVER = {
    "phase": Phase.CLOSED,
    "waiting_party": None,
    "waiting_for": None,
    "closed_at": at(2),
    "outcome": "ruled",
}


def test_a_closed_case_waits_for_nobody_and_says_how_it_ended() -> None:
    stands(FILED, CLOSED, **OVER)
    stands(FILED, CLOSED, EVENTS[NoticeServed], **OVER)


def test_an_appeal_leaves_it_closed_until_the_decision_is_changed() -> None:
    closed = PHASES[Phase.CLOSED]
    appeal = EVENTS[AppealFiled]
    upheld = AppealDecided(result=AppealResult.UPHELD, reasons=())
    over = (at(len(closed)), "ruled")
    for more, phase in (
        ((), Phase.CLOSED),
        ((appeal,), Phase.APPEAL),
        ((appeal, upheld), Phase.CLOSED),
    ):
        (row,) = given(QUEUE, *closed, *more).rows
        assert (row.phase, row.closed_at, row.outcome) == (phase, *over)


REFUSED_OVER = Closed(outcome=Outcome.REFUSED, claim=ClaimResult.NONE)


@pytest.mark.parametrize(
    ("story", "phase"),
    [
        ((CLOSED, EVENTS[HumanReviewRequested]), Phase.RULING),
        ((CLOSED, EVENTS[AppealDecided]), Phase.PERFORMING),
        ((EVENTS[Refused], REFUSED_OVER, Admitted()), Phase.AWAITING_RESPONSE),
    ],
)
def test_a_case_that_is_open_again_has_no_end(
    story: tuple[DisputeEvent, ...], phase: Phase
) -> None:
    (row,) = given(QUEUE, FILED, *story).rows
    assert row.phase is phase
    assert (row.closed_at, row.outcome) == (None, None)


def test_an_imported_case_says_where_it_is_from() -> None:
    source = Imported(system="old", record="77", zone="UTC")
    (row,) = given(QUEUE, FILED, imported=source).rows
    assert row == replace(FILED_ROW, imported_from="old", cell=cell_of(FILED_ROW))


def test_the_first_event_need_not_be_the_filing() -> None:
    (row,) = given(QUEUE, EVENTS[SellerResponded]).rows
    assert (row.platform, row.channel, row.opened_at) == ("", "", at(1))


@pytest.mark.parametrize(
    "kind", sorted(KINDS - {Filed}, key=str), ids=lambda kind: kind.__name__
)
def test_every_event_moves_version_and_time_on(kind: type[Event]) -> None:
    story = (FILED, EVENTS[Ruled], EVENTS[kind])
    if kind is ImportWithdrawn:
        # A case that was set aside is in no queue.
        assert given(QUEUE, *story).rows == ()
        return
    (row,) = given(QUEUE, *story).rows
    assert (row.version, row.opened_at, row.changed_at) == (3, at(1), at(3))
    assert (row.channel, row.buyer, row.claim_amount) == ("order-page", "b-1", 12_900)
    dispute = fold(story)
    assert row.phase is dispute.phase


@pytest.mark.parametrize("phase", [*PHASES][1:], ids=str)
def test_carried_on_from_its_row_a_case_stands_where_its_facts_say(
    phase: Phase,
) -> None:
    history = PHASES[phase]
    (row,) = given(QUEUE, *history).rows
    assert row.phase is phase
    assert (row.closed_at is None) is (phase is not Phase.CLOSED)


def test_the_story_of_a_case_passes_the_queue_phase_by_phase() -> None:
    phases = [
        given(QUEUE, *PHASES[Phase.CLOSED][:version]).rows[0].phase
        for version in range(1, len(PHASES[Phase.CLOSED]) + 1)
    ]
    assert [one for one, after in pairwise([*phases, None]) if one is not after] == [
        Phase.FILED,
        Phase.AWAITING_RESPONSE,
        Phase.NEGOTIATING,
        Phase.EVIDENCE,
        Phase.RULING,
        Phase.PERFORMING,
        Phase.CLOSED,
    ]

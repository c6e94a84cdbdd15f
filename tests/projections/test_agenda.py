"""What an event puts on the agenda, and what it takes off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from application.record.envelope import Imported
from domain.admission import events as admission
from domain.appeal import events as appeal
from domain.case.event import Event
from domain.case.events import DisputeEvent
from domain.deadlines import events as deadlines
from domain.deadlines.deadline import Awaited, Deadline
from domain.deadlines.time_limits import LimitName
from domain.enforcement import events as enforcement
from domain.escalation import events as escalation
from domain.evidence import events as evidence
from domain.filing import events as filing
from domain.inquiries import events as inquiries
from domain.negotiation import events as negotiation
from domain.notices import events as notices
from domain.notices.events import NoticeKind
from domain.performance import events as performance
from domain.roles import Party
from domain.ruling import events as ruling
from domain.sanctions import events as sanctions
from domain.suspension import events as suspension
from projections.agenda import AGENDA, AgendaRow, Kind, whole
from tests.privacy.canaries import share
from tests.projections.scenario import CASE, given, noted
from tests.sample_events import BUYER, EVENTS, FILED, KINDS, SELLER, START

NUMBERED = {
    Awaited.OFFER_ANSWER,
    Awaited.INQUIRY,
    Awaited.INSPECTION,
    Awaited.PERFORMANCE,
    Awaited.VOLUNTARY,
    Awaited.CONFIRMATION,
    Awaited.ENFORCEMENT,
    Awaited.PUBLICATION,
}
"""What is awaited of an offer, an inquiry, an obligation or a sanction: number 1."""


SHARES = 4


def limit(name: str) -> Deadline:
    """Return a deadline, named by what is awaited and of whom."""
    awaited, _, party = name.partition("/")
    return Deadline(
        awaited=Awaited(awaited),
        party=Party(party),
        start=START,
        due=START + timedelta(days=3),
        limit=LimitName.EVIDENCE,
        length="3 days",
        calendar="CN@test",
        item=1 if awaited in NUMBERED else None,
    )


ALL = frozenset(
    {
        "admission/platform",
        "response/seller",
        "negotiation/both",
        "escalation/buyer",
        "escalation/seller",
        "offer-answer/buyer",
        "evidence/buyer",
        "evidence/seller",
        "inquiry/platform",
        "inspection/platform",
        "ruling/platform",
        "performance/seller",
        "voluntary/seller",
        "confirmation/buyer",
        "enforcement/platform",
        "appeal/buyer",
        "appeal/seller",
        "appeal-decision/platform",
        "suspension/platform",
        "suspension-proof/buyer",
        "suspension-review/platform",
        "publication/platform",
    }
)
RUNNING = replace(FILED, deadlines=tuple(limit(name) for name in sorted(ALL)))
"""A filing with which everything runs that ever runs."""
PERFORMING = frozenset(
    {"performance/seller", "voluntary/seller", "enforcement/platform"}
)
RESTING = frozenset(
    {"suspension/platform", "suspension-proof/buyer", "suspension-review/platform"}
)
PUBLICATION = frozenset({"publication/platform"})
UNSTOPPED = PUBLICATION | {"appeal/buyer", "appeal/seller"}

# What the sample of a kind takes off; an event that is not here takes nothing off.
ENDS: dict[type[Event], frozenset[str]] = {
    filing.Withdrawn: ALL - UNSTOPPED,
    admission.Admitted: frozenset({"admission/platform"}),
    admission.Refused: frozenset({"admission/platform"}),
    admission.ReferredToAuthority: ALL - PUBLICATION,
    negotiation.SellerResponded: frozenset(
        {"response/seller", "escalation/buyer", "escalation/seller"}
    ),
    negotiation.OfferAccepted: ALL - PUBLICATION,
    negotiation.OfferDeclined: frozenset({"offer-answer/buyer"}),
    negotiation.OfferLapsed: frozenset({"offer-answer/buyer"}),
    escalation.Escalated: ALL - PUBLICATION,
    evidence.EvidenceRequested: frozenset({"evidence/buyer", "ruling/platform"}),
    evidence.EvidenceClosed: frozenset({"evidence/buyer"}),
    inquiries.InquiryAnswered: frozenset({"inquiry/platform"}),
    ruling.Ruled: ALL - PUBLICATION,
    ruling.HumanReviewRequested: ALL - PUBLICATION,
    appeal.AppealFiled: ALL
    - PUBLICATION
    - {"appeal/buyer", "appeal-decision/platform"},
    appeal.AppealRefused: frozenset({"appeal-decision/platform"}),
    appeal.AppealDecided: ALL - PUBLICATION,
    performance.Fulfilled: PERFORMING,
    performance.FulfilmentContested: frozenset({"confirmation/buyer"}),
    performance.ObligationConfirmed: PERFORMING | {"confirmation/buyer"},
    performance.Closed: ALL - UNSTOPPED,
    enforcement.EnforcementExecuted: PERFORMING,
    deadlines.DeadlineMissed: frozenset({"response/seller"}),
    deadlines.DeadlineExtended: frozenset({"evidence/buyer"}),
    deadlines.ClocksPaused: ALL - UNSTOPPED,
    deadlines.ClocksResumed: frozenset({"inspection/platform"}),
    suspension.Suspended: ALL - PUBLICATION,
    suspension.SuspensionProved: frozenset({"suspension-proof/buyer"}),
    suspension.Resumed: RESTING,
    sanctions.SanctionPublished: PUBLICATION,
    sanctions.SanctionLifted: PUBLICATION,
}


def taken_off(event: DisputeEvent) -> set[str]:
    left = given(AGENDA, RUNNING, event).rows
    names = {f"{one.name}/{one.party}" for one in left if one.kind is Kind.DEADLINE}
    return {*ALL} - names


@pytest.mark.parametrize("kind", sorted(KINDS, key=str), ids=lambda kind: kind.__name__)
def test_an_event_takes_off_what_it_ends(kind: type[Event]) -> None:
    assert taken_off(EVENTS[kind]) == ENDS.get(kind, frozenset())


@pytest.mark.parametrize(
    ("event", "ended"),
    [
        (
            replace(EVENTS[negotiation.OfferMade], number=2, replaces=1),
            {"offer-answer/buyer"},
        ),
        (replace(EVENTS[negotiation.OfferDeclined], number=2), set()),
        (
            replace(EVENTS[negotiation.OfferAccepted], settles=False),
            {"offer-answer/buyer"},
        ),
        (
            replace(EVENTS[negotiation.OfferAccepted], settles=False, by=SELLER),
            set(),
        ),
        (
            replace(EVENTS[evidence.EvidenceRequested], party=SELLER),
            {"evidence/seller", "ruling/platform"},
        ),
        (replace(EVENTS[evidence.EvidenceClosed], party=SELLER), {"evidence/seller"}),
        (replace(EVENTS[inquiries.InquiryAnswered], number=2), set()),
        (replace(EVENTS[performance.Fulfilled], obligation=2), set()),
        (replace(EVENTS[performance.ObligationConfirmed], obligation=2), set()),
        (
            replace(EVENTS[enforcement.EnforcementExecuted], discharges=False),
            set(),
        ),
        (replace(EVENTS[enforcement.EnforcementFailed], final=True), PERFORMING),
        (
            replace(EVENTS[appeal.AppealDecided], result=appeal.AppealResult.UPHELD),
            {"appeal-decision/platform"},
        ),
        (
            replace(EVENTS[appeal.AppealFiled], by=BUYER),
            ALL - PUBLICATION - {"appeal/seller", "appeal-decision/platform"},
        ),
        (replace(EVENTS[sanctions.SanctionPublished], number=2), set()),
        (
            replace(
                EVENTS[deadlines.DeadlineMissed],
                awaited=Awaited.VOLUNTARY,
                item=1,
            ),
            {"voluntary/seller"},
        ),
        (replace(EVENTS[deadlines.DeadlineMissed], party=BUYER), set()),
    ],
)
def test_only_what_is_about_the_same_thing_is_taken_off(
    event: DisputeEvent, ended: set[str]
) -> None:
    assert taken_off(event) == ended


def deadline_row(name: str, party: Party, item: int, days: int) -> AgendaRow:
    return AgendaRow(
        case_id=CASE,
        kind=Kind.DEADLINE,
        name=name,
        party=party,
        item=item,
        due=START + timedelta(days=days),
    )


def notice_row(version: int, kind: NoticeKind, party: Party) -> AgendaRow:
    return AgendaRow(
        case_id=CASE,
        kind=Kind.NOTICE,
        name=kind,
        party=party,
        item=0,
        due=noted(version),
    )


def test_a_deadline_is_on_it_until_it_is_due() -> None:
    answered = replace(
        EVENTS[negotiation.SellerResponded],
        deadlines=(limit("negotiation/both"), limit("offer-answer/buyer")),
    )
    given(AGENDA, FILED, answered).then(
        deadline_row("negotiation", Party.BOTH, 0, 3),
        deadline_row("offer-answer", BUYER, 1, 3),
    )


def test_more_time_takes_the_place_of_what_there_was() -> None:
    longer = replace(limit("evidence/buyer"), due=START + timedelta(days=5))
    extended = replace(EVENTS[deadlines.DeadlineExtended], deadlines=(longer,))
    running = replace(FILED, deadlines=(limit("evidence/buyer"),))
    given(AGENDA, running, extended).then(deadline_row("evidence", BUYER, 0, 5))


CALLED_FOR: dict[type[Event], tuple[tuple[NoticeKind, Party], ...]] = {
    admission.Admitted: ((NoticeKind.ADMISSION, SELLER),),
    admission.Refused: ((NoticeKind.REFUSAL, BUYER),),
    ruling.Ruled: ((NoticeKind.RULING, BUYER), (NoticeKind.RULING, SELLER)),
    appeal.AppealDecided: ((NoticeKind.APPEAL, BUYER), (NoticeKind.APPEAL, SELLER)),
}


@pytest.mark.parametrize("kind", sorted(KINDS, key=str), ids=lambda kind: kind.__name__)
def test_a_notice_is_on_it_from_when_it_was_recorded(kind: type[Event]) -> None:
    rows = [notice_row(1, *called) for called in CALLED_FOR.get(kind, ())]
    given(AGENDA, EVENTS[kind]).then(*rows)


def test_service_takes_off_the_notice_that_it_serves() -> None:
    ruled = EVENTS[ruling.Ruled]
    served = notices.NoticeServed(
        notice=NoticeKind.RULING, party=BUYER, channel="in-site"
    )
    other = replace(served, notice=NoticeKind.APPEAL)
    given(AGENDA, ruled, other).then(
        notice_row(1, NoticeKind.RULING, BUYER),
        notice_row(1, NoticeKind.RULING, SELLER),
    )
    given(AGENDA, ruled, served).then(notice_row(1, NoticeKind.RULING, SELLER))
    by_sms = replace(served, channel="sms", deadlines=(limit("appeal/buyer"),))
    given(AGENDA, ruled, by_sms).then(
        notice_row(1, NoticeKind.RULING, SELLER), deadline_row("appeal", BUYER, 0, 3)
    )


def test_history_of_another_system_calls_for_nothing() -> None:
    source = Imported(system="old", record="77", zone="UTC")
    given(AGENDA, RUNNING, EVENTS[ruling.Ruled], imported=source).then()


@pytest.mark.parametrize("number", range(SHARES))
def test_read_off_the_state_it_is_what_it_became_event_by_event(number: int) -> None:
    # Any events in any order: what another version recorded has to give the same, too.
    events = tuple(share(number, SHARES))
    for count in range(1, len(events) + 1):
        grown = given(AGENDA, *events[:count])
        at_once = {AGENDA.table.key_of(row): row for row in whole(grown.events)}
        assert {AGENDA.table.key_of(row): row for row in grown.rows} == at_once


def test_a_ruling_that_a_human_decides_again_is_not_served() -> None:
    ruled = given(AGENDA, FILED, EVENTS[ruling.Ruled]).rows
    assert Kind.NOTICE in {row.kind for row in ruled}
    again = given(
        AGENDA, FILED, EVENTS[ruling.Ruled], EVENTS[ruling.HumanReviewRequested]
    )
    assert Kind.NOTICE not in {row.kind for row in again.rows}

"""What an event takes off the agenda."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.admission import events as admission
from domain.appeal import events as appeal
from domain.case.event import Event
from domain.case.events import DisputeEvent
from domain.deadlines import events as deadlines
from domain.deadlines.deadline import Awaited
from domain.enforcement import events as enforcement
from domain.escalation import events as escalation
from domain.evidence import events as evidence
from domain.filing import events as filing
from domain.imports.events import ImportWithdrawn
from domain.inquiries import events as inquiries
from domain.negotiation import events as negotiation
from domain.performance import events as performance
from domain.ruling import events as ruling
from domain.sanctions import events as sanctions
from domain.suspension import events as suspension
from projections.agenda import AGENDA, Kind
from tests.projections.agenda_rows import ALL, RUNNING
from tests.projections.scenario import given
from tests.sample_events import BUYER, EVENTS, KINDS, SELLER

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
    ImportWithdrawn: ALL,
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

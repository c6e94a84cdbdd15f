"""Who is told of which event, about what, and until when there is time."""

from __future__ import annotations

from dataclasses import dataclass
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
from domain.imports.events import Corrected, ImportWithdrawn
from domain.inquiries import events as inquiries
from domain.mediators import events as mediators
from domain.negotiation import events as negotiation
from domain.notices import events as notices
from domain.performance import events as performance
from domain.privacy import events as privacy
from domain.roles import Party
from domain.ruling import events as ruling
from domain.sanctions import events as sanctions
from domain.suspension import events as suspension
from projections.notices import NOTICES, NoticeRow
from tests.projections.scenario import CASE, at, given
from tests.sample_events import BUYER, EVENTS, FILED, KINDS, SELLER, START

BOTH = (BUYER, SELLER)


@dataclass(frozen=True)
class Told:
    """What a notice says it is about, and which parties get one."""

    about: str
    parties: tuple[Party, ...]


NOBODY = Told("", ())
# The samples are by or for the buyer, but for the seller's offer, report and appeal.
TOLD: dict[type[Event], Told] = {
    filing.Filed: NOBODY,
    filing.Withdrawn: Told("withdrawn", (SELLER,)),
    admission.Admitted: NOBODY,
    admission.Refused: NOBODY,
    admission.ReferredToAuthority: Told("referred", BOTH),
    mediators.MediatorAssigned: NOBODY,
    mediators.MediatorRecused: NOBODY,
    mediators.NoteAdded: NOBODY,
    mediators.CaseTagged: NOBODY,
    notices.NoticeServed: Told("admission", (SELLER,)),
    notices.NoticeUndelivered: NOBODY,
    notices.ContactStated: NOBODY,
    negotiation.SellerResponded: Told("seller-responded", (BUYER,)),
    negotiation.MessagePosted: Told("message-posted", (SELLER,)),
    negotiation.OfferMade: Told("offer-made", (BUYER,)),
    negotiation.OfferAccepted: Told("offer-accepted", (SELLER,)),
    negotiation.OfferDeclined: Told("offer-declined", (SELLER,)),
    negotiation.OfferLapsed: NOBODY,
    escalation.Escalated: Told("escalated", BOTH),
    evidence.EvidenceRequested: Told("evidence-requested", (BUYER,)),
    evidence.EvidenceSubmitted: Told("evidence-submitted", (SELLER,)),
    evidence.EvidenceHandedIn: Told("evidence-handed-in", (SELLER,)),
    evidence.EvidenceClosed: NOBODY,
    evidence.EvidenceAssessed: NOBODY,
    evidence.BurdenAssigned: Told("burden-assigned", BOTH),
    inquiries.InquirySent: Told("inquiry-sent", BOTH),
    inquiries.InquiryAnswered: Told("inquiry-answered", BOTH),
    ruling.RulingDrafted: NOBODY,
    ruling.Ruled: NOBODY,
    ruling.HumanReviewRequested: Told("review-requested", (SELLER,)),
    appeal.AppealFiled: Told("appeal-filed", (BUYER,)),
    appeal.AppealRefused: Told("appeal-refused", BOTH),
    appeal.AppealDecided: NOBODY,
    performance.Fulfilled: Told("fulfilled", (BUYER,)),
    performance.FulfilmentContested: Told("fulfilment-contested", (SELLER,)),
    performance.ObligationConfirmed: Told("obligation-confirmed", (SELLER,)),
    performance.Defaulted: Told("defaulted", (SELLER,)),
    performance.Closed: Told("closed", BOTH),
    enforcement.EnforcementOrdered: Told("enforcement-ordered", BOTH),
    enforcement.EnforcementExecuted: Told("enforcement-executed", BOTH),
    enforcement.EnforcementFailed: Told("enforcement-failed", BOTH),
    enforcement.AdvanceRecovered: NOBODY,
    deadlines.DeadlineMissed: Told("deadline-missed", BOTH),
    deadlines.DeadlineExtended: Told("deadline-extended", (BUYER,)),
    deadlines.ClocksPaused: Told("clocks-paused", BOTH),
    deadlines.ClocksResumed: Told("clocks-resumed", BOTH),
    suspension.SuspensionRequested: Told("suspension-requested", (SELLER,)),
    suspension.Suspended: Told("suspended", BOTH),
    suspension.SuspensionProved: NOBODY,
    suspension.Resumed: Told("resumed", BOTH),
    sanctions.SanctionImposed: Told("sanction-imposed", (SELLER,)),
    sanctions.SanctionPublished: NOBODY,
    sanctions.SanctionLifted: Told("sanction-lifted", (SELLER,)),
    privacy.LegalHoldPlaced: NOBODY,
    privacy.LegalHoldLifted: NOBODY,
    privacy.Restricted: Told("restricted", (BUYER,)),
    privacy.RestrictionLifted: Told("restriction-lifted", (BUYER,)),
    privacy.SubjectErased: Told("subject-erased", (BUYER,)),
    Corrected: NOBODY,
    ImportWithdrawn: NOBODY,
}
ANSWERED = (
    negotiation.MessagePosted,
    negotiation.OfferMade,
    negotiation.OfferAccepted,
    negotiation.OfferDeclined,
    evidence.EvidenceSubmitted,
    evidence.EvidenceHandedIn,
    ruling.HumanReviewRequested,
    appeal.AppealFiled,
    performance.Fulfilled,
    performance.FulfilmentContested,
    performance.ObligationConfirmed,
    suspension.SuspensionRequested,
)
"""Of what one side does, the other is told; of what the platform does, both are."""


def row(version: int, party: Party, about: str) -> NoticeRow:
    return NoticeRow(
        case_id=CASE,
        position=100 + version,
        party=party,
        version=version,
        about=about,
        at=at(version),
        due=None,
    )


def parties_told(event: DisputeEvent) -> list[Party]:
    return [one.party for one in given(NOTICES, event).rows]


def test_it_is_said_of_every_event_who_is_told() -> None:
    assert set(TOLD) == KINDS


@pytest.mark.parametrize("kind", TOLD, ids=lambda kind: kind.__name__)
def test_an_event_is_told_to_whom_it_concerns(kind: type[Event]) -> None:
    told = TOLD[kind]
    rows = [row(1, party, told.about) for party in told.parties]
    given(NOTICES, EVENTS[kind]).then(*rows)


@pytest.mark.parametrize("kind", ANSWERED, ids=lambda kind: kind.__name__)
def test_the_other_side_is_told_and_both_if_it_is_the_platforms(
    kind: type[Event],
) -> None:
    sample = EVENTS[kind]
    by = {party: parties_told(replace(sample, by=party)) for party in Party}
    assert by == {
        Party.BUYER: [SELLER],
        Party.SELLER: [BUYER],
        Party.PLATFORM: [BUYER, SELLER],
        Party.BOTH: [BUYER, SELLER],
    }


def test_a_draft_is_told_to_nobody() -> None:
    photo = EVENTS[evidence.EvidenceSubmitted]
    given(NOTICES, replace(photo, draft=True)).then()


def test_only_a_notice_in_the_inbox_is_a_notice_here() -> None:
    served = EVENTS[notices.NoticeServed]
    given(NOTICES, replace(served, channel="sms")).then()


def test_more_time_for_the_platform_is_told_to_both() -> None:
    extended = EVENTS[deadlines.DeadlineExtended]
    told = {
        party: parties_told(replace(extended, party=party))
        for party in (SELLER, Party.PLATFORM, Party.BOTH)
    }
    assert told == {
        SELLER: [SELLER],
        Party.PLATFORM: [BUYER, SELLER],
        Party.BOTH: [BUYER, SELLER],
    }


def limit(party: Party, days: int) -> Deadline:
    return Deadline(
        awaited=Awaited.EVIDENCE,
        party=party,
        start=START,
        due=START + timedelta(days=days),
        limit=LimitName.EVIDENCE,
        length=f"{days} days",
        calendar="CN@test",
    )


def test_a_party_is_told_until_when_it_has_time_itself() -> None:
    limits = (
        limit(Party.PLATFORM, 1),
        limit(SELLER, 4),
        limit(Party.BOTH, 3),
        limit(SELLER, 2),
    )
    escalated = replace(EVENTS[escalation.Escalated], deadlines=limits)
    given(NOTICES, escalated).then(
        replace(row(1, BUYER, "escalated"), due=START + timedelta(days=3)),
        replace(row(1, SELLER, "escalated"), due=START + timedelta(days=2)),
    )


def test_notices_are_only_ever_added() -> None:
    withdrawn = EVENTS[filing.Withdrawn]
    answered = EVENTS[negotiation.SellerResponded]
    given(NOTICES, FILED, answered, withdrawn).then(
        row(2, BUYER, "seller-responded"), row(3, SELLER, "withdrawn")
    )


def test_nobody_is_told_of_what_another_system_recorded() -> None:
    source = Imported(system="old", record="77", zone="UTC")
    given(NOTICES, *EVENTS.values(), imported=source).then()

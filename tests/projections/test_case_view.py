"""The view of a case: events in, view out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from application.record.envelope import Imported, Precision, Recorded
from domain.admission.events import Admitted, ReferredToAuthority, Refused
from domain.appeal.events import (
    AppealDecided,
    AppealFiled,
    AppealGround,
    AppealRefused,
    AppealResult,
)
from domain.case.event import Event
from domain.case.events import DisputeEvent
from domain.case.outcome import ClaimResult, Outcome
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import DeadlineMissed
from domain.enforcement.events import (
    EnforcementExecuted,
    EnforcementFailed,
    EnforcementOrdered,
)
from domain.escalation.events import Escalated, Trigger
from domain.evidence.events import (
    BurdenAssigned,
    EvidenceAssessed,
    EvidenceHandedIn,
    EvidenceSubmitted,
)
from domain.filing.events import Filed, Withdrawn
from domain.inquiries.events import InquiryAnswered, InquirySent
from domain.mediators.events import MediatorRecused, NoteAdded
from domain.money import Money
from domain.negotiation.events import (
    Attachment,
    MessagePosted,
    OfferAccepted,
    OfferDeclined,
    OfferMade,
    SellerResponded,
)
from domain.performance.events import Closed
from domain.roles import Actor, Party, Role
from domain.ruling.events import HumanReviewRequested, Ruled, RulingDrafted
from domain.ruling.reasons import Reason, RuleCited
from domain.sanctions.events import SanctionImposed, SanctionLifted, SanctionPublished
from domain.suspension.events import Resumed, Suspended, SuspensionCause
from domain.terms import Terms
from projections.case_view.decisions import NoteShown
from projections.case_view.fold import CaseView, fold, for_reader
from projections.case_view.investigation import AssessmentShown
from projections.case_view.shown_values import MoneyShown, ReasonShown, TermsShown
from tests.samples import PHASES

CASE = UUID(int=7)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HALF = Terms(kind="refund", amount=Money(6450, "CNY"))
REASON = Reason(
    issue="Was it defective?",
    finding="It was.",
    rule=RuleCited(id="quality", version="1", article="3"),
    relied_on=(1,),
)
MEDIATOR = Actor(role=Role.MEDIATOR, id="m-1")


def at(version: int) -> datetime:
    """Event n happened n hours after the start."""
    return START + timedelta(hours=version)


def given(*events: Event, imported: Imported | None = None) -> CaseView:
    return fold(
        Recorded(
            case=CASE,
            version=version,
            at=at(version),
            recorded_at=at(version),
            actor=MEDIATOR,
            command_id=UUID(int=version),
            policy="cn-default/1",
            imported=imported,
            event=event,  # type: ignore[arg-type]
        )
        for version, event in enumerate(events, start=1)
    )


FILED = Filed(
    platform="shop",
    channel="order-page",
    category="quality",
    reason="defect",
    policy="cn-default/1",
    buyer="b-1",
    seller="s-1",
    order="o-1",
    line="1",
    paid=Money(12900, "CNY"),
    claim=Terms(kind="refund", amount=Money(12900, "CNY")),
    facts="It leaks.",
    contact="b@example.com",
    evidence_note="Photos follow.",
)


def test_a_filing_is_told_whole() -> None:
    view = given(FILED)
    assert (view.platform, view.buyer, view.seller) == ("shop", "b-1", "s-1")
    assert view.claim == TermsShown(kind="refund", amount=MoneyShown("129.00", "CNY"))
    assert (view.order.id, view.order.paid) == ("o-1", MoneyShown("129.00", "CNY"))
    assert (view.facts, view.contact) == ("It leaks.", "b@example.com")
    assert (view.opened_at, view.opened_precision) == (at(1), None)
    assert view.imported is None


def test_an_imported_filing_says_where_it_is_from_and_how_exact_its_times_are() -> None:
    source = Imported(system="old", record="77", zone="UTC", precision=Precision.DAY)
    view = given(FILED, imported=source)
    assert view.imported == {"system": "old", "record": "77"}
    assert view.opened_precision == "day"


def test_a_case_that_is_admitted_after_its_refusal_is_open_again() -> None:
    refused = Refused(ground="no-basis", explanation="Unclear.", routes=("court",))
    over = Closed(outcome=Outcome.REFUSED, claim=ClaimResult.NONE)
    ended = given(FILED, refused, over)
    assert ended.refusal is not None
    assert (ended.refusal.ground, ended.refusal.at) == ("no-basis", at(2))
    assert (ended.closed_at, ended.outcome) == (at(3), "refused")
    admitted = given(FILED, refused, over, Admitted(note="After all."))
    assert (admitted.closed_at, admitted.outcome) == (None, None)
    assert admitted.admission_note == "After all."


def test_withdrawal_and_referral_say_why() -> None:
    view = given(FILED, Withdrawn(reason="A new one came."))
    assert view.withdrawal is not None
    assert (view.withdrawal.reason, view.withdrawal.deemed) == (
        "A new one came.",
        False,
    )
    referred = ReferredToAuthority(authority="court", cause="pending", note="2026-77")
    view = given(FILED, referred)
    assert view.referral is not None
    assert (view.referral.authority, view.referral.at) == ("court", at(2))


def test_an_offer_is_replaced_declined_accepted_or_lapses() -> None:
    first = OfferMade(number=1, by=Party.SELLER, terms=HALF)
    second = OfferMade(number=2, by=Party.SELLER, terms=HALF, replaces=1)
    third = OfferMade(number=3, by=Party.PLATFORM, terms=HALF)

    def states(*events: Event) -> list[str]:
        return [one.state for one in given(FILED, first, second, third, *events).offers]

    assert states() == ["replaced", "open", "open"]
    declined = OfferDeclined(number=2, by=Party.BUYER)
    assert states(declined) == ["replaced", "declined", "open"]
    half = OfferAccepted(
        number=3, terms=HALF, by=Party.BUYER, settles=False, obligations=()
    )
    whole = OfferAccepted(
        number=3, terms=HALF, by=Party.SELLER, settles=True, obligations=()
    )
    assert states(half) == ["replaced", "open", "open"]
    assert states(half, whole) == ["replaced", "open", "accepted"]
    settled = given(FILED, first, second, third, half, whole).offers[2]
    assert settled.accepted_by == ("buyer", "seller")
    missed = DeadlineMissed(
        awaited=Awaited.OFFER_ANSWER, party=Party.BUYER, due=START, item=2
    )
    assert states(missed) == ["replaced", "lapsed", "open"]
    closed = Closed(outcome=Outcome.WITHDRAWN, claim=ClaimResult.NONE)
    assert states(half, whole, closed) == ["replaced", "lapsed", "accepted"]


def test_a_response_and_messages_are_told_in_order() -> None:
    file = Attachment(sha256="ab" * 32, size=3, media_type="image/png", name="a.png")
    view = given(
        FILED,
        SellerResponded(position="contest", statement="It left us whole."),
        MessagePosted(number=1, by=Party.BUYER, text="No."),
        MessagePosted(number=2, by=Party.SELLER, text="See.", attachment=file),
    )
    assert view.response is not None
    assert (view.response.position, view.response.at) == ("contest", at(2))
    assert [(one.by, one.text) for one in view.messages] == [
        ("buyer", "No."),
        ("seller", "See."),
    ]
    assert [one.attachment for one in view.messages] == [None, file]


def photo(number: int, by: Party, *, draft: bool = False) -> EvidenceSubmitted:
    return EvidenceSubmitted(
        number=number,
        by=by,
        kind="photo",
        sha256="cd" * 32,
        size=5,
        media_type="image/png",
        draft=draft,
    )


def test_evidence_is_weighed_and_drafts_are_for_their_own_side() -> None:
    weighed = EvidenceAssessed(
        number=1, authentic=True, relevant=False, legal=True, admitted=False, ground="?"
    )
    view = given(
        FILED,
        Escalated(trigger=Trigger.NO_AGREEMENT, by=Party.BUYER),
        photo(1, Party.BUYER),
        photo(2, Party.SELLER, draft=True),
        weighed,
    )
    assert view.escalation is not None
    assert view.escalation.trigger == "no-agreement"
    assert view.evidence[0].assessment == AssessmentShown(
        authentic=True, relevant=False, legal=True, admitted=False, ground="?"
    )
    seen = {
        role: [one.number for one in for_reader(view, Actor(role=role)).evidence]
        for role in (Role.BUYER, Role.SELLER, Role.MEDIATOR, Role.AUDITOR)
    }
    assert seen == {
        Role.BUYER: [1],
        Role.SELLER: [1, 2],
        Role.MEDIATOR: [1],
        Role.AUDITOR: [1, 2],
    }
    handed_in = given(
        FILED,
        photo(1, Party.BUYER, draft=True),
        EvidenceHandedIn(number=1, by=Party.BUYER),
    )
    assert [one.draft for one in handed_in.evidence] == [False]


def test_burden_and_inquiries_are_told_with_their_rule_and_answer() -> None:
    rule = RuleCited(id="proof", version="1", article="hidden-defect")
    view = given(
        FILED,
        BurdenAssigned(party=Party.SELLER, rule=rule, why="Hidden."),
        InquirySent(number=1, kind="carrier", addressee="SF", question="Delivered?"),
        InquiryAnswered(number=1, answer="Yes."),
    )
    assert view.burden is not None
    assert view.burden.rule == {
        "id": "proof",
        "version": "1",
        "article": "hidden-defect",
    }
    assert (view.inquiries[0].answer, view.inquiries[0].answered_at) == ("Yes.", at(4))


def ruled(by: str | None = None) -> Ruled:
    return Ruled(
        liability="seller",
        remedies=(HALF,),
        reasons=(REASON,),
        obligations=(),
        decided_by=by,
    )


def test_a_ruling_takes_the_place_of_its_draft() -> None:
    draft = RulingDrafted(
        by="m-2", liability="seller", remedies=(HALF,), reasons=(REASON,)
    )
    drafted = given(FILED, draft)
    assert drafted.draft is not None
    assert drafted.draft.by == "m-2"
    assert (
        given(FILED, draft, MediatorRecused(mediator="m-3", conflict="?")).draft
        == drafted.draft
    )
    assert (
        given(FILED, draft, MediatorRecused(mediator="m-2", conflict="?")).draft is None
    )
    view = given(FILED, draft, ruled())
    assert view.ruling is not None
    assert view.draft is None
    assert view.ruling.reasons == (
        ReasonShown(
            issue="Was it defective?",
            finding="It was.",
            rule={"id": "quality", "version": "1", "article": "3"},
            relied_on=(1,),
        ),
    )
    assert (view.ruled_in, view.decided_by) == (3, "m-1")
    assert given(FILED, ruled(by="m-9")).decided_by == "m-9"


def test_notes_are_told_with_their_author() -> None:
    view = given(FILED, NoteAdded(text="Seen."), NoteAdded(text="Seen again."))
    assert view.notes == (
        NoteShown(by="m-1", text="Seen.", at=at(2)),
        NoteShown(by="m-1", text="Seen again.", at=at(3)),
    )


def appealed(by: Party) -> AppealFiled:
    return AppealFiled(
        by=by, ground=AppealGround.ERROR, statement="Wrong.", since=START
    )


def test_one_decision_ends_both_appeals_and_a_refusal_only_one() -> None:
    both = (FILED, ruled(), appealed(Party.BUYER), appealed(Party.SELLER))
    refused = given(*both, AppealRefused(by=Party.BUYER, explanation="Nothing new."))
    assert [one.state for one in refused.appeals] == ["refused", "pending"]
    assert refused.appeals[0].decided_at == at(5)
    decided = AppealDecided(
        result=AppealResult.VARIED,
        reasons=(REASON,),
        liability="both",
        remedies=(HALF,),
    )
    over = Closed(outcome=Outcome.RULED, claim=ClaimResult.MET)
    view = given(*both, over, decided)
    assert [one.state for one in view.appeals] == ["varied", "varied"]
    assert view.appeals_decided_in == (6, 6)
    assert (view.closed_at, view.outcome) == (None, None)
    upheld = AppealDecided(result=AppealResult.UPHELD, reasons=(REASON,))
    assert given(*both, over, upheld).outcome == "ruled"


def test_a_case_that_a_human_decides_again_is_not_closed_any_more() -> None:
    over = Closed(outcome=Outcome.RULED, claim=ClaimResult.NOT_MET)
    view = given(FILED, ruled(), over, HumanReviewRequested(by=Party.BUYER))
    assert (view.closed_at, view.outcome, view.claim_result) == (None, None, None)


def test_enforcement_and_sanctions_go_from_state_to_state() -> None:
    ordered = EnforcementOrdered(
        number=1, obligation=1, method="deduct-deposit", amount=Money(500, "CNY")
    )
    assert given(FILED, ordered).enforcement[0].amount == MoneyShown("5.00", "CNY")
    done = EnforcementExecuted(number=1, obligation=1, method="deduct-deposit")
    assert given(FILED, ordered, done).enforcement[0].state == "executed"
    failed = EnforcementFailed(
        number=1,
        obligation=1,
        method="deduct-deposit",
        cause="insufficient-funds",
        final=True,
        routes=("court",),
    )
    shown = given(FILED, ordered, failed).enforcement[0]
    assert (shown.state, shown.final, shown.routes) == ("failed", True, ("court",))
    imposed = SanctionImposed(
        number=1,
        seller="s-1",
        kind="warning",
        breach="refusal-to-perform",
        measure="Public warning.",
    )
    states = [
        given(FILED, imposed, *events).sanctions[0].state
        for events in (
            (),
            (SanctionPublished(number=1),),
            (SanctionPublished(number=1), SanctionLifted(number=1, why="Performed.")),
            (SanctionPublished(number=1, lifted=True),),
        )
    ]
    assert states == ["imposed", "published", "lifted", "end-published"]


def test_a_suspension_says_until_when_it_lasted() -> None:
    stopped = Suspended(cause=SuspensionCause.COURT, by=Party.BUYER, since=at(2))
    view = given(FILED, stopped)
    assert view.suspension is not None
    assert (view.suspension.cause, view.suspension.over_at) == ("court", None)
    resumed = given(FILED, stopped, Resumed(cause="asked")).suspension
    assert resumed is not None
    assert resumed.over_at == at(3)


@pytest.mark.parametrize("history", PHASES.values(), ids=map(str, PHASES))
def test_every_event_of_every_phase_has_its_place(
    history: tuple[DisputeEvent, ...],
) -> None:
    view = given(*history)
    assert view.platform == ("shop" if history else "")

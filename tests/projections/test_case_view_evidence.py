"""The view of a case: evidence, inquiries, and the ruling."""

from __future__ import annotations

from domain.escalation.events import Escalated, Trigger
from domain.evidence.events import (
    BurdenAssigned,
    EvidenceAssessed,
    EvidenceHandedIn,
    EvidenceSubmitted,
)
from domain.inquiries.events import InquiryAnswered, InquirySent
from domain.mediators.events import MediatorRecused
from domain.roles import Actor, Party, Role
from domain.ruling.events import RulingDrafted
from domain.ruling.reasons import RuleCited
from projections.case_view.fold import for_reader
from projections.case_view.investigation import AssessmentShown
from projections.case_view.shown_values import ReasonShown
from tests.projections.shown_case import (
    FILED,
    HALF,
    REASON,
    at,
    given,
    ruled,
)


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
            rule={"id": "sample-platform", "version": "1", "article": "3"},
            language="en",
            relied_on=(1,),
        ),
    )
    assert (view.ruled_in, view.decided_by) == (3, "m-1")
    assert given(FILED, ruled(by="m-9")).decided_by == "m-9"

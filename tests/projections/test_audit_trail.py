"""The audit trail: a row for every event, with who, when and by which rule."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from application.record.envelope import Imported, Precision
from domain.admission.events import Refused
from domain.appeal.events import AppealDecided, AppealFiled, AppealRefused, AppealResult
from domain.case.event import Event
from domain.deadlines.deadline import Awaited, Deadline
from domain.deadlines.events import DeadlineMissed
from domain.deadlines.time_limits import LimitName
from domain.escalation.events import Escalated
from domain.evidence.events import BurdenAssigned, EvidenceHandedIn, EvidenceSubmitted
from domain.filing.events import Filed
from domain.negotiation.events import (
    MessagePosted,
    OfferAccepted,
    OfferDeclined,
    OfferMade,
    SellerResponded,
)
from domain.performance.events import (
    Fulfilled,
    FulfilmentContested,
    ObligationConfirmed,
)
from domain.privacy.events import LegalHoldLifted, LegalHoldPlaced
from domain.roles import Actor, Party, Role
from domain.ruling.events import HumanReviewRequested, Ruled, RulingDrafted
from domain.suspension.events import Suspended, SuspensionProved, SuspensionRequested
from projections.audit.audit_trail import AUDIT_TRAIL, TrailEntry
from projections.audit.trail_row import TrailRow, trail_row
from projections.following.ledger_batch import in_turn
from tests.projections.scenario import CASE, Given, at, given, noted, recorded
from tests.sample_events import EVENTS, FILED, KINDS, PROOF, REASON, START

RULES: dict[type[Event], tuple[str, ...]] = {
    Ruled: ("sample-platform/1",),
    AppealDecided: ("appeal:varied", "sample-platform/1"),
    BurdenAssigned: ("proof/1",),
    Refused: ("ground:abusive",),
    DeadlineMissed: ("missed:response",),
    SellerResponded: ("position:contest",),
}
BY: dict[type[Event], str] = {
    AppealFiled: "seller",
    AppealRefused: "seller",
    DeadlineMissed: "seller",
    Escalated: "buyer",
    EvidenceHandedIn: "buyer",
    EvidenceSubmitted: "buyer",
    Fulfilled: "seller",
    FulfilmentContested: "buyer",
    HumanReviewRequested: "buyer",
    LegalHoldLifted: "regulator",
    LegalHoldPlaced: "regulator",
    MessagePosted: "buyer",
    ObligationConfirmed: "buyer",
    OfferAccepted: "buyer",
    OfferDeclined: "buyer",
    OfferMade: "seller",
    RulingDrafted: "m-1",
    Suspended: "buyer",
    SuspensionProved: "buyer",
    SuspensionRequested: "buyer",
}
"""What stands as the party of a row: who the event says it is by, or who was late."""


DECIDERS: dict[type[Event], tuple[str, ...]] = dict.fromkeys(
    (Ruled, AppealDecided, Refused), ("m-1",)
)


def row(version: int, event: type[Event]) -> TrailRow:
    """Return the row of an event by a mediator, with no rule and no party."""
    return TrailRow(
        case_id=CASE,
        position=100 + version,
        version=version,
        type=str(event.__struct_config__.tag),
        at=at(version),
        precision="exact",
        recorded_at=noted(version),
        actor_role="mediator",
        actor_id="m-1",
        on_behalf_of=None,
        for_id=None,
        command_id=UUID(int=100 + version),
        policy="cn-default/1",
        rules=(),
        party=None,
        due=None,
        platform=None,
        buyer=None,
        seller=None,
        category=None,
        imported_from=None,
        imported_record=None,
        request=None,
    )


FIRST = replace(
    row(1, Filed),
    platform="shop",
    buyer="b-1",
    seller="s-1",
    category="quality/defect",
    order_id="o-1",
)


def then(history: Given[TrailEntry], *expected: TrailRow) -> None:
    """Compare events as they are shown, and what the trail keeps to find them."""
    placed = in_turn((one.position, one.recorded) for one in history.events)
    shown = tuple(trail_row(one.position, one.recorded) for one in placed)
    assert shown == expected
    rows = Given(AUDIT_TRAIL, placed).rows
    kept = [name for name in TrailEntry.__struct_fields__ if name != "terms"]
    for row, one in zip(rows, expected, strict=True):
        assert {n: getattr(row, n) for n in kept} == {n: getattr(one, n) for n in kept}
        # The numbers themselves are tested by searches.
        assert len(row.terms) > 4
        assert row.terms == tuple(sorted(set(row.terms)))


def test_the_first_row_of_a_case_says_whose_it_is_and_what_about() -> None:
    then(given(AUDIT_TRAIL, FILED), FIRST)


@pytest.mark.parametrize(
    "kind", sorted(KINDS - {Filed}, key=str), ids=lambda kind: kind.__name__
)
def test_every_event_is_a_row_with_its_rules_and_its_party(kind: type[Event]) -> None:
    due = START + timedelta(days=2) if kind is DeadlineMissed else None
    expected = replace(
        row(2, kind),
        rules=RULES.get(kind, ()),
        party=BY.get(kind),
        due=due,
        outcome=getattr(EVENTS[kind], "outcome", None),
        deciders=DECIDERS.get(kind, ()),
    )
    then(given(AUDIT_TRAIL, FILED, EVENTS[kind]), FIRST, expected)


def test_it_is_said_of_every_event_by_somebody_who_that_is() -> None:
    by_somebody = {kind for kind in KINDS if "by" in kind.__struct_fields__}
    assert set(BY) == by_somebody | {DeadlineMissed}


def limit(awaited: Awaited, name: LimitName) -> Deadline:
    return Deadline(
        awaited=awaited,
        party=Party.SELLER,
        start=START,
        due=START + timedelta(days=2),
        limit=name,
        length="2 days",
        calendar="CN@test",
    )


def rules(event: Event) -> tuple[str, ...]:
    placed = given(AUDIT_TRAIL, FILED, event).events[1]  # type: ignore[arg-type]
    return trail_row(placed.position, placed.recorded).rules


def test_the_limits_that_begin_are_rules_of_the_policy() -> None:
    answer = limit(Awaited.RESPONSE, LimitName.RESPONSE)
    agree = limit(Awaited.NEGOTIATION, LimitName.NEGOTIATION)
    answered = replace(EVENTS[SellerResponded], deadlines=(answer, agree))
    assert rules(answered) == (
        "cn-default/1#response",
        "cn-default/1#negotiation",
        "position:contest",
    )


def test_each_reason_of_a_decision_cites_its_rule() -> None:
    by_proof = replace(REASON, rule=PROOF)
    ruled = replace(EVENTS[Ruled], reasons=(REASON, by_proof))
    assert rules(ruled) == ("sample-platform/1", "proof/1")
    upheld = AppealDecided(result=AppealResult.UPHELD, reasons=(by_proof, REASON))
    assert rules(upheld) == ("appeal:upheld", "proof/1", "sample-platform/1")


def test_a_refusal_by_a_rule_names_ground_and_rule() -> None:
    late = Refused(ground="late", routes=("court",), rule="cn-default/1#late")
    assert rules(late) == ("ground:late", "cn-default/1#late")


def test_who_acts_for_whom_is_kept() -> None:
    agent = Actor(role=Role.PLATFORM, id="p-1", on_behalf_of=Party.SELLER, for_id="s-1")
    answered = recorded(1, EVENTS[SellerResponded], actor=agent)
    then(
        Given(AUDIT_TRAIL, (answered,)),
        replace(
            row(1, SellerResponded),
            actor_role="platform",
            actor_id="p-1",
            on_behalf_of="seller",
            for_id="s-1",
            rules=("position:contest",),
        ),
    )


@pytest.mark.parametrize(
    ("precision", "told"),
    [
        (Precision.SECOND, "second"),
        (Precision.DAY, "day"),
        (Precision.NOT_BEFORE, "not-before"),
    ],
)
def test_an_imported_event_says_its_source_and_how_exact_it_is(
    precision: Precision, told: str
) -> None:
    source = Imported(system="old", record="77", zone="UTC", precision=precision)
    then(
        given(AUDIT_TRAIL, FILED, imported=source),
        replace(FIRST, precision=told, imported_from="old", imported_record="77"),
    )


def test_what_happened_earlier_than_it_was_learnt_keeps_both_times() -> None:
    happened = datetime.fromisoformat("2026-03-01T00:00:00Z")
    filed = recorded(1, FILED, at=happened, policy=None)
    first = replace(FIRST, at=happened, policy=None)
    then(Given(AUDIT_TRAIL, (filed,)), first)

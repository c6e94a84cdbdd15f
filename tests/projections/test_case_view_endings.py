"""The view of a case: appeals, performance, enforcement, and what comes after."""

from __future__ import annotations

from domain.appeal.events import (
    AppealDecided,
    AppealFiled,
    AppealGround,
    AppealRefused,
    AppealResult,
)
from domain.case.outcome import ClaimResult, Outcome
from domain.enforcement.events import (
    EnforcementExecuted,
    EnforcementFailed,
    EnforcementOrdered,
)
from domain.mediators.events import NoteAdded
from domain.money import Money
from domain.performance.events import Closed
from domain.roles import Party
from domain.ruling.events import HumanReviewRequested
from domain.sanctions.events import SanctionImposed, SanctionLifted, SanctionPublished
from domain.suspension.events import Resumed, Suspended, SuspensionCause
from projections.case_view.desk import NoteShown
from projections.case_view.shown_values import MoneyShown
from tests.projections.shown_case import (
    FILED,
    HALF,
    REASON,
    START,
    at,
    given,
    ruled,
)


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

"""Automation: what a machine decided, a human decides again on request (4.3.4)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.case.outcome import ClaimResult, Outcome
from domain.notices.events import NoticeKind
from domain.performance.commands import Fulfil
from domain.performance.events import Closed
from domain.refusals import (
    NoGround,
)
from domain.ruling.commands import RequestHumanReview
from domain.ruling.events import HumanReviewRequested
from domain.ruling.reasons import Automation
from domain.sanctions.commands import ImposeSanction
from domain.sanctions.events import SanctionLifted
from tests.domain.expected_events import deadline, ruled
from tests.domain.stories import (
    DISMISS,
    DISMISSAL,
    PAID,
    SERVED,
    automated,
    owed,
    wrong_places,
)
from tests.sample_commands import COMMANDS
from tests.samples import (
    BUYER,
    HALF,
    MEDIATOR,
    REFUND,
    RULE,
    RULING_SERVED,
    SELLER,
    SUPERVISOR,
    TO_RULE,
    Step,
    play,
)
from tests.scenario import after

REVIEW = RequestHumanReview(statement="A human, please.")
BY_MACHINE: tuple[Step, ...] = (*TO_RULE, (MEDIATOR, automated(REFUND)), *SERVED)


@pytest.mark.standard("4.3.4 how much a machine did, by which model")
def test_a_ruling_says_how_much_a_machine_did_and_which() -> None:
    after(*TO_RULE).when(automated(REFUND), by=MEDIATOR).then(
        ruled(automation=Automation.AUTOMATED, model="model-1")
    )


@pytest.mark.standard("4.3.4 any party may have a human decide again when none did")
def test_either_party_may_ask_for_a_human_when_none_decided() -> None:
    decide_again = deadline(
        "ruling", "platform", "7 days", since="03-05 10:00", until="03-12 10:00"
    )
    for one in (BUYER, SELLER):
        assert one.party is not None
        after(*BY_MACHINE).when(REVIEW, by=one).then(
            HumanReviewRequested(
                by=one.party,
                statement="A human, please.",
                deadlines=(decide_again,),
            )
        )
    after(*RULING_SERVED).when(REVIEW, by=BUYER).refused(
        NoGround, reason="not-automated"
    )


@pytest.mark.standard("4.3.4 any party may have a human decide again when none did")
def test_after_that_the_machine_does_not_decide_again() -> None:
    asked = (*BY_MACHINE, (BUYER, REVIEW))
    dispute = fold(play(*asked))
    assert (dispute.phase, dispute.duties, dispute.notices) == (Phase.RULING, (), ())
    when = after(*asked).when(automated(HALF), by=MEDIATOR)
    assert wrong_places(when) == [("/automation", "human-needed")]
    after(*asked).when(RULE, by=MEDIATOR).then(ruled())


@pytest.mark.standard("4.3.4 any party may have a human decide again when none did")
def test_a_human_may_be_asked_for_although_a_dismissal_closed_the_case() -> None:
    dismissed: tuple[Step, ...] = (*TO_RULE, (MEDIATOR, automated(DISMISSAL)), *SERVED)
    assert isinstance(play(*dismissed)[-1], Closed)
    history = play(*dismissed, (BUYER, REVIEW), (MEDIATOR, RULE))
    assert fold(history).outcome is None
    assert {notice.kind for notice in fold(history).notices} == {NoticeKind.RULING}


def test_what_was_paid_on_a_machines_ruling_counts_in_the_humans() -> None:
    for steps in (PAID, (PAID[0],)):
        history = play(*BY_MACHINE, *steps, (SELLER, REVIEW), (MEDIATOR, RULE))
        assert owed(fold(history)) == []
        closed = play(*BY_MACHINE, *steps, (SELLER, REVIEW), (MEDIATOR, RULE), *SERVED)[
            -1
        ]
        assert closed == Closed(outcome=Outcome.RULED, claim=ClaimResult.MET)


def test_the_human_pays_back_what_the_machine_gave_too_much() -> None:
    history = play(
        *BY_MACHINE,
        (SELLER, Fulfil(obligation=1)),
        (SELLER, REVIEW),
        (MEDIATOR, replace(RULE, remedies=(HALF,))),
    )
    assert owed(fold(history)) == [("buyer", "pay-back", 6_450)]


@pytest.mark.standard("4.4 reversed when the ruling is")
def test_a_sanction_ends_with_the_machines_ruling_that_a_human_reverses() -> None:
    sanction: ImposeSanction = COMMANDS[ImposeSanction]  # type: ignore[assignment]
    history = after(*BY_MACHINE, (SUPERVISOR, sanction), (SELLER, REVIEW))
    publish_end = deadline(
        "publication",
        "platform",
        "1 working day",
        since="03-05 10:00",
        until="03-07 00:00",
        limit="sanction-publication",
        item=1,
    )
    history.when(DISMISS, by=MEDIATOR).then(
        ruled(liability="buyer", remedies=(DISMISSAL,), obligations=()),
        SanctionLifted(
            number=1, why="the ruling was changed", deadlines=(publish_end,)
        ),
    )
    history.when(RULE, by=MEDIATOR).then(ruled())

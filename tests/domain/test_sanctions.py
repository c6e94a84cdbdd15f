"""Sanctions: imposed, published, lifted, and gone with the ruling (4.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.appeal.events import AppealDecided, AppealResult
from domain.case.evolve import fold
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import DeadlineMissed
from domain.refusals import NotAllowed, NotOpen, WrongPhase
from domain.sanctions.commands import ImposeSanction, LiftSanction, PublishSanction
from domain.sanctions.events import SanctionImposed, SanctionLifted, SanctionPublished
from tests.domain.expected_events import REASON, deadline, owes, payment
from tests.domain.stories import (
    APPEAL,
    SET_ASIDE,
    UPHELD,
    of,
    running,
    varied,
    wrong_places,
)
from tests.sample_commands import COMMANDS
from tests.samples import (
    CLOSED,
    HALF,
    MEDIATOR,
    PLATFORM,
    RULING_SERVED,
    SELLER,
    SUPERVISOR,
    TO_RULE,
    Step,
    play,
)
from tests.scenario import after

WARN: ImposeSanction = COMMANDS[ImposeSanction]  # type: ignore[assignment]
PUBLISH, LIFT = PublishSanction(number=1), LiftSanction(number=1, why="Mended.")
WARNED: tuple[Step, ...] = (*RULING_SERVED, (SUPERVISOR, WARN))
PUBLICATION = deadline(
    "publication",
    "platform",
    "1 working day",
    since="03-05 10:00",
    until="03-07 00:00",
    limit="sanction-publication",
    item=1,
)


@pytest.mark.standard("4.3.4 penalties for the party in breach")
@pytest.mark.standard("4.4 warning, restriction, suspension")
@pytest.mark.parametrize("kind", ["warning", "restriction", "suspension"])
def test_a_seller_in_breach_is_warned_restricted_or_suspended(kind: str) -> None:
    for steps in (RULING_SERVED, CLOSED):
        after(*steps).when(replace(WARN, kind=kind), by=SUPERVISOR).then(
            SanctionImposed(
                number=1,
                kind=kind,
                seller="s-1",
                breach="refusal-to-perform",
                measure="Public warning.",
                deadlines=(PUBLICATION,),
            )
        )


def test_only_a_supervisor_sanctions_and_only_after_a_decision() -> None:
    after(*RULING_SERVED).when(WARN, by=MEDIATOR).refused(NotAllowed)
    after(*TO_RULE).when(WARN, by=SUPERVISOR).refused(WrongPhase)
    unknown = replace(WARN, kind="jail", breach="mood")
    assert wrong_places(after(*CLOSED).when(unknown, by=SUPERVISOR)) == [
        ("/kind", "unknown-code"),
        ("/breach", "unknown-code"),
    ]


def test_the_same_sanction_is_imposed_once() -> None:
    after(*WARNED).when(WARN, by=SUPERVISOR).then()


@pytest.mark.standard(
    "4.4 published in one working day with breach and measure, and so is its end"
)
def test_it_is_published_within_one_working_day() -> None:
    due = running(play(*WARNED))["publication", "platform"]
    assert due == timedelta(days=4, hours=14)
    after(*WARNED).when(PUBLISH, by=PLATFORM).then(SanctionPublished(number=1))
    late = after(*WARNED, timedelta(days=3))
    missed = [one.awaited for one in of(DeadlineMissed, late.history)]
    assert Awaited.PUBLICATION in missed
    late.when(PUBLISH, by=MEDIATOR).then(SanctionPublished(number=1))


def test_it_is_published_once() -> None:
    published = after(*WARNED, (MEDIATOR, PUBLISH))
    published.when(PUBLISH, by=MEDIATOR).refused(NotOpen, open="")


@pytest.mark.standard(
    "4.4 published in one working day with breach and measure, and so is its end"
)
def test_its_end_is_published_too() -> None:
    lifted = (*WARNED, (MEDIATOR, PUBLISH), (SUPERVISOR, LIFT))
    assert ("publication", "platform") in running(play(*lifted))
    after(*lifted).when(PUBLISH, by=MEDIATOR).then(
        SanctionPublished(number=1, lifted=True)
    )
    after(*lifted).when(LIFT, by=SUPERVISOR).refused(NotOpen)


def test_a_sanction_lifted_before_it_was_published_has_one_date_not_two() -> None:
    history = play(*WARNED, (SUPERVISOR, LIFT))
    dates = [
        one for one in fold(history).deadlines if one.awaited is Awaited.PUBLICATION
    ]
    assert len(dates) == 1
    done = running(play(*WARNED, (SUPERVISOR, LIFT), (MEDIATOR, PUBLISH)))
    assert done.keys() == running(play(*RULING_SERVED)).keys()


def test_publication_does_not_stand_still_with_the_case() -> None:
    history = play(*WARNED, (SELLER, APPEAL))
    assert ("publication", "platform") in running(history)


@pytest.mark.standard("4.4 reversed when the ruling is")
def test_a_sanction_ends_with_the_ruling_it_rests_on() -> None:
    appealed = after(*WARNED, (SELLER, APPEAL))
    upheld = AppealDecided(
        result=AppealResult.UPHELD,
        reasons=(REASON,),
        decided_by="v-1",
        deadlines=(payment(since="03-05 10:00", until="03-06 10:00"),),
    )
    aside = replace(upheld, result=AppealResult.SET_ASIDE, deadlines=())
    half = replace(
        aside,
        result=AppealResult.VARIED,
        liability="seller",
        remedies=(HALF,),
        obligations=(owes(6_450),),
    )
    lifted = SanctionLifted(
        number=1, why="the ruling was changed", deadlines=(PUBLICATION,)
    )
    for decision, recorded in (
        (SET_ASIDE, aside),
        (varied(HALF, liability="none"), replace(half, liability="none")),
    ):
        appealed.when(decision, by=SUPERVISOR).then(recorded, lifted)
    for decision, recorded in (
        (UPHELD, upheld),
        (varied(HALF, liability="seller"), half),
    ):
        appealed.when(decision, by=SUPERVISOR).then(recorded)

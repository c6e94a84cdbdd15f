"""Sanctions: imposed, published, lifted, and gone with the ruling (4.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.appeal.events import AppealDecided
from domain.case.evolve import fold
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import DeadlineMissed
from domain.refusals import NotAllowed, NotOpen, WrongPhase
from domain.sanctions.commands import ImposeSanction, LiftSanction, PublishSanction
from domain.sanctions.events import SanctionImposed, SanctionLifted, SanctionPublished
from tests.domain.stories import (
    APPEAL,
    SET_ASIDE,
    UPHELD,
    of,
    running,
    varied,
    wrong_places,
)
from tests.samples import (
    CLOSED,
    COMMANDS,
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
from tests.scenario import after, given

WARN: ImposeSanction = COMMANDS[ImposeSanction]  # type: ignore[assignment]
PUBLISH, LIFT = PublishSanction(number=1), LiftSanction(number=1, why="Mended.")
WARNED: tuple[Step, ...] = (*RULING_SERVED, (SUPERVISOR, WARN))


@pytest.mark.standard("4.3.4 penalties for the party in breach")
@pytest.mark.standard("4.4 warning, restriction, suspension")
@pytest.mark.parametrize("kind", ["warning", "restriction", "suspension"])
def test_a_seller_in_breach_is_warned_restricted_or_suspended(kind: str) -> None:
    for steps in (RULING_SERVED, CLOSED):
        when = after(*steps).when(replace(WARN, kind=kind), by=SUPERVISOR)
        (imposed,) = when.then_types(SanctionImposed)
        assert isinstance(imposed, SanctionImposed)
        assert (imposed.seller, imposed.breach, imposed.measure) == (
            "s-1",
            "refusal-to-perform",
            "Public warning.",
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
    late = play(*WARNED, timedelta(days=3))
    missed = [one.awaited for one in of(DeadlineMissed, late)]
    assert Awaited.PUBLICATION in missed
    given(*late).when(PUBLISH, by=MEDIATOR).then_types(SanctionPublished)


def test_it_is_published_once() -> None:
    published = play(*WARNED, (MEDIATOR, PUBLISH))
    given(*published).when(PUBLISH, by=MEDIATOR).refused(NotOpen, open="")


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
    done = fold(play(*WARNED, (SUPERVISOR, LIFT), (MEDIATOR, PUBLISH)))
    assert all(one.awaited is not Awaited.PUBLICATION for one in done.deadlines)


def test_publication_does_not_stand_still_with_the_case() -> None:
    history = play(*WARNED, (SELLER, APPEAL))
    assert ("publication", "platform") in running(history)


@pytest.mark.standard("4.4 reversed when the ruling is")
def test_a_sanction_ends_with_the_ruling_it_rests_on() -> None:
    appealed = play(*WARNED, (SELLER, APPEAL))
    for decision in (SET_ASIDE, varied(HALF, liability="none")):
        given(*appealed).when(decision, by=SUPERVISOR).then_types(
            AppealDecided, SanctionLifted
        )
    for decision in (UPHELD, varied(HALF, liability="seller")):
        given(*appealed).when(decision, by=SUPERVISOR).then_types(AppealDecided)

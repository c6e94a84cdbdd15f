"""Legal holds, restriction and erasure: who may, when, and what stands against it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from domain.case.decide import decide
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.case.evolve import fold
from domain.privacy.commands import (
    EraseSubject,
    LiftHold,
    LiftRestriction,
    PlaceHold,
    Restrict,
)
from domain.privacy.decide import retained_until
from domain.privacy.events import (
    LegalHoldLifted,
    LegalHoldPlaced,
    Restricted,
    RestrictionLifted,
    SubjectErased,
)
from domain.refusals import (
    Held,
    NotAllowed,
    NotOpen,
    Refusal,
    Retained,
    SamePerson,
    WrongPhase,
)
from domain.roles import Actor, Party, Role
from tests.sample_commands import COMMANDS
from tests.samples import (
    ACTORS,
    BUYER,
    CLOSED,
    FILED,
    MEDIATOR,
    NOW,
    RULES,
    SUPERVISOR,
    context,
    play,
)

REGULATOR = ACTORS[Role.REGULATOR]
OVER = play(*CLOSED)
HOLD = PlaceHold(basis="Order 77")
LIFT = LiftHold(number=1, basis="Settled")
ERASE = replace(COMMANDS[EraseSubject], closed_at=NOW)
LATER = NOW + timedelta(days=3 * 366)


def sent(
    command: object, actor: Actor, *before: DisputeEvent, now: datetime = NOW
) -> tuple[DisputeEvent, ...]:
    return decide(command, fold((*OVER, *before)), context(actor, now))  # type: ignore[arg-type]


def state(*before: DisputeEvent) -> Dispute:
    return fold((*OVER, *before))


def test_a_hold_stands_until_it_is_lifted() -> None:
    (placed,) = sent(HOLD, SUPERVISOR)
    assert placed == LegalHoldPlaced(number=1, by=Role.SUPERVISOR, basis="Order 77")
    assert sent(HOLD, SUPERVISOR, placed) == ()
    (second,) = sent(HOLD, REGULATOR, placed)
    assert isinstance(second, LegalHoldPlaced)
    assert second.number == 2
    (lifted,) = sent(LIFT, SUPERVISOR, placed, second)
    assert isinstance(lifted, LegalHoldLifted)
    assert [one.number for one in state(placed, second, lifted).holds] == [2]
    with pytest.raises(NotOpen):
        sent(LIFT, SUPERVISOR, placed, second, lifted)


def test_what_a_regulator_holds_only_regulators_lift() -> None:
    (placed,) = sent(HOLD, REGULATOR)
    with pytest.raises(NotOpen):
        sent(LIFT, SUPERVISOR, placed)
    assert sent(LIFT, ACTORS[Role.REGULATOR], placed)


@pytest.mark.parametrize("actor", [BUYER, MEDIATOR, ACTORS[Role.AUDITOR]])
def test_others_may_not(actor: Actor) -> None:
    for command in (HOLD, ERASE, Restrict(party=Party.BUYER, basis="x")):
        with pytest.raises(NotAllowed):
            sent(command, actor)


def test_a_restriction_is_lifted_again() -> None:
    restrict = Restrict(party=Party.BUYER, basis="Request 7")
    lift = LiftRestriction(party=Party.BUYER, basis="Withdrawn")
    (restricted,) = sent(restrict, SUPERVISOR)
    assert restricted == Restricted(party=Party.BUYER, basis="Request 7")
    assert sent(restrict, SUPERVISOR, restricted) == ()
    assert sent(lift, SUPERVISOR) == ()
    (lifted,) = sent(lift, SUPERVISOR, restricted)
    assert lifted == RestrictionLifted(party=Party.BUYER, basis="Withdrawn")
    assert state(restricted).restricted == (Party.BUYER,)
    assert state(restricted, lifted).restricted == ()
    with pytest.raises(WrongPhase):
        decide(restrict, fold(play(*FILED)), context(SUPERVISOR))


def test_an_erasure_waits_for_the_law_the_holds_and_a_second_person() -> None:
    (held,) = sent(HOLD, REGULATOR)
    refused: list[tuple[type[Refusal], object, tuple[DisputeEvent, ...]]] = [
        (Held, ERASE, (held,)),
        (SamePerson, replace(ERASE, approver="v-1"), ()),
        (Retained, replace(ERASE, closed_at=LATER), ()),
    ]
    for why, command, before in refused:
        with pytest.raises(why):
            sent(command, SUPERVISOR, *before, now=LATER)
    with pytest.raises(Retained, match="2029-03-02"):
        sent(ERASE, SUPERVISOR, now=NOW + timedelta(days=3 * 365))
    (erased,) = sent(ERASE, SUPERVISOR, now=LATER)
    assert isinstance(erased, SubjectErased)
    assert (erased.subject, erased.approver) == ("b-1", "v-9")
    assert sent(ERASE, SUPERVISOR, erased, now=LATER) == ()
    assert state(erased).erased == (Party.BUYER,)


def test_erasing_ends_the_restriction() -> None:
    (restricted,) = sent(Restrict(party=Party.BUYER, basis="x"), SUPERVISOR)
    (erased,) = sent(ERASE, SUPERVISOR, restricted, now=LATER)
    assert state(restricted, erased).restricted == ()


@pytest.mark.parametrize(
    ("closed", "until"),
    [
        (datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2029, 3, 2, 8, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), datetime(2031, 3, 1, tzinfo=UTC)),
        (datetime(9998, 3, 2, tzinfo=UTC), datetime(9999, 3, 2, tzinfo=UTC)),
    ],
)
def test_the_years_are_counted_by_the_calendar(
    closed: datetime, until: datetime
) -> None:
    assert retained_until(closed, RULES.policy) == until

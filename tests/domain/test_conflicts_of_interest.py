"""Role, relation, command and phase: whom the table bars from what (2)."""

from __future__ import annotations

import itertools

import pytest
from msgspec.structs import replace

from domain.case.actions import possible
from domain.case.command import Command
from domain.case.context import Context
from domain.case.decide import decide
from domain.case.dispute import Dispute, Phase
from domain.case.events import DisputeEvent
from domain.case.evolve import fold
from domain.case.lifecycle import DECIDERS, DRAFTERS, LIFECYCLE
from domain.case.lifecycle_row import IN_CONFLICT
from domain.conflicts_of_interest import Relation, relations
from domain.filing.commands import FileDispute
from domain.mediators.commands import Assign, Recuse
from domain.mediators.events import MediatorRecused
from domain.refusals import Conflicted, NotAllowed, NotOpen, Refusal
from domain.roles import STAFF, Actor, Role
from domain.ruling.commands import ApproveRuling, DraftRuling
from tests.domain.cells import check_cells
from tests.domain.stories import SECOND_MEDIATOR, wrong_places
from tests.sample_commands import COMMANDS
from tests.samples import (
    FILED,
    MEDIATOR,
    RULING_SERVED,
    SUPERVISOR,
    TO_RULE,
    context,
    in_phase,
    play,
)
from tests.scenario import after, given

OF_STAFF = [kind for kind, row in LIFECYCLE.items() if row.roles & STAFF]
BARRING = [kind for kind in OF_STAFF if kind is not FileDispute]
"""Nobody has a relation to a case before it is filed."""
LIVING = [phase for phase in Phase if phase is not Phase.NONE]


def related(relation: Relation, role: Role, dispute: Dispute) -> tuple[Actor, Dispute]:
    """Return a person of the platform who is just this to a case."""
    actor = Actor(role=role, id="x-1")
    match relation:
        case Relation.PARTY:
            return replace(actor, id=dispute.buyer), dispute
        case Relation.RECUSED:
            return actor, replace(dispute, recused=("x-1",))
        case Relation.DECIDER:
            return actor, replace(dispute, decided_by=("x-1",))
        case Relation.DRAFTER:
            (drafted,) = after(*TO_RULE).when(COMMANDS[DraftRuling], actor).events
            return actor, replace(dispute, draft=drafted)


def asked(
    kind: type[Command], dispute: Dispute, ctx: Context
) -> tuple[DisputeEvent, ...] | Refusal:
    """Return what is answered, facts or a refusal."""
    try:
        return decide(COMMANDS[kind], dispute, ctx)
    except Refusal as refusal:
        return refusal


@pytest.mark.parametrize("kind", BARRING, ids=lambda kind: kind.__name__)
def test_a_relation_bars_a_person_from_what_the_table_says(
    kind: type[Command],
) -> None:
    cells = itertools.product([kind], LIVING, sorted(STAFF), Relation)
    check_cells(barred_as_the_table_says, cells)


def barred_as_the_table_says(
    kind: type[Command], phase: Phase, role: Role, relation: Relation
) -> None:
    actor, dispute = related(relation, role, in_phase(phase))
    assert relations(actor, dispute) == {relation}
    row, ctx = LIFECYCLE[kind], context(actor)
    barred = role in row.roles and relation in row.barred
    answer = asked(kind, dispute, ctx)
    assert isinstance(answer, Conflicted) is barred
    if isinstance(answer, Conflicted):
        assert answer.details == {"relation": relation}
    offered = {action.command for action in possible(dispute, ctx)}
    assert not (barred and kind in offered)


def test_who_is_a_party_or_recused_does_nothing_but_be_recused() -> None:
    for kind in OF_STAFF:
        free = kind is Recuse
        assert LIFECYCLE[kind].barred >= (frozenset() if free else IN_CONFLICT)
    assert LIFECYCLE[Recuse].barred == frozenset()


def test_only_the_second_person_and_the_appeal_ask_for_more() -> None:
    more = {
        kind.__name__: row.barred - IN_CONFLICT
        for kind, row in LIFECYCLE.items()
        if row.barred - IN_CONFLICT
    }
    assert more == {
        "ApproveRuling": DRAFTERS - IN_CONFLICT,
        "RefuseAppeal": DECIDERS - IN_CONFLICT,
        "DecideAppeal": DECIDERS - IN_CONFLICT,
    }


def test_a_mediator_in_conflict_is_recused_and_that_is_a_fact() -> None:
    history = play(*FILED, (MEDIATOR, Assign(mediator="m-1")))
    recused = Recuse(conflict="I know the seller.")
    given(*history).when(recused, by=MEDIATOR).then(
        MediatorRecused(mediator="m-1", conflict="I know the seller.")
    )
    after = (*history, *given(*history).when(recused, by=MEDIATOR).events)
    assert fold(after).assignee is None
    when = given(*after).when(Assign(mediator="m-1"), by=SUPERVISOR)
    assert wrong_places(when) == [("/mediator", "conflicted")]


def test_only_a_supervisor_recuses_somebody_else() -> None:
    other = Recuse(conflict="Related.", mediator="m-1")
    after(*FILED).when(other, by=SECOND_MEDIATOR).refused(NotAllowed)
    after(*FILED).when(other, by=SUPERVISOR).then(
        MediatorRecused(mediator="m-1", conflict="Related.")
    )


def test_what_a_recused_mediator_drafted_is_not_issued() -> None:
    recuse = Recuse(conflict="I know the seller.")
    history = after(*TO_RULE, (MEDIATOR, COMMANDS[DraftRuling]), (MEDIATOR, recuse))
    history.when(ApproveRuling(), by=SECOND_MEDIATOR).refused(NotOpen)


def test_nobody_decides_on_his_own_ruling_even_as_a_supervisor() -> None:
    assert fold(play(*RULING_SERVED)).decided_by == ("m-1",)
    promoted = Actor(role=Role.SUPERVISOR, id="m-1")
    assert relations(promoted, fold(play(*RULING_SERVED))) == {Relation.DECIDER}

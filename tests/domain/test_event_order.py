"""The order of events: it allows what commands lead to, and names what none does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import get_args

import msgspec
import pytest

from application.cases.wrap import stated_by
from application.record.envelope import topic
from domain.case.command import Command
from domain.case.dispute import Phase
from domain.case.event_order import BEGINNING, EVENT_ORDER, Standing, after, exported
from domain.case.events import DisputeEvent
from domain.case.evolve import evolve
from domain.deadlines.timeouts import events_of, overdue
from domain.refusals import Refusal
from domain.roles import CLOCK, Actor, Role
from tests.domain import offered_steps
from tests.domain.walked_case import (
    CAST,
    RULED_STARTS,
    STARTS,
    WAITS,
    WalkedCase,
    costly,
)
from tests.sample_commands import COMMANDS
from tests.samples import ACTORS, BOOKS, FILE

WALKS, STEPS = 150, 40


class FollowedCase(WalkedCase):
    """A walked case whose events are followed by the table as they are recorded."""

    standings: frozenset[Standing] = BEGINNING

    def send(self, actor: Actor, command: Command) -> tuple[DisputeEvent, ...]:
        before = self.dispute
        events = super().send(actor, command)
        self.follow(before, actor, events)
        return events

    def wait(self, length: timedelta) -> None:
        self.now += length
        before, events = (
            self.dispute,
            events_of(overdue(self.dispute, self.context(CLOCK))),
        )
        self._record(events)
        self.follow(before, CLOCK, events)

    def follow(
        self, dispute: object, actor: Actor, events: Sequence[DisputeEvent]
    ) -> None:
        for event in events:
            # What follows from a deadline is the clock's, whatever the rules decide.
            by = actor if actor is CLOCK else stated_by(event, actor)
            role = by.acts_as
            dispute = evolve(dispute, event)  # type: ignore[arg-type]
            self.standings = after(self.standings, topic(event), role)
            where = {phase for phase, _ in self.standings}
            assert dispute.phase in where, (topic(event), role, where)


@pytest.mark.parametrize("seed", range(4))
def test_every_event_that_a_command_leads_to_is_in_order(seed: int) -> None:
    rng = Random(seed)
    for _ in range(WALKS):
        case = begun(rng)
        for _ in range(STEPS):
            go_on(case, rng)


def begun(rng: Random) -> FollowedCase:
    start = rng.choice(sorted(STARTS))
    # One person alone decides the cases of these starts, which fits small ones.
    small = start in RULED_STARTS or rng.random() < 0.7
    case = FollowedCase(BOOKS[rng.choice(BOOKS.ids)], FILE if small else costly())
    try:
        case.play(*STARTS[start])
    except Refusal:
        assert not small
    return case


def go_on(case: FollowedCase, rng: Random) -> None:
    kind = rng.random()
    try:
        if kind < 0.45:
            case.act(rng)
        elif kind < 0.7:
            offered_steps.step(case, rng)
        elif kind < 0.85:
            case.wait(rng.choice(WAITS))
        else:
            command = COMMANDS[rng.choice(sorted(COMMANDS, key=str))]
            case.send(rng.choice([*CAST, *ACTORS.values()]), command)
    except Refusal:
        return


def test_every_kind_of_event_has_a_row() -> None:
    kinds = {one.__struct_config__.tag for one in flat(DisputeEvent)}
    assert set(EVENT_ORDER) == kinds


def flat(union: object) -> list[type[DisputeEvent]]:
    inner = get_args(union)
    return [one for part in inner for one in flat(part)] if inner else [union]  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("phase", "kind", "role"),
    [
        (Phase.CLOSED, "ruled", Role.CLOCK),
        (Phase.CLOSED, "ruled", Role.MEDIATOR),
        (Phase.RULING, "ruled", Role.BUYER),
        (Phase.FILED, "filed", Role.BUYER),
        (Phase.NEGOTIATING, "admitted", Role.MEDIATOR),
        (Phase.PERFORMING, "legal-hold-lifted", Role.BUYER),
        (Phase.CLOSED, "no-such-event", Role.SUPERVISOR),
    ],
)
def test_what_no_command_leads_to_is_not_in_order(
    phase: Phase, kind: str, role: Role
) -> None:
    assert not after(frozenset({(phase, None)}), kind, role)


def test_an_appeal_returns_to_what_it_interrupted() -> None:
    standings: frozenset[Standing] = frozenset({(Phase.ENFORCING, None)})
    standings = after(standings, "appeal-filed", Role.BUYER)
    standings = after(standings, "appeal-filed", Role.SELLER)
    assert standings == {(Phase.APPEAL, Phase.ENFORCING)}
    refused = after(standings, "appeal-refused", Role.SUPERVISOR)
    assert refused == {(Phase.APPEAL, Phase.ENFORCING), (Phase.ENFORCING, None)}


def test_a_told_event_is_followed_and_not_judged() -> None:
    closed: frozenset[Standing] = frozenset({(Phase.CLOSED, None)})
    assert after(closed, "ruled", Role.CLOCK, told=True) == {(Phase.PERFORMING, None)}


def test_the_table_is_exported_in_the_types_of_json() -> None:
    table = exported()
    assert json.loads(msgspec.json.encode(table)) == table
    assert table["suspended"]["interrupts"] is True

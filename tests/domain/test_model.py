"""A model of the case: anybody does anything at any time, and it stays sound."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from msgspec.structs import replace

from domain.case.command import Command
from domain.enforcement.commands import RecoverAdvance
from domain.mediators.commands import AddNote
from domain.negotiation.commands import PostMessage
from domain.notices.commands import StateContact
from domain.refusals import Refusal
from domain.roles import Actor
from tests.domain import invariants, offered_steps
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
from tests.sizes import sized

REPEATABLE = (PostMessage, AddNote, StateContact, RecoverAdvance)
"""What is said, or paid, twice under two keys happened twice; under one key, once."""

SEEDS = st.integers(0, 2**32)
FILINGS = {"small": FILE, "costly": costly()}


class Model(RuleBasedStateMachine):
    """Random commands, legal and illegal, and a clock that moves."""

    case: WalkedCase | None = None

    @initialize(
        profile=st.sampled_from(BOOKS.ids),
        start=st.sampled_from(sorted(STARTS)),
        filing=st.sampled_from(sorted(FILINGS)),
    )
    def file(self, profile: str, start: str, filing: str) -> None:
        if start in RULED_STARTS:
            filing = "small"
        self.case = WalkedCase(BOOKS[profile], FILINGS[filing]).play(*STARTS[start])

    @rule(seed=SEEDS)
    def somebody_does_what_is_offered(self, seed: int) -> None:
        assert self.case is not None
        self.case.act(Random(seed))

    @rule(seed=SEEDS)
    def whoever_is_waited_for_acts(self, seed: int) -> None:
        assert self.case is not None
        offered_steps.step(self.case, Random(seed))

    @rule(
        actor=st.sampled_from([*CAST, *ACTORS.values()]),
        kind=st.sampled_from(sorted(COMMANDS, key=str)),
        number=st.integers(1, 3),
    )
    def somebody_asks_for_anything(
        self, actor: Actor, kind: type[Command], number: int
    ) -> None:
        assert self.case is not None
        command = COMMANDS[kind]
        for field in {"number", "obligation"} & set(kind.__struct_fields__):
            command = replace(command, **{field: number})
        before = self.case.events
        try:
            self.case.send(actor, command)
        except Refusal:
            assert self.case.events == before
            return
        self.asked_again(actor, command)

    def asked_again(self, actor: Actor, command: Command) -> None:
        assert self.case is not None
        if isinstance(command, REPEATABLE):
            return
        before = self.case.events
        try:
            assert self.case.send(actor, command) == ()
        except Refusal:
            assert self.case.events == before

    @rule(length=st.sampled_from(WAITS))
    def time_passes(self, length: timedelta) -> None:
        assert self.case is not None
        self.case.wait(length)

    @invariant()
    @precondition(lambda self: self.case is not None)
    def all_holds(self) -> None:
        assert self.case is not None
        invariants.hold(self.case)
        invariants.whatever_is_offered_is_accepted(self.case, Random(1))
        invariants.nothing_else_is_accepted(self.case)

    def teardown(self) -> None:
        if self.case is not None:
            invariants.hold_at_the_end(self.case)


Model.TestCase.settings = settings(
    max_examples=sized(50, 120), stateful_step_count=40, deadline=None, derandomize=True
)
TestModel = pytest.mark.long(Model.TestCase)

"""Following only what a case offers: who is waited for acts, or time passes."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from domain.case.actions import Action, is_expected
from domain.deadlines.waiting_on import waiting_on
from domain.roles import Actor
from tests.domain.walked_case import CAST, RESERVE, WalkedCase

MOST_STEPS = 150


def step(case: WalkedCase, rng: Random) -> None:
    """Let who is waited for do what is awaited, or else wait until it is due.

    Fails if there is neither: the case is stuck.
    """
    waiting = waiting_on(case.dispute)
    if waiting is None:
        return
    moves = [*_moves(case)]
    runs = waiting.due is not None and waiting.due > case.now
    if runs and (not moves or rng.random() < 0.4):
        assert waiting.due is not None
        case.wait(waiting.due - case.now)
        return
    assert moves, f"{case.dispute.phase} is stuck, waiting for {waiting}"
    for actor, action in rng.sample(moves, len(moves)):
        command = case.fitting(action, actor, rng)
        if command is not None:
            case.send(actor, command)
            return
    raise AssertionError(f"nothing fits while waiting for {waiting}: {moves}")


def lead_to_the_end(case: WalkedCase, rng: Random) -> int:
    """Follow the case until it is closed; return in how many steps."""
    for number in range(MOST_STEPS):
        if waiting_on(case.dispute) is None:
            return number
        step(case, rng)
    raise AssertionError(f"still {case.dispute.phase} after {MOST_STEPS} steps")


def _moves(case: WalkedCase) -> Iterator[tuple[Actor, Action]]:
    for actor in (*CAST, *RESERVE):
        for action in case.offered(actor):
            if is_expected(action, case.dispute, case.context(actor)):
                yield actor, action

"""From wherever a case is, following what it offers leads to its end."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case.dispute import Phase
from tests.domain import invariants, offered_steps
from tests.domain.walked_case import RULED_STARTS, STARTS, WAITS, WalkedCase, costly
from tests.samples import BOOKS, FILE
from tests.sizes import sized

WAYS = ("acts", "acts", "acts", "follows", "waits")


def wander(case: WalkedCase, rng: Random, steps: int) -> None:
    """Let anybody do anything that is offered, or follow the case, or wait."""
    for _ in range(steps):
        match rng.choice(WAYS):
            case "acts":
                case.act(rng)
            case "follows":
                offered_steps.step(case, rng)
            case _:
                case.wait(rng.choice(WAITS))
        invariants.hold(case)


@pytest.mark.standard("4.4.4 a case closes on seven grounds and no others")
@pytest.mark.long
@given(
    profile=st.sampled_from(BOOKS.ids),
    start=st.sampled_from(sorted(STARTS)),
    costs_much=st.booleans(),
    steps=st.integers(0, 60),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=sized(200, 600), deadline=None, derandomize=True)
def test_every_reachable_case_is_led_to_its_end_by_what_it_offers(
    *, profile: str, start: str, costs_much: bool, steps: int, seed: int
) -> None:
    rng = Random(seed)
    costs_much = costs_much and start not in RULED_STARTS
    case = WalkedCase(BOOKS[profile], costly() if costs_much else FILE)
    case.play(*STARTS[start])
    wander(case, rng, steps)
    offered_steps.lead_to_the_end(case, rng)
    assert case.dispute.phase is Phase.CLOSED
    invariants.hold_at_the_end(case)

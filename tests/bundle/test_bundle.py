"""A bundle: the same bytes each time, and all of it holds."""

from __future__ import annotations

from uuid import UUID

from interface.bootstrap import System
from interface.bundle.making import Made, Wanted, make
from interface.static.verifier.redress_verify import Asked, check
from tests.bundle.conftest import states


def test_a_bundle_holds(made: Made, asked: Asked) -> None:
    report = check(made.content, asked)
    assert states(report) == dict.fromkeys(states(report), "holds") | {
        "witnessed": "none",
        "timed": "none",
    }, report
    assert report.verdict == "valid"


def test_the_same_case_at_the_same_checkpoint_is_the_same_bytes(
    system: System, case: UUID, made: Made
) -> None:
    assert make(system, case, Wanted()).content == made.content

"""Both verifiers find the same in mutants that know the structure of bundles.

None is taken for something else: what still holds proves what it did before. Of a
bundle of the second format nothing at all may have changed, unless the platform signed
it anew. TEST_MUTANTS says how many are tried.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from interface.verifier.redress_verify import CODES, Report, check
from tests.bundle.conftest import states
from tests.bundle.node_verifier import (
    NODE,
    NodeVerifier,
    outcomes,
    second,
    second_trusting,
)
from tests.bundle.structure_mutants import Mutant, mutant, owned, proved
from tests.bundle.test_golden import BUNDLES, asked_of
from tests.bundle.written_bundle import GIVEN, asked, written
from tests.sizes import only_whole, sized

MANY = int(os.environ.get("TEST_MUTANTS", sized(400, 2_000)))
WHOLE, RECEIPT = written().bundle(), written().receipt(1)
Make = Callable[[random.Random], Mutant]
MAKES: dict[str, tuple[float, Make]] = {
    "bundle": (0.35, lambda rng: mutant(WHOLE, rng)),
    "receipt": (0.25, lambda rng: mutant(RECEIPT, rng)),
    "owned": (0.2, owned),
}
GOLDEN_SHARE = 0.2

pytestmark = pytest.mark.skipif(NODE is None, reason="Node is not here")


@pytest.mark.parametrize("name", MAKES)
def test_both_find_the_same_and_nothing_else_is_proved(
    name: str, tmp_path: Path
) -> None:
    share, make = MAKES[name]
    with second_trusting(tmp_path, GIVEN) as other:
        seen = compared(make, asked(), other, int(MANY * share))
    assert len(seen) >= {"bundle": 15, "receipt": 8, "owned": 10}[name], seen
    assert seen.keys() <= CODES.keys() - {"unexpected"}, seen


@only_whole
@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_so_it_is_of_bundles_that_were_made_once(path: Path, tmp_path: Path) -> None:
    data, share = path.read_bytes(), GOLDEN_SHARE / len(BUNDLES)
    with second(tmp_path, path.with_suffix(".json")) as other:
        seen = compared(
            lambda rng: mutant(data, rng), asked_of(path), other, int(MANY * share)
        )
    assert seen.keys() <= CODES.keys() - {"unexpected"}, seen


def compared(make: Make, trusted: Any, other: NodeVerifier, many: int) -> Counter[str]:
    """Compare both verifiers on mutants; return how often each verdict came."""
    rng, seen = random.Random(many), Counter[str]()
    for number in range(many):
        one = make(rng)
        ours, theirs = check(one.data, trusted), other.check(one.data)
        about = (number, one.name, one.by, ours.verdict, theirs["verdict"])
        assert outcomes(theirs) == states(ours), about
        assert theirs["timeline"] == list(ours.timeline), about
        told = [tuple(row["told"]) for row in theirs["properties"] if not row["code"]]
        same = [row.told for row in ours.found if not row.code]
        assert str(told) == str(plain(same)), about
        check_meaning(one, ours, trusted)
        seen[ours.verdict] += 1
    return seen


def plain(rows: Any) -> Any:
    return [tuple([said.words, list(said.filling)] for said in row) for row in rows]


def check_meaning(one: Mutant, report: Report, trusted: Any) -> None:
    """Hold a mutant that is valid against what it was made of."""
    if report.verdict != "valid" or one.by == "owner":
        return
    before = check(one.source, trusted)
    proves = proved(one.data, told(report)), proved(one.source, told(before))
    assert proves[0] == proves[1], one.name
    if one.by == "carrier" and states(before).get("vouched") == "holds":
        pytest.fail(f"{one.name}: a signed manifest was changed unseen")


def told(report: Report) -> dict[str, Any]:
    return {"case": report.case, "version": report.version, "rows": report.timeline}

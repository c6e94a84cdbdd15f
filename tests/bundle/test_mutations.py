"""Bundles that were tampered with: none is accepted, and each is named rightly.

TEST_MUTATIONS says how many are tried.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest

from interface.verifier.redress_verify import CODES, check
from tests.bundle.bundle_archive import taken
from tests.bundle.mutations import mutated
from tests.bundle.test_golden import GOLDEN, asked_of

MANY = int(os.environ.get("TEST_MUTATIONS", "1500"))


@pytest.mark.parametrize("seed", range(2))
def test_no_mutated_bundle_is_accepted(seed: int) -> None:
    path, rng = GOLDEN / "case-1.zip", random.Random(seed)
    data, asked = path.read_bytes(), asked_of(path)
    members, seen = taken(data), Counter[str]()
    for number in range(MANY // 2):
        mutation = mutated(data, members, rng)
        verdict = check(mutation.data, asked).verdict
        assert verdict in mutation.right, (number, mutation.name, verdict)
        seen[verdict] += 1
    assert "valid" not in seen
    assert seen.keys() <= CODES.keys()

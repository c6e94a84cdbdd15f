"""Bundles that were tampered with: none is accepted, and each is named rightly.

TEST_MUTATIONS says how many are tried.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest

from interface.verifier.redress_verify import CODES, check
from tests.bundle.bundle_archive import taken
from tests.bundle.mutations import mutated
from tests.bundle.test_golden import BUNDLES, asked_of
from tests.sizes import sized

MANY = int(os.environ.get("TEST_MUTATIONS", sized(500, 1_500)))


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_no_mutated_bundle_is_accepted(path: Path) -> None:
    rng = random.Random(path.stem)
    data, asked = path.read_bytes(), asked_of(path)
    members, seen = taken(data), Counter[str]()
    for number in range(MANY // 2):
        mutation = mutated(data, members, rng)
        verdict = check(mutation.data, asked).verdict
        # Whoever makes a manifest fit cannot sign it, in the second format.
        right = mutation.right | {"manifest-forged"}
        assert verdict in right, (number, mutation.name, verdict)
        seen[verdict] += 1
    assert "valid" not in seen
    assert seen.keys() <= CODES.keys()

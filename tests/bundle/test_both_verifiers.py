"""Both verifiers find the same, property by property, whatever they are given.

TEST_MUTATIONS says how many bundles they are given.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from interface.verifier import redress_verify
from interface.verifier.redress_verify import CODES, check
from tests.bundle.bundle_archive import taken
from tests.bundle.conftest import states
from tests.bundle.mutations import mutated
from tests.bundle.node_verifier import NODE, VERIFIER, outcomes, second
from tests.bundle.test_golden import BUNDLES, GOLDEN, asked_of
from tests.bundle.test_mutations import MANY

needs_node = pytest.mark.skipif(NODE is None, reason="Node is not here")


@needs_node
@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_both_accept_what_holds(path: Path, tmp_path: Path) -> None:
    with second(tmp_path, path.with_suffix(".json")) as other:
        theirs = other.check(path.read_bytes())
    ours = check(path.read_bytes(), asked_of(path))
    assert theirs["verdict"] == ours.verdict == "valid"
    assert theirs["properties"] == plain(one._asdict() for one in ours.found)
    assert (theirs["case"], theirs["version"]) == (ours.case, ours.version)
    assert theirs["sha256"] == ours.digest


@needs_node
@pytest.mark.parametrize("name", [path.name for path in BUNDLES])
def test_both_name_the_same(name: str, tmp_path: Path) -> None:
    path, rng = GOLDEN / name, random.Random(7)
    data, asked = path.read_bytes(), asked_of(path)
    members = taken(data)
    with second(tmp_path, path.with_suffix(".json")) as other:
        for number in range(MANY // 5):
            mutation = mutated(data, members, rng)
            ours, theirs = check(mutation.data, asked), other.check(mutation.data)
            assert outcomes(theirs) == states(ours), (number, mutation.name)


@needs_node
def test_both_know_the_same_verdicts(tmp_path: Path) -> None:
    with second(tmp_path, BUNDLES[0].with_suffix(".json")) as other:
        assert other.statuses == {code: row[0] for code, row in CODES.items()}


def plain(rows: Iterable[Any]) -> Any:
    return json.loads(json.dumps(list(rows)))


def test_the_page_says_what_the_program_says() -> None:
    text = (VERIFIER / "words.js").read_text("utf-8")
    for name in ("CODES", "PROPERTIES", "STATES", "TOLD", "TOPICS", "ROLES"):
        table = getattr(redress_verify, name)
        for place, language in ((-2, "en"), (-1, "zh")):
            block = re.search(
                rf"{name} = .*?{language}: {{\n(.*?)\n  }},", text, re.DOTALL
            )
            assert block is not None
            said = json.loads("{" + block[1].rstrip(",") + "}")
            assert said == {code: row[place] for code, row in table.items()}
    for place, language in enumerate(("en", "zh")):
        for name in ("NOT_PROVED", "NOT_PROVED_BY_RECEIPT"):
            block = re.search(
                rf"{name} = .*?{language}: \[\n(.*?)\n  \]", text, re.DOTALL
            )
            assert block is not None
            listed = json.loads("[" + block[1].rstrip(",") + "]")
            assert listed == [row[place] for row in getattr(redress_verify, name)]
        beside = redress_verify.BESIDE[place].strip()[:-1]
        assert f'"beside": "{beside}"' in text


def test_the_page_loads_nothing_from_outside() -> None:
    page = (VERIFIER / "index.html").read_text("utf-8")
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in page
    sources = [*VERIFIER.glob("*.js"), *VERIFIER.glob("*.css")]
    assert len(sources) >= 4
    for path in sources:
        assert "//" not in re.sub(r"(?m)^\s*//.*$", "", path.read_text("utf-8")), path
    assert not re.search(r"https?:|\bon\w+=|style=|<script>", page)

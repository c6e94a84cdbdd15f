"""Both verifiers find the same, property by property, whatever they are given.

TEST_MUTATIONS says how many bundles they are given.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from interface.pages.page_texts import page_words
from interface.pages.public.verify_page import VERIFIER_POLICY
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
        assert page_words("verify.beside", language) == beside


def test_the_page_loads_nothing_from_outside() -> None:
    allowed = dict(part.split(" ", 1) for part in VERIFIER_POLICY.split("; "))
    assert allowed["default-src"] == allowed["connect-src"] == "'none'"
    assert allowed["form-action"] == allowed["base-uri"] == "'none'"
    assert allowed["script-src"] == allowed["style-src"] == "'self'"
    pages = files("interface.pages")
    template = pages.joinpath("templates/public/verify.html").read_text("utf-8")
    earlier = (VERIFIER / "index.html").read_text("utf-8")
    for page in (template, earlier):
        assert not re.search(r"https?:|\bon\w+=|style=|<script>", page)
    assert "default-src 'none'" in earlier
    styles = [f"static/{name}" for name in re.findall(r"[a-z]+\.css", template)]
    assert styles
    sources = [pages.joinpath(name) for name in styles]
    sources += [one for one in VERIFIER.iterdir() if one.suffix == ".js"]
    assert len(sources) >= 5
    for path in sources:
        text = path.read_text("utf-8")
        assert "//" not in re.sub(r"(?m)^\s*//.*$", "", text), path

"""What a bundle says never steers the terminal or the page that shows it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from application.bundle.imported_case import ImportRefused
from interface.verified_bundle import verify_bundle
from interface.verifier.redress_verify import main, shown
from tests.bundle.bundle_archive import forged, put, taken
from tests.bundle.node_verifier import NODE, VERIFIER
from tests.bundle.test_golden import GOLDEN, asked_of
from tests.samples import NOW

PATH = GOLDEN / "case-1.zip"
MEMBERS = taken(PATH.read_bytes())
GIVEN = json.loads(PATH.with_suffix(".json").read_text("utf-8"))
STEERING = "\x1b[2J\x9b1m\r\x7fvalid (0)\nvalid (0)\u202e\u2066\u200f\u061c\u2028"
HALF = json.dumps([{"version": 1, "path": f"\ud800{STEERING}"}]).encode()
SAYING = {
    "format": forged(MEMBERS, format=STEERING),
    "format of another kind": forged(MEMBERS, format=[STEERING]),
    "half a character": forged(MEMBERS | {"opened.json": HALF}),
    "case": forged(MEMBERS, case=STEERING),
    "name": put(MEMBERS | {STEERING: b""}),
    "name that is listed": forged(MEMBERS | {STEERING: b""}),
}


@pytest.mark.parametrize("name", SAYING)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_steers_the_terminal(
    name: str,
    language: str,
    tmp_path: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    path = tmp_path / "case.zip"
    path.write_bytes(SAYING[name])
    arguments = [str(path), "--key", GIVEN["log"][0]]
    status = main([*arguments, "--lang", language])
    text = capfdbinary.readouterr().out.decode()
    assert status
    assert status == main([*arguments, "--json"])
    assert capfdbinary.readouterr().out.isascii()
    lines = text.rstrip("\n").split("\n")
    assert not any(line.startswith("valid") for line in lines)
    kinds = {unicodedata.category(char) for line in lines for char in line}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_nothing_steers_the_terminal_of_an_import() -> None:
    for content in SAYING.values():
        with pytest.raises(ImportRefused) as caught:
            verify_bundle(content, asked_of(PATH), NOW)
        assert str(caught.value).isprintable()


def test_a_name_is_read_as_it_was_written() -> None:
    name = "见证/é.json"
    with pytest.raises(ImportRefused, match=name):
        verify_bundle(put(MEMBERS | {name: b""}), asked_of(PATH), NOW)


def test_chinese_words_say_all_in_chinese(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    main([str(PATH), "--key", GIVEN["log"][0], "--lang", "zh"])
    *words, verdict, _ = capfdbinary.readouterr().out.decode().splitlines()
    assert verdict == "valid (0)"
    known = {"SHA", "localhost", "log", "redress", "statement"}
    plain = re.sub(r"\b[0-9a-f]{4,}\b", "", "\n".join(words))
    assert set(re.findall(r"[A-Za-z]{2,}", plain)) == known


def test_what_is_not_proved_is_in_json_too(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    main([str(PATH), "--key", GIVEN["log"][0], "--json"])
    told = json.loads(capfdbinary.readouterr().out)
    assert "opened texts that are only said by the platform" in told["not_proved"]
    abouts = {one["name"]: one["about"] for one in told["properties"]}
    assert abouts["erased"] == "sealed texts: 8, erased: 1 (4/statement)"


@pytest.mark.skipif(NODE is None, reason="Node is not here")
def test_the_page_writes_out_the_same(tmp_path: Path) -> None:
    module = tmp_path / "verify.mjs"
    shutil.copy(VERIFIER / "verify.js", module)
    points = [*range(0x3100), *range(0xD7F0, 0x10000), *range(0xDFFF0, 0xE0100)]
    text = "".join(f"{chr(point)}." for point in points)
    code = (
        'import { shown } from "./verify.mjs"; import { readFileSync } from "node:fs";'
        "const text = JSON.parse(readFileSync(0));"
        "process.stdout.write(JSON.stringify(shown(text)));"
    )
    done = subprocess.run(
        [str(NODE), "--input-type=module", "-e", code],
        cwd=tmp_path,
        input=json.dumps(text).encode(),
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == shown(text)


def test_the_page_sets_text_and_nothing_else() -> None:
    page = (VERIFIER / "page.js").read_text("utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write", page)
    assert page.count("shown(") == 1
    assert set(re.findall(r"report\.(\w+)", page)) == {
        "bundles",
        "case",
        "properties",
        "sha256",
        "timeline",
        "trouble",
        "verdict",
        "version",
    }

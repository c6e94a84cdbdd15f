"""`/v1/log/keys` says which key is which, and the verifiers take all of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from application.bundle.maker import BundleFile
from application.log.sign import key_file
from interface.bootstrap import System
from interface.verifier.redress_verify import Asked, check, read_keys
from tests.bundle.node_verifier import NODE, VERIFIER
from tests.http.conftest import People

PROGRAM = VERIFIER / "redress_verify.py"


@pytest.fixture
def listed(people: People, made: BundleFile) -> dict[str, Any]:
    del made  # with it, everything is signed
    found: dict[str, Any] = people.buyer.http.get("/v1/log/keys").json()
    return found


def test_each_key_says_what_it_is(listed: dict[str, Any], system: System) -> None:
    log, *_ = key_file.read(system.settings.log.key).verifiers
    uses = {one["vkey"]: one["use"] for one in listed["items"]}
    assert uses[log.vkey] == "log"
    assert uses[system.statement_key.vkey] == "statements"
    for one in listed["items"]:
        assert one["vkey"].startswith(f"{one['name']}+{one['key_id']}+")
        assert one["algorithm"] in {"Ed25519", "ML-DSA-44"}
        assert one["signs"] is True
    (stating,) = (one for one in listed["items"] if one["use"] == "statements")
    assert log.key_id.hex() in stating["endorsed_by"]
    ours = (one for one in listed["items"] if one["use"] == "log")
    assert all(one["made_at"] for one in ours)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROGRAM), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_program_takes_the_whole_list(
    listed: dict[str, Any], made: BundleFile, tmp_path: Path
) -> None:
    bundle, keys, lines = (tmp_path / name for name in ("x.zip", "k.json", "k.txt"))
    bundle.write_bytes(made.content)
    keys.write_text(json.dumps(listed))
    lines.write_text("".join(f"{one['vkey']}\n" for one in listed["items"]))
    for path in (keys, lines):
        done = run(str(bundle), "--keys", str(path), "--json")
        assert json.loads(done.stdout)["verdict"] == "valid", done.stderr
    # In `--key` a key of statements is told apart as well.
    options = [f"--key={one['vkey']}" for one in listed["items"]]
    assert run(str(bundle), *options).returncode == 0


@pytest.mark.parametrize("content", ["{}", '{"items": [1]}', "[{}]", "x", '["x"]', ""])
def test_what_is_no_list_of_keys_is_a_wrong_use(content: str, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    done = run(str(path), "--keys", str(path))
    assert done.returncode == 2
    assert "--key" in done.stderr
    assert "Traceback" not in done.stderr


def test_statements_alone_are_no_key_of_the_log(
    listed: dict[str, Any], tmp_path: Path
) -> None:
    (stating,) = (one for one in listed["items"] if one["use"] == "statements")
    done = run(str(tmp_path / "x.zip"), "--key", stating["vkey"])
    assert done.returncode == 2
    assert "a key of the log is needed" in done.stderr


def test_the_keys_that_a_list_gives_are_enough(
    listed: dict[str, Any], made: BundleFile
) -> None:
    keys = read_keys(json.dumps(listed))
    log = tuple(key for key in keys if not key.name.endswith("/statements"))
    stating = tuple(key for key in keys if key.name.endswith("/statements"))
    report = check(made.content, Asked(log, statement_keys=stating))
    assert report.verdict == "valid"


@pytest.mark.skipif(NODE is None, reason="Node is not here")
def test_the_page_reads_the_same_keys(listed: dict[str, Any], tmp_path: Path) -> None:
    module = tmp_path / "verify.mjs"
    module.write_text((VERIFIER / "verify.js").read_text("utf-8"))
    lines = "\n".join(one["vkey"] for one in listed["items"])
    for text in (json.dumps(listed), lines):
        code = (
            f'import {{ readKeys }} from "{module}";'
            f"const found = await readKeys({json.dumps(text)});"
            "const names = (keys) => keys.map((key) => key.vkey);"
            "console.log(JSON.stringify([names(found.keys),"
            " names(found.statementKeys)]));"
        )
        done = subprocess.run(
            [str(NODE), "--input-type=module", "-e", code],
            capture_output=True,
            text=True,
            check=True,
        )
        log, stating = json.loads(done.stdout)
        by_use = {"log": log, "statements": stating}
        for one in listed["items"]:
            assert one["vkey"] in by_use[one["use"]]
        assert len(log) + len(stating) == len(listed["items"])

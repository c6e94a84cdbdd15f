"""The verifier as it is used: one file, alone, and a status for each verdict."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from interface.cli.main import redress
from interface.verifier.redress_verify import CODES, main, verify
from tests.bundle.bundle_archive import taken
from tests.bundle.node_verifier import VERIFIER
from tests.bundle.test_golden import GOLDEN

BUNDLE = GOLDEN / "case-1.zip"
GIVEN = json.loads(BUNDLE.with_suffix(".json").read_text("utf-8"))
LOG = ["--key", GIVEN["log"][0]]
UNSIGNED = {"statements", "vouched"}
"""What bundles of the first format have no signature for."""
WITNESSES = ["--witness", GIVEN["witnesses"][0], "--witness", GIVEN["witnesses"][1]]


def run(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of the file in an empty folder, apart from all that is installed."""
    copied = tmp_path / "redress_verify.py"
    done = CliRunner().invoke(redress, ["verifier", "--force", str(copied)])
    assert done.exit_code == 0, done.output
    command = [sys.executable, "-I", "-S", str(copied), *arguments]
    return subprocess.run(
        command, cwd=tmp_path, capture_output=True, check=False, encoding="utf-8"
    )


def test_alone_it_says_each_property_and_ends_with_0(tmp_path: Path) -> None:
    done = run(tmp_path, str(BUNDLE), *LOG, *WITNESSES, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["verdict"] == "valid"
    states = {one["name"]: one["state"] for one in told["properties"]}
    assert {name for name, state in states.items() if state != "holds"} == UNSIGNED
    assert states["timed"] == "holds"
    for language, said in (
        ("zh", "见证方已联署：成立"),  # noqa: RUF001
        ("en", "co-signed it: holds"),
    ):
        words = run(tmp_path, str(BUNDLE), *LOG, *WITNESSES, "--lang", language)
        assert said in words.stdout


def test_each_verdict_has_a_status_of_its_own() -> None:
    statuses = [row[0] for row in CODES.values()]
    assert len(set(statuses)) == len(statuses)
    assert 1 not in statuses
    assert 2 not in statuses


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 10), (b"PK", 10), (BUNDLE.read_bytes()[:5_000], 10), (None, 3)],
)
def test_what_is_no_bundle(tmp_path: Path, content: bytes | None, status: int) -> None:
    path = tmp_path / "x.zip"
    if content is not None:
        path.write_bytes(content)
    done = run(tmp_path, str(path), *LOG)
    assert (done.returncode, done.stderr) == (status, "")
    lines = done.stdout.splitlines()
    assert " 0" not in lines
    assert "SHA-256 " not in lines


def test_a_zip_bomb_is_never_inflated(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(200_000_000))
    done = run(tmp_path, str(path), *LOG)
    assert (done.returncode, done.stderr) == (11, "")


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.zip"
    with path.open("wb") as file:
        file.truncate((1 << 30) + 1)
    assert run(tmp_path, str(path), *LOG).returncode == 11


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--key", "x"],
        ["--key", GIVEN["log"][0] + "x"],
        ["--key", GIVEN["witnesses"][0]],
        [*LOG, "--witness", GIVEN["log"][0]],
        [*LOG, "--quorum", "1"],
        [*LOG, *WITNESSES, "--quorum", "3"],
        [*LOG, *WITNESSES, "--quorum", "0"],
        [*LOG, *WITNESSES, *WITNESSES],
        [*LOG, "--statement-key", GIVEN["witnesses"][0]],
        [*LOG, "--statement-key", "x"],
        [*LOG, "--tsa", "nothing.pem"],
        [*LOG, "--tsa", str(BUNDLE)],
    ],
)
def test_wrong_keys_are_a_wrong_use(tmp_path: Path, arguments: list[str]) -> None:
    done = run(tmp_path, str(BUNDLE), *arguments)
    assert done.returncode == 2
    assert "error:" in done.stderr
    assert "Traceback" not in done.stderr
    assert not arguments or f"error: {arguments[-2]}" in done.stderr


def test_a_mistyped_key_or_certificate_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, str(BUNDLE), *LOG, "--tsa", str(BUNDLE))
    assert f"--tsa {BUNDLE}: not a certificate in PEM" in done.stderr
    blank = f"{LOG[1][:-9]} {LOG[1][-9:]}"
    done = run(tmp_path, str(BUNDLE), "--key", blank)
    assert f"--key: not an Ed25519 or ML-DSA-44 verifier key: {blank}" in done.stderr


def test_a_foreign_key_is_named(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    theirs = "other.example/log+"
    other = "redress.localhost/log+"
    material = bytes([1]) + bytes(31) + b"\1"
    for name, status in ((theirs, 51), (other, 52)):
        assert main([str(BUNDLE), "--key", _vkey(name[:-1], material)]) == status
    assert capfdbinary.readouterr().err == b""


def _vkey(name: str, material: bytes) -> str:
    from base64 import b64encode
    from hashlib import sha256

    key_id = sha256(f"{name}\n".encode() + material).hexdigest()[:8]
    return f"{name}+{key_id}+{b64encode(material).decode()}"


def test_it_lists_its_verdicts(tmp_path: Path) -> None:
    done = run(tmp_path, "--codes")
    assert done.returncode == 0
    assert all(code in done.stdout for code in CODES)


def test_it_is_written_for_python_3_9_and_uses_the_standard_library() -> None:
    tree = ast.parse(
        (VERIFIER / "redress_verify.py").read_text(), feature_version=(3, 9)
    )
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.module is not None
            assert node.module.split(".")[0] in sys.stdlib_module_names
        if isinstance(node, ast.Import):
            assert {one.name for one in node.names} <= sys.stdlib_module_names
        assert not isinstance(node, ast.Match)


# RFC 8032, section 7.1: tests 1 to 3.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_ed25519_is_that_of_the_rfc(public: str, message: str, signature: str) -> None:
    key, text, held = map(bytes.fromhex, (public, message, signature))
    assert verify(key, text, held)
    order = 2**252 + 27742317777372353535851937790883648493
    s = int.from_bytes(held[32:], "little")
    malleable = held[:32] + (s + order).to_bytes(32, "little")
    assert not verify(key, text, malleable)
    assert not verify(key, text + b"x", held)
    for place in range(64):
        bit = bytes([held[place] ^ 1])
        assert not verify(key, text, held[:place] + bit + held[place + 1 :])
    assert not verify(b"\xff" * 32, text, held)


def test_the_golden_bundle_has_what_bundles_can_have() -> None:
    members = taken(BUNDLE.read_bytes())
    assert {"opened.json", "keys.json"} <= members.keys()
    assert any(name.endswith(".opened") for name in members)
    assert any(one["endorsement"] for one in json.loads(members["keys.json"]))

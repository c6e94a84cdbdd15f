"""`redress sign`: what its flags say, and what they leave as it is."""

from __future__ import annotations

from pathlib import Path

from tests.log.log_fixture import LogFixture
from tests.log.signer_fixture import SignerFixture
from tests.test_startup_checks import redress, said


def test_with_a_memory_nothing_is_adopted_and_that_is_said(
    log: LogFixture, signer: SignerFixture, url: str, tmp_path: Path
) -> None:
    log.tell()
    log.build()
    signer.sign()
    before = signer.path.read_bytes()
    state = {"REDRESS_LOG_STATE": str(signer.path)}
    line = said(redress(tmp_path, url, "sign", "--adopt", **state))
    assert f"--adopt: {signer.path} remembers 17 signed entries" in line
    assert "start without --adopt" in line
    assert "move that file away first" in line
    assert signer.path.read_bytes() == before


def test_rotating_and_retiring_say_who_needs_the_keys(tmp_path: Path, url: str) -> None:
    made = redress(tmp_path, url, "sign", "--new-key")
    assert made.stdout.count("signs ") == 2
    rotated = redress(tmp_path, url, "sign", "--rotate")
    assert rotated.stdout.count("signs ") == 4
    retired = redress(tmp_path, url, "sign", "--retire")
    assert retired.stdout.count("retired ") == 2
    for done in (rotated, retired):
        assert "a running signer goes on with these keys by itself" in done.stderr
        assert "add the new ones beside the old" in done.stderr

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


def test_the_log_endorses_the_key_that_the_application_prints(
    tmp_path: Path, url: str
) -> None:
    missing = said(redress(tmp_path, url, "statement-key"))
    assert "statements.json: there is no key file" in missing
    made = redress(tmp_path, url, "statement-key", "--new-key").stdout
    again = redress(tmp_path, url, "statement-key", "--new-key").stdout
    assert made == again
    vkey = made.split()[1]
    redress(tmp_path, url, "sign", "--new-key")
    endorsed = redress(tmp_path, url, "sign", "--endorse", vkey)
    assert endorsed.stdout == f"endorsed {vkey}\n"
    renewed = redress(tmp_path, url, "statement-key", "--renew")
    assert [line.split()[0] for line in renewed.stdout.splitlines()] == [
        "retired",
        "signs",
    ]
    assert "have the new key endorsed" in renewed.stderr


def test_what_is_no_key_of_the_application_is_not_endorsed(
    tmp_path: Path, url: str
) -> None:
    log = redress(tmp_path, url, "sign", "--new-key").stdout.split()[1]
    line = said(redress(tmp_path, url, "sign", "--endorse", log))
    assert "--endorse: redress.localhost/log is no key of" in line
    assert "--endorse" in said(redress(tmp_path, url, "sign", "--endorse", "x"))

"""Starting: what is wrong is one line that names the setting."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from interface.callers import DEVELOPMENT_ISSUER, OVERSEERS, DevelopmentKey, Tokens
from interface.cli import demonstrating
from interface.settings import read


def redress(
    home: Path, url: str, *arguments: str, **environ: str
) -> subprocess.CompletedProcess[str]:
    base = {"REDRESS_HOME": str(home), "DATABASE_URL": url, "COLUMNS": "80"}
    return subprocess.run(
        [sys.executable, "-m", "interface", *arguments],
        env=os.environ | base | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line that a command ends with."""
    assert done.returncode == 1, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("redress: ")
    return line


def test_overseers_tokens_are_of_no_platform_unless_one_is_named(
    tmp_path: Path, url: str
) -> None:
    def platform(role: str, *more: str) -> str | None:
        asked = ("token", "--role", role, "--subject", "x-1", *more)
        token = redress(tmp_path, url, *asked).stdout.strip()
        tokens = Tokens(DevelopmentKey(tmp_path), DEVELOPMENT_ISSUER, None)
        return tokens.caller(f"Bearer {token}").platform

    assert platform("mediator") == "shop"
    assert platform("mediator", "--platform", "mall") == "mall"
    assert platform("regulator") is None
    assert platform("analyst", "--platform", "mall") == "mall"
    lines = demonstrating.welcome(read({"REDRESS_HOME": str(tmp_path)}))
    for line in lines:
        if line.startswith("  export "):
            role, token = line.split()[1].split("=")
            tokens = Tokens(DevelopmentKey(tmp_path), DEVELOPMENT_ISSUER, None)
            caller = tokens.caller(f"Bearer {token}")
            assert (caller.platform is None) == (caller.role in OVERSEERS), role


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--days", "99999999"),
        ("--days", "-1"),
        ("--days", "0"),
        ("--subject", ""),
        ("--subject", " "),
        ("--subject", "a\nb"),
        ("--platform", ""),
        ("--role", "king"),
        ("--role", "clock"),
    ],
)
def test_a_token_that_could_not_be_used_is_refused(
    tmp_path: Path, url: str, option: str, value: str
) -> None:
    asked = {"--role": "buyer", "--subject": "b-1"} | {option: value}
    words = [word for pair in asked.items() for word in pair]
    assert f"redress: {option}: " in said(redress(tmp_path, url, "token", *words))


def test_a_file_where_evidence_should_go_is_named(tmp_path: Path, url: str) -> None:
    (tmp_path / "evidence").write_text("not a folder")
    line = said(redress(tmp_path, url, "serve"))
    assert "REDRESS_EVIDENCE" in line
    assert str(tmp_path / "evidence") in line
    doctor = redress(tmp_path, url, "doctor")
    assert doctor.returncode == 1
    assert "BAD" in doctor.stdout
    assert "REDRESS_EVIDENCE" in doctor.stdout

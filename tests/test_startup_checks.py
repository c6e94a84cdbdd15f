"""Starting: what is wrong is one line that names the setting."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import msgspec
import pytest

from application.cases.disputes import Disputes
from application.privacy.master_key import read_or_make
from domain.identity import natural_key
from domain.roles import Role
from interface.callers.caller import OVERSEERS
from interface.callers.claims import ClaimRules
from interface.callers.development_key import DEVELOPMENT_ISSUER, DevelopmentKey
from interface.callers.token_issuer import TokenIssuer
from interface.callers.tokens import Tokens
from interface.demo.welcome import write_tokens
from interface.settings.env_file import read_env
from interface.settings.settings import SettingError, read
from interface.startup_checks import warn_of_open_file
from tests.conftest import MASTER
from tests.loaded_program import run
from tests.sample_cases import ask
from tests.samples import BUYER, FILE

CASE = natural_key("shop", "b-1", "o-1", "1", "defect", 1)


def redress(
    home: Path, url: str, *arguments: str, **environ: str
) -> subprocess.CompletedProcess[str]:
    base = {"REDRESS_HOME": str(home), "DATABASE_URL": url, "COLUMNS": "80"}
    return run(*arguments, env=os.environ | base | environ)


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
        tokens = Tokens(
            [
                TokenIssuer(
                    DevelopmentKey(tmp_path), ClaimRules(DEVELOPMENT_ISSUER, None)
                )
            ]
        )
        return tokens.caller(f"Bearer {token}").platform

    assert platform("mediator") == "shop"
    assert platform("mediator", "--platform", "mall") == "mall"
    assert platform("regulator") is None
    assert platform("analyst", "--platform", "mall") == "mall"
    settings = read({"REDRESS_HOME": str(tmp_path)})
    shown = read_env(path := write_tokens(settings))
    assert path.stat().st_mode & 0o077 == 0
    tokens = Tokens(
        [TokenIssuer(DevelopmentKey(tmp_path), ClaimRules(DEVELOPMENT_ISSUER, None))]
    )
    callers = [tokens.caller(f"Bearer {one}") for one in shown.values()]
    assert {one.role for one in callers if one.platform is None} == OVERSEERS
    assert {one.role for one in callers} == set(Role) - {Role.CLOCK}


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


@pytest.mark.parametrize(
    ("command", "setting", "value"),
    [
        ("serve", "DATABASE_URL", "garbage"),
        ("serve", "DATABASE_URL", "postgresql://localhost:notaport/x"),
        ("serve", "DATABASE_URL", "postgresql://127.0.0.1:1/x"),
        ("serve", "REDRESS_KEYS_URL", "garbage"),
        ("serve", "REDRESS_HOME", "/dev/null/home"),
        ("work", "REDRESS_HOME", "/dev/null/home"),
        ("migrate", "DATABASE_URL", "garbage"),
        ("migrate", "REDRESS_KEYS_URL", "garbage"),
        ("rebuild", "DATABASE_URL", "garbage"),
        ("doctor", "DATABASE_URL", "garbage"),
        ("doctor", "REDRESS_KEYS_URL", "garbage"),
        ("doctor", "REDRESS_HOME", "/dev/null/home"),
    ],
)
def test_a_setting_that_leads_nowhere_is_named(
    tmp_path: Path, url: str, command: str, setting: str, value: str
) -> None:
    done = redress(tmp_path, url, command, **{setting: value})
    if command == "doctor":
        assert done.returncode == 1
        assert f"{setting}: " in done.stdout
    else:
        assert f"redress: {setting}: " in said(done)


def test_a_replay_shows_each_event_in_a_line_when_nothing_bounds_it(
    tmp_path: Path, url: str, disputes: Disputes
) -> None:
    ask(disputes, CASE, BUYER, FILE)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "master.json").write_bytes(msgspec.json.encode(MASTER))
    shown = redress(tmp_path, url, "replay", str(CASE)).stdout
    (event,) = (line for line in shown.splitlines() if "buyer b-1" in line)
    assert event.count("2026-03-02 02:00:00Z") == 2


@pytest.mark.parametrize("content", [None, "garbage", "{}", '{"current":"1"}'])
def test_a_master_key_that_is_none_is_named(
    tmp_path: Path, url: str, content: str | None
) -> None:
    path = tmp_path / "master.json"
    if content is None:
        path.mkdir()
    else:
        path.write_text(content)
    line = said(redress(tmp_path, url, "serve", REDRESS_MASTER_KEY=str(path)))
    assert line.startswith(f"redress: REDRESS_MASTER_KEY: {path}: ")


def test_a_development_key_that_is_none_is_named(tmp_path: Path, url: str) -> None:
    (tmp_path / "development-key.pem").write_text("garbage")
    asked = ("token", "--role", "buyer", "--subject", "b-1")
    assert "REDRESS_HOME: " in said(redress(tmp_path, url, *asked))


def test_a_key_file_that_others_can_read_is_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "master.json"
    read_or_make(path)
    warn_of_open_file("REDRESS_MASTER_KEY", path)
    assert caplog.messages == []
    for mode in (0o640, 0o604, 0o620):
        path.chmod(mode)
        caplog.clear()
        warn_of_open_file("REDRESS_MASTER_KEY", path)
        said = f"REDRESS_MASTER_KEY: others than its owner can read or change {path}"
        assert caplog.messages == [said]


def test_an_open_master_key_is_named_at_the_start(tmp_path: Path, url: str) -> None:
    path = tmp_path / "keys" / "master.json"
    read_or_make(path)
    assert "others" not in redress(tmp_path, url, "report", "all").stderr
    path.chmod(0o644)
    assert (
        "REDRESS_MASTER_KEY: others" in redress(tmp_path, url, "report", "all").stderr
    )


def test_keys_that_another_master_key_wrapped_stop_the_start(
    tmp_path: Path, url: str, disputes: Disputes
) -> None:
    ask(disputes, CASE, BUYER, FILE)
    path = tmp_path / "keys" / "master.json"
    line = said(redress(tmp_path, url, "serve"))
    assert "REDRESS_MASTER_KEY" in line
    assert "the database holds keys" in line
    assert not path.exists()
    read_or_make(path)
    assert "REDRESS_MASTER_KEY" in said(redress(tmp_path, url, "serve"))
    doctor = redress(tmp_path, url, "doctor")
    assert (doctor.returncode, "REDRESS_MASTER_KEY" in doctor.stdout) == (1, True)
    path.write_bytes(msgspec.json.encode(MASTER))
    assert "ok   settings, keys" in redress(tmp_path, url, "doctor").stdout


def test_a_value_with_blanks_is_told_to_need_quotes(tmp_path: Path) -> None:
    file = tmp_path / "redress.env"
    file.write_text("# mail\nREDRESS_MAIL_FROM=Warm Home <a@shop.example>\n", "utf-8")
    with pytest.raises(SettingError, match=r"line 2: is not NAME=value; .* quotes"):
        read_env(file)
    file.write_text("REDRESS_MAIL_FROM='Warm Home <a@shop.example>'\n", "utf-8")
    assert read_env(file) == {"REDRESS_MAIL_FROM": "Warm Home <a@shop.example>"}

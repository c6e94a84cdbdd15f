"""`redress init`: makes an installation's files, asks for what is missing, twice."""

from __future__ import annotations

import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from application.log.sign import key_file, statement_keys
from application.log.witness import trust_policy
from application.privacy.key_file_replacement import replace_content
from application.privacy.master_key import encoded, made, read_or_make
from interface.settings.env_file import env_text, load_env, read_env
from interface.settings.settings import SettingError, read
from interface.setup.database_script import owner_url_of
from interface.setup.production import NAMES_IN
from tests.loaded_program import run
from tests.processes import adopted

GIVEN = {
    "--log-name": "shop.example/disputes",
    "--jwks": "https://id.shop.example/jwks",
    "--issuer": "https://id.shop.example",
    "--audience": "redress",
}


def arguments(root: Path, **options: str) -> list[str]:
    folders = {"folder": "etc", "home": "home", "signer-home": "sign"}
    places = [word for k, v in folders.items() for word in (f"--{k}", str(root / v))]
    return [*places, *(word for pair in options.items() for word in pair)]


def init(
    root: Path, options: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    given = GIVEN if options is None else options
    return run("init", *arguments(root, **given))


def contents(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def test_one_call_makes_all_that_production_needs(tmp_path: Path) -> None:
    done = init(tmp_path)
    assert done.returncode == 0, done.stderr
    etc, home, sign = (tmp_path / one for one in ("etc", "home", "sign"))
    settings = read(read_env(etc / "redress.env"))
    assert not settings.is_development
    assert settings.log.origin == "shop.example/disputes"
    assert settings.callers.issuer == "https://id.shop.example"
    # Who only migrates, and who only signs, has no more than that needs.
    assert set(read_env(etc / "owner.env")) == {"REDRESS_OWNER_URL"}
    signing = read_env(etc / "sign.env")
    assert not {"REDRESS_MASTER_KEY", "REDRESS_OWNER_URL"} & signing.keys()
    assert read(signing, serves=False).log.key == sign / "keys" / "log.json"
    # The log vouches for the application's key, and is trusted itself.
    log = key_file.read(sign / "keys" / "log.json")
    ours = statement_keys.read(home / "keys" / "statements.json").verifiers
    assert set(statement_keys.named(log)) == {one.vkey for one in ours}
    assert trust_policy.read(etc / "log-policy").log_keys == log.verifiers
    secret = (*etc.glob("*.env"), etc / "database.sql", *home.glob("keys/*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in secret} == {0o600}
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    last = done.stdout.partition("Next, in this order:")[2]
    order = [last.index(one) for one in (" migrate", " sign\n", " work\n", " doctor ")]
    assert order == sorted(order)


def test_a_second_run_keeps_everything(tmp_path: Path) -> None:
    assert init(tmp_path).returncode == 0
    (tmp_path / "etc" / "database.sql").unlink()
    before = contents(tmp_path)
    done = init(tmp_path, {"--issuer": "https://other.example"})
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path) == before
    assert "kept  REDRESS_ISSUER as the settings say it" in done.stdout
    assert "made " not in done.stdout


def test_what_is_missing_in_the_settings_is_added(tmp_path: Path) -> None:
    assert init(tmp_path).returncode == 0
    path = tmp_path / "etc" / "redress.env"
    lines = path.read_text().splitlines(keepends=True)
    dropped = ("REDRESS_LOG_POLICY", "REDRESS_EVIDENCE")
    kept = [one for one in lines if not one.startswith(dropped)]
    path.write_text("# ours\n" + "".join(kept))
    done = init(tmp_path, {})
    assert "added REDRESS_EVIDENCE, REDRESS_LOG_POLICY" in done.stdout
    assert path.read_text().startswith("# ours\n" + "".join(kept))
    assert set(read_env(path)) == set(NAMES_IN["redress.env"])


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ("REDRESS_MASTER_KEY", "home/keys/master.json"),
        ("REDRESS_STATEMENT_KEY", "home/keys/statements.json"),
        ("REDRESS_LOG_KEY", "sign/keys/log.json"),
    ],
)
def test_a_lost_key_is_never_made_again(
    tmp_path: Path, setting: str, name: str
) -> None:
    assert init(tmp_path).returncode == 0
    (tmp_path / name).unlink()
    before = contents(tmp_path)
    done = init(tmp_path, {})
    assert done.returncode == 1
    assert f"redress: {setting}: {tmp_path / name} is gone" in done.stderr
    assert contents(tmp_path) == before


def test_an_interrupted_run_is_finished_by_the_next(tmp_path: Path) -> None:
    assert init(tmp_path).returncode == 0
    for name in ("owner.env", "sign.env"):
        (tmp_path / "etc" / name).unlink()
    keys = {k: v for k, v in contents(tmp_path).items() if "keys/" in k}
    assert init(tmp_path, {}).returncode == 0
    assert keys.items() <= contents(tmp_path).items()
    # The SQL makes the logins that the settings name.
    script = (tmp_path / "etc" / "database.sql").read_text()
    for name, setting in (
        ("redress.env", "DATABASE_URL"),
        ("owner.env", "REDRESS_OWNER_URL"),
    ):
        url = read_env(tmp_path / "etc" / name)[setting]
        assert f"'{conninfo_to_dict(url)['password']}'" in script


def test_all_that_is_missing_or_wrong_is_named_at_once(tmp_path: Path) -> None:
    done = init(tmp_path, {})
    assert done.returncode == 1
    for option in GIVEN:
        assert option in done.stderr
    wrong = {"--jwks": "http://id.example/jwks", "--policy": "no/9"}
    done = init(tmp_path, GIVEN | wrong)
    assert "REDRESS_JWKS: id.example is across a network" in done.stderr
    done = init(tmp_path, GIVEN | {"--policy": "no/9"})
    assert "REDRESS_POLICY: 'no/9' is none of cn-default/1" in done.stderr
    done = init(tmp_path, GIVEN | {"--log-name": "a b"})
    assert "REDRESS_LOG_ORIGIN: 'a b' has a space or a plus" in done.stderr
    same = "postgresql://redress_owner:x@127.0.0.1/redress"
    done = init(tmp_path, GIVEN | {"--database": same, "--owner-database": same})
    assert "the processes must not log in as the owner" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_policy_in_a_file_is_checked_and_copied(tmp_path: Path) -> None:
    shipped = Path("domain/policy/cn-default-1.toml").read_text("utf-8")
    own = tmp_path / "shop-1.toml"
    own.write_text(shipped.replace('name = "cn-default"', 'name = "shop"'))
    done = init(tmp_path / "a", GIVEN | {"--policy": str(own)})
    assert done.returncode == 0, done.stderr
    settings = read(read_env(tmp_path / "a" / "etc" / "redress.env"))
    assert settings.policy == "shop/1"
    assert settings.policies is not None
    assert (settings.policies / "shop-1.toml").read_bytes() == own.read_bytes()
    own.write_text('name = "shop"\n')
    done = init(tmp_path / "b", GIVEN | {"--policy": str(own)})
    assert f"redress policy check {own}" in done.stderr
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://app:p%40ss@db.example:6432/shop?sslmode=verify-full&keepalives=1",
        "postgresql://app@%2Frun%2Fpostgresql/shop",
        "postgresql:///shop?user=app&password=x&host=/run/postgresql",
        "host=db.example dbname=shop user=app password='a b'",
    ],
)
def test_the_owner_logs_in_to_the_same_database(url: str) -> None:
    owner, app = conninfo_to_dict(owner_url_of(url)), conninfo_to_dict(url)
    assert owner.pop("user") == "redress_owner"
    assert len(str(owner.pop("password"))) == 48
    app = {k: v for k, v in app.items() if k not in {"user", "password"}}
    assert owner == app
    # As a URL where it can be one, which an operator recognises.
    is_url = owner_url_of(url).startswith("postgresql://")
    assert is_url == url.startswith("postgresql://app")


def test_on_a_terminal_it_asks(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    asked = [
        "",
        "shop.example/log",
        "",
        "https://id.example/k",
        "https://id",
        "redress",
    ]
    process = adopted(
        subprocess.Popen(
            [sys.executable, "-m", "interface", "init", *arguments(tmp_path)],
            stdin=slave,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    )
    os.close(slave)
    os.write(master, "".join(f"{one}\n" for one in asked).encode())
    out, err = process.communicate(timeout=60)
    os.close(master)
    assert process.returncode == 0, err
    assert "Identity provider" in err
    found = read_env(tmp_path / "etc" / "redress.env")
    assert found["REDRESS_LOG_ORIGIN"] == "shop.example/log"
    assert found["REDRESS_POLICY"] == "cn-default/1"
    assert "Next, in this order:" in out


def test_settings_in_a_file_are_read_as_a_shell_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"REDRESS_ISSUER": 'it\'s $HOME "x" # y', "REDRESS_PORT": "9"}
    path = tmp_path / "x.env"
    path.write_text(f"# words\n\n{env_text(values)}")
    assert read_env(path) == values
    shell = subprocess.run(
        ["sh", "-c", f'. {path}; printf %s "$REDRESS_ISSUER"'],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shell.stdout == values["REDRESS_ISSUER"]
    # What the environment says goes before.
    monkeypatch.setenv("REDRESS_PORT", "10")
    monkeypatch.delenv("REDRESS_ISSUER", raising=False)
    load_env(path)
    assert os.environ["REDRESS_PORT"] == "10"
    assert os.environ.pop("REDRESS_ISSUER") == values["REDRESS_ISSUER"]
    with pytest.raises(SettingError, match="line break"):
        env_text({"REDRESS_ISSUER": "a\nb"})
    for line in ("x", "A=b c", "A='", "a=b"):
        path.write_text(line)
        with pytest.raises(SettingError, match="line 1"):
            read_env(path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_writes_belongs_to_the_account_of_the_process(tmp_path: Path) -> None:
    folders = {"--user": "nobody", "--signer-user": "daemon"}
    assert init(tmp_path, GIVEN | folders).returncode == 0
    names = {
        "home": "nobody",
        "home/keys/master.json": "nobody",
        "home/keys/statements.json": "nobody",
        "home/evidence": "nobody",
        "etc/redress.env": "nobody",
        "sign": "daemon",
        "sign/keys/log.json": "daemon",
        "etc/sign.env": "daemon",
        "etc/owner.env": "root",
        "etc/log-policy": "root",
    }
    assert {name: (tmp_path / name).owner() for name in names} == names
    # So does what root replaces later, or makes in the folder of an account.
    env = read_env(tmp_path / "etc" / "sign.env")
    rotated = subprocess.run(
        [sys.executable, "-m", "interface", "sign", "--rotate"],
        env=os.environ | env,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert rotated.returncode == 0, rotated.stderr
    assert (tmp_path / "sign/keys/log.json").owner() == "daemon"
    fresh = tmp_path / "home" / "keys" / "other.json"
    read_or_make(fresh)
    replace_content(fresh, encoded(made()))
    assert fresh.owner() == "nobody"

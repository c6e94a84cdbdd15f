"""What `redress doctor --production` names, one thing wrong at a time."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from msgspec.structs import replace
from psycopg.conninfo import make_conninfo

from application.log.sign.key_file import KeyFile, read_or_make
from application.log.sign.statement_keys import endorsed, publish
from application.record.database import connected
from application.record.row_scope import APP_ROLE
from interface.bootstrap import System, wire
from interface.settings import settings
from interface.settings.settings import SettingError
from interface.setup.key_files import trust_policy_text
from interface.setup.production_checks import NOTE, OK, production_findings
from interface.startup_checks import check_login
from tests.conftest import MASTER
from tests.http.issuer import AUDIENCE, ISSUER, Issuer
from tests.postgres import Server
from tests.samples import NOW
from tests.statement_key_file import made_statement_key

ORIGIN = "shop.example/disputes"


@pytest.fixture
def log(tmp_path: Path) -> KeyFile:
    return read_or_make(tmp_path / "sign" / "log.json", ORIGIN, NOW)


@pytest.fixture
def production(url: str, tmp_path: Path, log: KeyFile) -> Iterator[System]:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    master = keys / "master.json"
    master.write_bytes(msgspec.json.encode(MASTER))
    master.chmod(0o600)
    key = made_statement_key(keys, ORIGIN)
    (tmp_path / "jwks.json").write_bytes(Issuer().key_set())
    (tmp_path / "log-policy").write_text(trust_policy_text(tmp_path / "sign/log.json"))
    with connected(url) as connection:
        publish(connection, endorsed(log, [key.vkey]))
    environ: dict[str, Any] = {
        "REDRESS_MODE": "production",
        "REDRESS_HOME": str(tmp_path),
        "REDRESS_JWKS": str(tmp_path / "jwks.json"),
        "REDRESS_ISSUER": ISSUER,
        "REDRESS_AUDIENCE": AUDIENCE,
        "REDRESS_MASTER_KEY": str(master),
        "REDRESS_STATEMENT_KEY": str(keys / "statements.json"),
        "REDRESS_LOG_ORIGIN": ORIGIN,
        "REDRESS_LOG_POLICY": str(tmp_path / "log-policy"),
        "REDRESS_METRICS_TOKEN": "secret",
        "DATABASE_URL": url,
    }
    one = wire(settings.read(environ), url, url)
    yield one
    one.close()


def found(system: System) -> dict[str, str]:
    return dict(production_findings(system))


def changed(system: System, part: str, **fields: Any) -> str:
    """Return what is said of a part when some settings are others."""
    group = {
        "jwks": "callers",
        "issuers": "callers",
        "origin": "log",
        "policy": "log",
        "key": "log",
        "nats": "feed",
        "otlp": "operation",
        "channels": "notices",
        "mail_server": "notices",
        "sms_gateway": "notices",
    }
    values: dict[str, Any] = {}
    for name, value in fields.items():
        if name in group:
            inner = values.get(group[name], getattr(system.settings, group[name]))
            values[group[name]] = replace(inner, **{name: value})
        else:
            values[name] = value
    return found(replace(system, settings=replace(system.settings, **values)))[part]


def test_where_all_is_well_only_what_is_not_running_is_bad(production: System) -> None:
    said = found(production)
    bad = {k: v for k, v in said.items() if not v.startswith((OK, NOTE))}
    assert bad == {
        f"process redress {one}": "does not run" for one in ("serve", "work", "sign")
    }
    notes = {name for name, words in said.items() if words.startswith(NOTE)}
    assert {"trust policy", "copies", "logins"} <= notes


def test_files_of_keys_are_private_and_apart(
    production: System, tmp_path: Path
) -> None:
    master = production.settings.master_key
    master.chmod(0o640)
    said = found(production)["key files"]
    assert (
        said == f"REDRESS_MASTER_KEY: others than its owner can read or change {master}"
    )
    master.chmod(0o600)
    master.parent.chmod(0o770)
    assert "can replace files in" in found(production)["key files"]
    master.parent.chmod(0o700)
    assert found(production)["key files"] == OK
    said = changed(production, "key files", evidence=tmp_path)
    assert "lies in the folder of evidence" in said
    said = changed(production, "signer's keys", key=tmp_path / "sign" / "log.json")
    assert said.startswith(f"{NOTE}{tmp_path / 'sign' / 'log.json'} belongs to")


def test_what_the_settings_rest_on_is_asked_for(
    production: System, tmp_path: Path
) -> None:
    assert "sandbox" in changed(production, "mode", mode=settings.Mode.DEVELOPMENT)
    name = changed(production, "log's name", origin="redress.localhost/log")
    assert "the name of any sandbox" in name
    assert "is not set" in changed(production, "trust policy", policy=None)
    empty = tmp_path / "empty"
    empty.write_text("quorum none\n")
    assert "names no log" in changed(production, "trust policy", policy=empty)
    lost = changed(production, "trust policy", policy=tmp_path / "lost")
    assert "No such file" in lost
    away = changed(production, "identity provider", jwks="http://127.0.0.1:1/jwks")
    assert away.startswith("REDRESS_JWKS: http://127.0.0.1:1/jwks: ")
    assert "without TLS" in changed(production, "TLS", host="0.0.0.0")  # noqa: S104
    assert found(production)["identity provider"] == f"{OK}; 1 keys"


ISSUERS = """
[[issuer]]
name = "{name}"
issuer = "{name}"
audience = "redress"
jwks = "{jwks}"
role = "buyer"
platform = "shop"
"""


def test_each_of_several_issuers_is_asked_for_its_keys(
    production: System, tmp_path: Path
) -> None:
    file = tmp_path / "issuers.toml"
    (tmp_path / "empty.json").write_text('{"keys": []}')

    def said(**jwks: str) -> str:
        entries = [ISSUERS.format(name=k, jwks=v) for k, v in jwks.items()]
        file.write_text("".join(entries))
        return changed(production, "identity provider", jwks=None, issuers=file)

    assert said(a="jwks.json") == f"{OK}; a: 1 keys"
    away = said(a="jwks.json", b="http://127.0.0.1:1/jwks", c="empty.json")
    assert away.startswith("REDRESS_ISSUERS: b: http://127.0.0.1:1/jwks: ")
    assert away.endswith("; REDRESS_ISSUERS: c: has no key")
    wrong = said(a="http://id.example/jwks")
    assert wrong.startswith(f"REDRESS_ISSUERS: {file}: issuer[0].jwks: id.example is")
    file.chmod(0o666)
    assert said(a="jwks.json").startswith("REDRESS_ISSUERS: others than its owner")


def test_a_key_that_the_log_does_not_vouch_for_is_named(
    production: System, tmp_path: Path
) -> None:
    other = made_statement_key(tmp_path / "other", ORIGIN)
    said = found(replace(production, statement_key=other))["statement key"]
    assert f"redress sign --endorse {other.vkey}" in said
    # Published by a log that nobody trusts, it counts for nothing.
    stranger = read_or_make(tmp_path / "stranger.json", ORIGIN, NOW)
    with connected(production.url) as connection:
        publish(connection, endorsed(stranger, [other.vkey]))
    said = found(replace(production, statement_key=other))["statement key"]
    assert "redress sign --endorse" in said


@pytest.mark.store
def test_who_and_what_could_change_the_record_is_named(
    production: System, server: Server
) -> None:
    with (
        server.role(f"LOGIN IN ROLE {APP_ROLE}, pg_write_all_data") as mighty,
        server.role("LOGIN CREATEROLE") as maker,
        psycopg.connect(production.url, autocommit=True) as owner,
    ):
        with pytest.raises(SettingError, match="could change the record"):
            check_login("DATABASE_URL", make_conninfo(production.url, user=mighty))
        said = found(production)["logins"]
        assert f"{mighty} (pg_write_all_data)" in said
        assert f"{maker} (makes roles)" in said
        assert found(production)["event triggers"] == OK
        owner.execute(
            "CREATE FUNCTION public.watch() RETURNS event_trigger LANGUAGE plpgsql"
            " AS 'BEGIN END'"
        )
        owner.execute(
            "CREATE EVENT TRIGGER odd ON ddl_command_end"
            " EXECUTE FUNCTION public.watch()"
        )
        said = found(production)["event triggers"]
        assert (
            said
            == f"{NOTE}run at changes of the schema: odd (watch at ddl_command_end)"
        )


def test_servers_outside_are_asked_for_a_connection(production: System) -> None:
    with socket.create_server(("127.0.0.1", 0)) as there:
        port = there.getsockname()[1]
        reached = f"{OK}; 127.0.0.1 port {port}"
        nats = f"nats://user:secret@127.0.0.1:{port}"
        assert changed(production, "NATS", nats=nats) == reached
        traces = f"http://127.0.0.1:{port}/v1/traces"
        assert changed(production, "traces", otlp=traces) == reached
        mail = f"smtp://127.0.0.1:{port}"
        by_mail = {"channels": ("in-site", "mail"), "mail_server": mail}
        assert changed(production, "mail server", **by_mail) == reached
        sms = {"channels": ("sms",), "sms_gateway": f"http://127.0.0.1:{port}/sms"}
        assert changed(production, "SMS gateway", **sms) == reached
    said = changed(production, "NATS", nats=nats)
    assert said.startswith(f"REDRESS_NATS_URL: 127.0.0.1 port {port}: ")
    assert "secret" not in said
    # What is not set is not asked for.
    assert (
        not {"NATS", "traces", "mail server", "SMS gateway"} & found(production).keys()
    )


def test_webhooks_dead_letters_and_the_second_wall_are_looked_at(
    production: System, url: str
) -> None:
    said = found(production)
    assert said["webhooks"] == said["dead letters"] == OK
    assert said["row security"] == f"{OK}; 6 tables"
    hook, when = "00000000-0000-0000-0000-00000000000a", "2026-03-02T02:00:00Z"
    with psycopg.connect(url) as owner:
        owner.execute(
            "INSERT INTO redress.webhooks (webhook_id, platform, url, state, after,"
            " created_at) VALUES (%s, 'shop', 'http://10.0.0.1/in', 'active', 0, %s)",
            (hook, when),
        )
        owner.execute(
            "INSERT INTO redress.deliveries (delivery_id, webhook_id, topic, body,"
            " state, created_at) VALUES (%s, %s, 'filed', '', 'dead', %s)",
            (hook, hook, when),
        )
        owner.execute("ALTER TABLE redress.queue DISABLE ROW LEVEL SECURITY")
    said = found(production)
    assert said["webhooks"].startswith("1 do not lead to https")
    assert said["dead letters"] == "1 messages were given up: redress deliveries"
    assert said["row security"].endswith("forgets a condition: queue")

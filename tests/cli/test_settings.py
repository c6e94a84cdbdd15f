"""Every setting is one field: its variable, how it is read, its default and meaning."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from application.log.sign.checkpoint_kind import Kind
from interface.run.log_lines import LogFormat
from interface.settings.database_urls import (
    database_fault,
    database_url,
    keys_owner_url,
    keys_url_of,
    owner_url,
)
from interface.settings.log_settings import Entries
from interface.settings.setting_rows import named_values, settings_of
from interface.settings.settings import (
    Mode,
    SettingError,
    Settings,
    documented,
    read,
)

NAMES = [name for name, _, _ in documented()]
SECRET = {one.name for one in settings_of(Settings) if one.is_secret}
PRODUCTION = {
    "REDRESS_MODE": "production",
    "DATABASE_URL": "postgresql:///redress",
    "REDRESS_JWKS": "keys.json",
    "REDRESS_MASTER_KEY": "master.json",
    "REDRESS_STATEMENT_KEY": "statements.json",
    "REDRESS_ISSUER": "issuer",
    "REDRESS_AUDIENCE": "redress",
}


def flat(settings: Settings) -> dict[str, Any]:
    values = msgspec.structs.asdict(settings)
    groups = (
        "callers",
        "log",
        "limits",
        "deliveries",
        "notices",
        "feed",
        "operation",
        "pages",
    )
    for group in groups:
        inner = msgspec.structs.asdict(values.pop(group))
        values |= {f"{group}.{name}": value for name, value in inner.items()}
    return values


def asked_for(settings: Settings, name: str) -> None:
    """Ask for what a setting names, as a start does."""
    match name:
        case "DATABASE_URL":
            database_url(settings)
        case "REDRESS_OWNER_URL":
            owner_url(settings)
        case "REDRESS_KEYS_URL":
            keys_url_of(settings, "")
        case "REDRESS_KEYS_OWNER_URL":
            keys_owner_url(replace(settings, keys_url="dbname=keys"), "")


def test_nothing_set_is_a_sandbox_in_the_working_directory() -> None:
    assert flat(read({})) == {
        "mode": Mode.DEVELOPMENT,
        "home": Path(".redress"),
        "host": "127.0.0.1",
        "port": 8000,
        "log_format": LogFormat.TEXT,
        "limits.body": 524_288,
        "limits.body_seconds": 30,
        "limits.upload_seconds": 600,
        "limits.files": 200,
        "limits.messages": 1_000,
        "limits.events": 5_000,
        "limits.open_cases": 0,
        "limits.cases_a_day": 100,
        "deliveries.schedule": tuple(
            timedelta(seconds=one)
            for one in (5, 30, 120, 600, 3_600, 10_800, 28_800, 86_400)
        ),
        "deliveries.networks": None,
        "deliveries.seconds": 15,
        "deliveries.days": 30,
        "notices.channels": ("in-site",),
        "notices.mail_server": None,
        "notices.mail_from": None,
        "notices.sms_gateway": None,
        "notices.sms_token": None,
        "notices.pages": None,
        "notices.schedule": tuple(
            timedelta(seconds=one) for one in (30, 120, 600, 3_600, 10_800, 28_800)
        ),
        "feed.nats": None,
        "feed.stream": "REDRESS",
        "operation.request_log": None,
        "operation.otlp": None,
        "operation.trace_share": 0.05,
        "pages.url": None,
        "pages.client": None,
        "pages.secret": None,
        "pages.scope": "openid",
        "pages.operators": None,
        "policy": "cn-default/1",
        "policies": None,
        "calendars": None,
        "rules": None,
        "database_url": None,
        "owner_url": None,
        "keys_owner_url": None,
        "keys_url": None,
        "master_key": Path(".redress/keys/master.json"),
        "evidence": Path(".redress/evidence"),
        "upload_limit": 20 << 20,
        "audit_grants": False,
        "callers.jwks": None,
        "callers.issuer": None,
        "callers.audience": None,
        "callers.issuers": None,
        "callers.jwks_age": 600,
        "callers.api_key_days": 366,
        "callers.token_lifetime": 86_400,
        "callers.metrics_token": None,
        "log.origin": "redress.localhost/log",
        "log.key": Path(".redress/keys/log.json"),
        "log.state": Path(".redress/log/signed.json"),
        "log.policy": None,
        "log.publish": Kind.SIGNED,
        "log.statement_key": Path(".redress/keys/statements.json"),
        "log.entries": Entries.AUDITORS,
        "log.tsa": None,
    }


def test_an_empty_variable_is_not_set() -> None:
    assert read(dict.fromkeys(NAMES, "")) == read({})


def test_defaults_lie_in_the_home_that_is_set(tmp_path: Path) -> None:
    found = read({"REDRESS_HOME": str(tmp_path)})
    assert found.evidence == tmp_path / "evidence"
    assert found.master_key == tmp_path / "keys" / "master.json"
    assert found.log.key == tmp_path / "keys" / "log.json"
    assert found.log.state == tmp_path / "log" / "signed.json"


def test_a_tilde_is_the_user_s_home_in_every_path() -> None:
    names = ("HOME", "EVIDENCE", "MASTER_KEY", "LOG_KEY", "LOG_STATE", "LOG_POLICY")
    found = read({f"REDRESS_{name}": "~/x" for name in names})
    there = Path.home() / "x"
    own = {found.home, found.evidence, found.master_key}
    assert own | {found.log.key, found.log.state, found.log.policy} == {there}


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("REDRESS_PORT", "0", "is not a number from 1 to 65535"),
        ("REDRESS_PORT", "65536", "is not a number from 1 to 65535"),
        ("REDRESS_PORT", "+80", "is not a number from 1 to 65535"),
        ("REDRESS_PORT", "8_000", "is not a number from 1 to 65535"),
        ("REDRESS_PORT", "٨٠", "is not a number from 1 to 65535"),
        ("REDRESS_UPLOAD_LIMIT", "0", f"is not a number from 1 to {1 << 40}"),
        ("REDRESS_JWKS_AGE", "9", "is not a number from 10 to 86400"),
        ("REDRESS_TOKEN_LIFETIME", "1 day", "is not a number from 60 to 31536000"),
        ("REDRESS_MODE", "test", "is neither development nor production"),
        ("REDRESS_AUDIT_GRANTS", "on", "is neither off nor required"),
        ("REDRESS_LOG_ENTRIES", "all", "is none of auditors, public"),
        ("REDRESS_LOG_FORMAT", "xml", "is neither text nor json"),
        ("REDRESS_REQUEST_LOG", "yes", "is neither on nor off"),
        ("REDRESS_OTLP_URL", "collector:4318", "is not a http(s) URL"),
        ("REDRESS_TRACE_SHARE", "1.5", "is not a share from 0 to 1"),
        ("REDRESS_TRACE_SHARE", "5%", "is not a share from 0 to 1"),
        ("REDRESS_NOTICE_CHANNELS", "fax", "is not a list of in-site, mail, sms"),
        (
            "REDRESS_MAIL_SERVER",
            "http://x",
            "is not smtp://host:port or smtps://host:port",
        ),
        (
            "REDRESS_MAIL_FROM",
            "Li",
            "is not a mail address, alone or as Name <address>",
        ),
        ("REDRESS_SMS_GATEWAY", "sms", "is not a http(s) URL"),
        (
            "REDRESS_CASE_PAGE",
            "https://shop.example",
            "does not say where the id stands: {case}",
        ),
        (
            "REDRESS_NOTICE_SCHEDULE",
            "soon",
            "is not a list of 1 to 20 pauses, such as PT5S, of 7 days at most",
        ),
        (
            "REDRESS_NATS_URL",
            "nats.example",
            "is not nats://host:port or tls://host:port",
        ),
        ("REDRESS_NATS_STREAM", "a b", "is not a name of letters, digits, _ and -"),
        ("REDRESS_TSA", "tsa.example", "is not a http(s) URL"),
        ("REDRESS_POLICIES", "/no/such", "is not a directory"),
        ("REDRESS_CALENDARS", "/no/such", "is not a directory"),
        (
            "REDRESS_EVIDENCE",
            "s3://bucket",
            "is not a directory; object stores are not supported yet",
        ),
    ],
)
def test_what_is_wrong_is_named(name: str, value: str, problem: str) -> None:
    with pytest.raises(SettingError) as wrong:
        read({name: value})
    said = "" if name in SECRET else f"{value!r} "
    assert str(wrong.value) == f"{name}: {said}{problem}"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("DATABASE_URL", "postgresql://db.example/x", "db.example is across a network"),
        ("DATABASE_URL", "host=10.0.0.1 sslmode=prefer", "10.0.0.1 is across"),
        ("DATABASE_URL", "host=/run,10.0.0.2", "10.0.0.2 is across a network"),
        ("DATABASE_URL", "host=localhost hostaddr=10.0.0.3", "10.0.0.3 is across"),
        ("DATABASE_URL", "service=shop", "names a service"),
        ("DATABASE_URL", "garbage", "is not postgresql://user:password@host/database"),
        ("REDRESS_OWNER_URL", "postgresql://db.example/x", "db.example is across"),
        ("REDRESS_KEYS_URL", "postgresql://db.example/x", "db.example is across"),
        ("REDRESS_KEYS_OWNER_URL", "postgresql://k.example/x", "k.example is across"),
        ("REDRESS_JWKS", "http://id.example/jwks", "id.example is across a network"),
        ("REDRESS_TSA", "http://tsa.example/", "tsa.example is across a network"),
    ],
)
def test_in_production_nothing_crosses_a_network_in_clear(
    name: str, value: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("PGHOST", "PGHOSTADDR", "PGSSLMODE", "PGSERVICE"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(SettingError) as wrong:
        asked_for(read(PRODUCTION | {name: value}), name)
    assert str(wrong.value).startswith(f"{name}: ")
    assert problem in str(wrong.value)
    assert "\n" not in str(wrong.value)
    read({name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql:///x"),
        ("DATABASE_URL", "postgresql://localhost,127.0.0.1,[::1]/x"),
        ("DATABASE_URL", "host=/run/postgresql"),
        ("DATABASE_URL", "postgresql://db.example/x?sslmode=verify-full"),
        ("DATABASE_URL", "postgresql://db.example/x?sslmode=require"),
        ("REDRESS_JWKS", "https://id.example/jwks"),
        ("REDRESS_JWKS", "http://127.0.0.1:9/jwks"),
        ("REDRESS_JWKS", "/etc/keys.json"),
        ("REDRESS_TSA", "https://tsa.example/"),
    ],
)
def test_in_production_what_is_encrypted_or_stays_here_is_taken(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("PGHOST", "PGHOSTADDR", "PGSSLMODE", "PGSERVICE"):
        monkeypatch.delenv(variable, raising=False)
    assert not read(PRODUCTION | {name: value}).is_development
    assert name != "DATABASE_URL" or database_fault(value) is None


def test_variables_of_the_database_s_library_count_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.delenv("PGSSLMODE", raising=False)
    with pytest.raises(SettingError, match=r"DATABASE_URL: db\.example is across"):
        asked_for(read(PRODUCTION), "DATABASE_URL")
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert database_fault(PRODUCTION["DATABASE_URL"]) is None


@pytest.mark.parametrize("name", ["REDRESS_PROT", "REDRESS_LOG_TSA", "REDRESS_"])
def test_a_setting_that_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(SettingError, match=f"{name}: there is no such setting"):
        read({name: "1"})


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"REDRESS_MODE"}))
def test_production_names_what_has_to_be_set(name: str) -> None:
    assert not read(PRODUCTION).is_development
    environ = PRODUCTION | {name: ""}
    with pytest.raises(SettingError) as missing:
        read(environ)
    assert str(missing.value) == f"{name}: has to be set in production mode"
    if name != "DATABASE_URL":
        assert read(environ, serves=False).mode is Mode.PRODUCTION


def test_no_field_goes_without_its_variable() -> None:
    with pytest.raises(TypeError, match="DATABASE_URL was not read"):
        Settings()  # type: ignore[call-arg]


def test_what_is_set_is_told_without_secrets() -> None:
    secrets = {
        "DATABASE_URL": "postgresql://u:s3cret@h/d",
        "REDRESS_OWNER_URL": "postgresql://u:s3cret@h/d",
        "REDRESS_KEYS_URL": "postgresql://u:s3cret@h/d",
        "REDRESS_KEYS_OWNER_URL": "postgresql://u:s3cret@h/d",
        "REDRESS_METRICS_TOKEN": "s3cret",
    }
    told = [*named_values(read(secrets | {"REDRESS_PORT": "9000"}))]
    assert "s3cret" not in " ".join(told)
    assert {f"{name}=***" for name in secrets} < {*told}
    assert {"REDRESS_PORT=9000", "REDRESS_MODE=development"} < {*told}
    assert not any(one.startswith("REDRESS_TSA") for one in told)


@pytest.mark.parametrize("name", sorted(SECRET))
@pytest.mark.parametrize(
    "text",
    [
        "htp://u:s3cret@h:9/",
        "u:s3cret",
        "postgresql://h:s3cret/",
        "postgresql://u:a@s3cret@127.0.0.1:9/d",
    ],
)
def test_a_wrong_value_of_a_secret_is_not_repeated(
    name: str, text: str, url: str
) -> None:
    said = ""
    try:
        # On a database that is there: it is asked for first, or made in the home.
        found = read({"DATABASE_URL": url, name: text})
        said = " ".join(named_values(found))
        asked_for(found, name)
    except SettingError as wrong:
        said += str(wrong)
    assert name in said
    assert "s3cret" not in said


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("REDRESS_JWKS", "https://u:s3cret@id.example/k?key=s3cret", "id.example"),
        ("REDRESS_TSA", "https://u:s3cret@tsa.example/?key=s3cret", "tsa.example"),
        ("REDRESS_TSA", "u:s3cret@tsa.example", "is not a http(s) URL"),
        ("REDRESS_CASE_PAGE", "https://u:s3cret@shop.example", "where the id stands"),
    ],
)
def test_the_login_in_a_url_is_not_told(name: str, text: str, said: str) -> None:
    try:
        told = " ".join(named_values(read({name: text})))
    except SettingError as wrong:
        told = str(wrong)
    assert said in told
    assert "s3cret" not in told


def test_what_is_set_is_told_as_it_is_written() -> None:
    environ = {
        "REDRESS_WEBHOOK_SCHEDULE": "PT5S PT90S PT2M PT24H P2D PT0S",
        "REDRESS_NOTICE_CHANNELS": "in-site mail",
        "REDRESS_MAIL_SERVER": "smtp://127.0.0.1:9",
        "REDRESS_MAIL_FROM": "no-reply@shop.example",
        "REDRESS_AUDIT_GRANTS": "required",
        "REDRESS_TRACE_SHARE": "0.000001",
        "REDRESS_REQUEST_LOG": "on",
    }
    found = read(environ)
    told = dict(one.split("=", 1) for one in named_values(found))
    assert told["REDRESS_WEBHOOK_SCHEDULE"] == '"PT5S PT90S PT2M PT24H P2D PT0S"'
    assert told["REDRESS_NOTICE_CHANNELS"] == '"in-site mail"'
    assert told["REDRESS_AUDIT_GRANTS"] == "required"
    assert told["REDRESS_TRACE_SHARE"] == "0.000001"
    again = {name: text.strip('"') for name, text in told.items()}
    assert read(again | {"REDRESS_MAIL_SERVER": "smtp://127.0.0.1:9"}) == found
    default = dict(one.split("=", 1) for one in named_values(read({})))
    assert read({name: text.strip('"') for name, text in default.items()}) == read({})
    assert default["REDRESS_AUDIT_GRANTS"] == "off"


def test_documentation_can_list_every_setting() -> None:
    rows = {name: (default, meaning) for name, default, meaning in documented()}
    assert len(rows) == len(NAMES) == len(flat(read({})))
    assert rows["REDRESS_PORT"] == ("`8000`", "port on which the API listens")
    assert rows["REDRESS_ISSUER"] == (
        "",
        "issuer that bearer tokens have to name. Required in production.",
    )
    assert rows["DATABASE_URL"][0] == "an embedded PostgreSQL in `$REDRESS_HOME/db`"
    needed = {name for name, (_, words) in rows.items() if "in production" in words}
    assert needed == PRODUCTION.keys() - {"REDRESS_MODE"}


def test_everything_that_is_wrong_is_named_at_once() -> None:
    environ = {"REDRESS_MODE": "production", "REDRESS_PORT": "x", "REDRESS_PROT": "1"}
    with pytest.raises(SettingError) as wrong:
        read(environ)
    said = str(wrong.value).split("; ")
    names = PRODUCTION.keys() - {"REDRESS_MODE"} | {"REDRESS_PORT", "REDRESS_PROT"}
    assert sorted(one.partition(":")[0] for one in said) == sorted(names)
    insecure = {"REDRESS_JWKS": "http://a.example/", "REDRESS_TSA": "http://b.example/"}
    with pytest.raises(SettingError, match=r"a\.example.*; .*b\.example") as wrong:
        read(PRODUCTION | insecure | {"REDRESS_LOG_PUBLISH": "cosigned"})
    assert str(wrong.value).count("; ") == 2


def test_a_channel_needs_what_sends_over_it() -> None:
    with pytest.raises(SettingError, match="mail needs REDRESS_MAIL_SERVER and"):
        read({"REDRESS_NOTICE_CHANNELS": "in-site, mail"})
    with pytest.raises(SettingError, match="sms needs REDRESS_SMS_GATEWAY"):
        read({"REDRESS_NOTICE_CHANNELS": "sms"})


def test_what_leaves_a_production_house_is_encrypted() -> None:
    sms = {
        "REDRESS_NOTICE_CHANNELS": "sms",
        "REDRESS_SMS_GATEWAY": "http://sms.example/send",
        "REDRESS_NATS_URL": "nats://nats.example:4222",
    }
    with pytest.raises(SettingError) as caught:
        read(PRODUCTION | sms)
    assert "REDRESS_SMS_GATEWAY: sms.example is across a network" in str(caught.value)
    assert "REDRESS_NATS_URL: nats.example is across a network: use tls" in str(
        caught.value
    )

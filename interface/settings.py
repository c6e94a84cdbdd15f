"""Settings: read once from the environment, named when they are wrong."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from application.operator_error import Explained

PREFIX = "REDRESS_"
DEVELOPMENT_ORIGIN = "redress.localhost/log"
KNOWN = frozenset(
    {
        "AUDIENCE",
        "AUDIT_GRANTS",
        "EVIDENCE",
        "HOME",
        "HOST",
        "ISSUER",
        "JWKS",
        "KEYS_URL",
        "LOG_ENTRIES",
        "LOG_KEY",
        "LOG_ORIGIN",
        "LOG_POLICY",
        "LOG_STATE",
        "MASTER_KEY",
        "MODE",
        "POLICIES",
        "POLICY",
        "PORT",
        "TSA",
        "UPLOAD_LIMIT",
    }
)


Chosen = TypeVar("Chosen", bound=StrEnum)


class SettingError(Explained):
    """A setting is wrong or missing; says which and why."""


class Mode(StrEnum):
    """DEVELOPMENT brings its own key, a clock that can be moved, and a database."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Entries(StrEnum):
    """Who may read the log's entries; its hashes and checkpoints are for everyone."""

    AUDITORS = "auditors"
    PUBLIC = "public"


class LogSettings(Struct, frozen=True, kw_only=True):
    """The log: what it is called, who signs it, who witnesses it, who reads it.

    `tsa`: the URL of an authority that time-stamps the checkpoints of bundles.
    """

    origin: str
    key: Path
    state: Path
    policy: Path | None
    entries: Entries
    tsa: str | None


class Settings(Struct, frozen=True, kw_only=True):
    """All settings. `upload_limit` is in bytes."""

    mode: Mode
    home: Path
    host: str
    port: int
    policy: str
    policies: Path | None
    database_url: str | None
    keys_url: str | None
    master_key: Path
    evidence: Path
    upload_limit: int
    jwks: str | None
    issuer: str | None
    audience: str | None
    log: LogSettings
    audit_grants: bool = False

    @property
    def is_development(self) -> bool:
        """Tell whether this is a sandbox."""
        return self.mode is Mode.DEVELOPMENT


def read(environ: Mapping[str, str] = os.environ, *, serves: bool = True) -> Settings:
    """Read the settings. Raises SettingError, naming the variable.

    Who only signs or verifies the log (`serves` False) needs no callers and no personal
    data, and so none of their settings.
    """
    _refuse_unknown(environ)
    home = Path(environ.get("REDRESS_HOME") or ".redress").expanduser()
    settings = Settings(
        mode=_mode(environ),
        home=home,
        host=environ.get("REDRESS_HOST") or "127.0.0.1",
        port=_number(environ, "REDRESS_PORT", 8000, 1, 65_535),
        policy=environ.get("REDRESS_POLICY") or "cn-default/1",
        policies=_policies(environ),
        database_url=environ.get("DATABASE_URL") or None,
        keys_url=environ.get("REDRESS_KEYS_URL") or None,
        master_key=Path(
            environ.get("REDRESS_MASTER_KEY") or home / "keys" / "master.json"
        ),
        evidence=_evidence(environ, home),
        upload_limit=_number(environ, "REDRESS_UPLOAD_LIMIT", 20 << 20, 1, 1 << 40),
        jwks=environ.get("REDRESS_JWKS") or None,
        issuer=environ.get("REDRESS_ISSUER") or None,
        audience=environ.get("REDRESS_AUDIENCE") or None,
        log=_log(environ, home),
        audit_grants=_audit_grants(environ),
    )
    if not settings.is_development:
        _require(environ, "DATABASE_URL")
    if not settings.is_development and serves:
        _require(environ, "REDRESS_JWKS", "REDRESS_MASTER_KEY")
        _require(environ, "REDRESS_ISSUER", "REDRESS_AUDIENCE")
    return settings


def _log(environ: Mapping[str, str], home: Path) -> LogSettings:
    policy, entries = environ.get("REDRESS_LOG_POLICY"), "REDRESS_LOG_ENTRIES"
    return LogSettings(
        origin=environ.get("REDRESS_LOG_ORIGIN") or DEVELOPMENT_ORIGIN,
        key=Path(environ.get("REDRESS_LOG_KEY") or home / "keys" / "log.json"),
        state=Path(environ.get("REDRESS_LOG_STATE") or home / "log" / "signed.json"),
        policy=Path(policy) if policy else None,
        entries=_choice(environ, entries, Entries),
        tsa=_url(environ, "REDRESS_TSA"),
    )


def _url(environ: Mapping[str, str], name: str) -> str | None:
    value = environ.get(name) or None
    if value is not None and not value.startswith(("http://", "https://")):
        raise SettingError(f"{name}: {value!r} is not a http(s) URL")
    return value


def _choice(environ: Mapping[str, str], name: str, choices: type[Chosen]) -> Chosen:
    """Return one of some values, the first if none is set."""
    known = list(choices)
    value = environ.get(name) or known[0].value
    if value not in {one.value for one in known}:
        allowed = ", ".join(one.value for one in known)
        raise SettingError(f"{name}: {value!r} is none of {allowed}")
    return choices(value)


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    for name in environ:
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in KNOWN:
            raise SettingError(f"{name}: there is no such setting")


def _require(environ: Mapping[str, str], *names: str) -> None:
    for name in names:
        if not environ.get(name):
            raise SettingError(f"{name}: has to be set in production mode")


def _mode(environ: Mapping[str, str]) -> Mode:
    value = environ.get("REDRESS_MODE") or Mode.DEVELOPMENT
    try:
        return Mode(value)
    except ValueError:
        raise SettingError(
            f"REDRESS_MODE: {value!r} is neither development nor production"
        ) from None


def _audit_grants(environ: Mapping[str, str]) -> bool:
    value = environ.get("REDRESS_AUDIT_GRANTS") or "off"
    if value not in {"off", "required"}:
        raise SettingError(
            f"REDRESS_AUDIT_GRANTS: {value!r} is neither off nor required"
        )
    return value == "required"


def _number(
    environ: Mapping[str, str], name: str, default: int, low: int, high: int
) -> int:
    value = environ.get(name) or str(default)
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise SettingError(f"{name}: {value!r} is not a number from {low} to {high}")
    return int(value)


def _policies(environ: Mapping[str, str]) -> Path | None:
    value = environ.get("REDRESS_POLICIES")
    if not value:
        return None
    folder = Path(value).expanduser()
    if not folder.is_dir():
        raise SettingError(f"REDRESS_POLICIES: {value!r} is not a directory")
    return folder


def _evidence(environ: Mapping[str, str], home: Path) -> Path:
    value = environ.get("REDRESS_EVIDENCE")
    if value and "://" in value:
        raise SettingError(
            f"REDRESS_EVIDENCE: {value!r} is not a directory; "
            "object stores are not supported yet"
        )
    return Path(value).expanduser() if value else home / "evidence"

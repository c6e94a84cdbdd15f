"""What `redress doctor --production` asks beyond health: what production rests on.

Each check yields what it is about, and OK, or OK and more, or a note that keeps nothing
from being well, or what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psycopg import Connection

from application.log.sign import statement_keys
from application.log.witness import trust_policy
from application.log.witness.http_client import Unreachable
from interface.bootstrap import System
from interface.callers.issuer_file import SETTING
from interface.callers.key_source import KeySource
from interface.callers.known_issuers import key_sources
from interface.settings.encrypted_transport import is_here
from interface.settings.settings import Settings
from interface.setup.database_rights import event_triggers, mighty_logins
from interface.setup.outbound_checks import outbound_checks, table_checks
from interface.startup_checks import OTHERS

OK = "ok"
NOTE = "note: "

MOST_SECONDS = 2.0
"""How far apart the clocks of this machine and of the database may be."""

WRITABLE = 0o022
"""Permissions by which others can put another file in the place of one."""

_SESSIONS = {
    "redress serve": "revocations",
    "redress work": "sequencer",
    "redress sign": "signer",
}
"""The processes, and a job of each by which its sessions are known."""

Found = tuple[str, str]


def production_findings(system: System) -> Iterator[Found]:
    """Yield what is examined, and what was found of it."""
    settings = system.settings
    checks: dict[str, Callable[[], str]] = {
        "mode": lambda: _mode(settings),
        "key files": lambda: "; ".join(_open_files(settings)) or OK,
        "signer's keys": lambda: _signers_keys(settings),
        "log's name": lambda: _log_name(settings),
        "trust policy": lambda: _trust(settings),
        "policy profile": lambda: _profile(system),
        "identity provider": lambda: _issuers(settings),
        "TLS": lambda: _transport(settings),
        "metrics": lambda: _metrics(settings),
        "copies": lambda: _copies(settings),
        **outbound_checks(settings),
    }
    for name, check in checks.items():
        yield name, checked(check)
    with system.database.get_connection() as connection:
        yield "statement key", checked(lambda: _endorsed(system, connection))
        yield "clock", _clock(connection)
        yield "logins", _logins(connection)
        yield "event triggers", _triggers(connection)
        for name, job in _SESSIONS.items():
            yield f"process {name}", _runs(connection, job)
        yield "write-ahead log", _archive(connection)
        yield from table_checks(connection)


def checked(check: Callable[[], str]) -> str:
    """Return what a check found, or the error that kept it from finding anything."""
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the finding
        return " ".join(str(error).split())


def _mode(settings: Settings) -> str:
    if settings.is_development:
        return "REDRESS_MODE: is development: keys, clock and database are a sandbox's"
    return OK


def _key_files(settings: Settings) -> tuple[tuple[str, Path], ...]:
    named = {
        "REDRESS_MASTER_KEY": settings.master_key,
        "REDRESS_STATEMENT_KEY": settings.log.statement_key,
        "REDRESS_LOG_KEY": settings.log.key,
    }
    return tuple((name, path) for name, path in named.items() if path.exists())


def _open_files(settings: Settings) -> Iterator[str]:
    for name, path in _key_files(settings):
        if path.stat().st_mode & OTHERS:
            yield f"{name}: others than its owner can read or change {path}"
        if path.parent.stat().st_mode & WRITABLE:
            yield f"{name}: others than its owner can replace files in {path.parent}"
        if path.resolve().is_relative_to(settings.evidence.resolve()):
            yield f"{name}: {path} lies in the folder of evidence"


def _signers_keys(settings: Settings) -> str:
    path = settings.log.key
    if not path.exists() or path.stat().st_uid != settings.master_key.stat().st_uid:
        return OK
    return (
        f"{NOTE}{path} belongs to the account of servers and workers: whoever takes one"
        " of them over can sign another log"
    )


def _log_name(settings: Settings) -> str:
    if settings.log.origin.startswith("redress.localhost"):
        return f"REDRESS_LOG_ORIGIN: {settings.log.origin} is the name of any sandbox"
    return f"{OK}; {settings.log.origin}"


def _trust(settings: Settings) -> str:
    if settings.log.policy is None:
        return "REDRESS_LOG_POLICY: is not set: nothing says which keys the log has"
    policy = trust_policy.read(settings.log.policy)
    if not policy.logs:
        return f"REDRESS_LOG_POLICY: {settings.log.policy} names no log"
    if not policy.asks_quorum:
        return (
            f"{NOTE}{settings.log.policy} asks for no witness: whoever has the log's"
            " keys can show two people two logs, and nobody would notice"
        )
    return f"{OK}; quorum {policy.quorum}"


def _profile(system: System) -> str:
    book = system.rulebooks.for_new(system.settings.policy, datetime.now(UTC))
    return f"{OK}; {book.policy.id}"


def _issuers(settings: Settings) -> str:
    if settings.callers.takes_development_key:
        return "REDRESS_JWKS: is not set"
    file = settings.callers.issuers
    if file is not None and file.stat().st_mode & WRITABLE:
        return f"{SETTING}: others than its owner can add issuers to {file}"
    found = [(name, _keys_of(one)) for name, one, _ in key_sources(settings)]
    wrong = [said for _, said in found if not isinstance(said, int)]
    if wrong:
        return "; ".join(map(str, wrong))
    return f"{OK}; " + ", ".join(
        f"{count} keys" if name is None else f"{name}: {count} keys"
        for name, count in found
    )


def _keys_of(source: KeySource) -> int | str:
    """Return how many keys an issuer publishes, or why there is none."""
    try:
        keys = source.read()
    except (OSError, ValueError, Unreachable) as error:
        return f"{source.setting}: {' '.join(str(error).split())}"
    return len(keys) or f"{source.setting}: has no key"


def _transport(settings: Settings) -> str:
    if is_here(settings.host):
        return f"{OK}; port {settings.port} is open to this machine only"
    return (
        f"{NOTE}{settings.host} port {settings.port} is served without TLS: only the"
        " proxy that ends TLS may reach it"
    )


def _metrics(settings: Settings) -> str:
    if settings.callers.metrics_token is None:
        return f"{NOTE}GET /metrics asks for no token (REDRESS_METRICS_TOKEN)"
    return OK


def _endorsed(system: System, connection: Connection[Any]) -> str:
    path = system.settings.log.policy
    if path is None:
        return f"{NOTE}is not checked without REDRESS_LOG_POLICY"
    notes = [one.endorsement for one in statement_keys.published(connection)]
    keys = statement_keys.trusted(trust_policy.read(path).log_keys, notes)
    if system.statement_key.vkey in {one.vkey for one in keys}:
        return OK
    return (
        "the log has not published that it vouches for the application's key: let"
        " `redress sign` run; a key that `redress init` did not make needs `redress"
        f" sign --endorse {system.statement_key.vkey}` before"
    )


def _clock(connection: Connection[Any]) -> str:
    before = datetime.now(UTC)
    row = connection.execute("SELECT clock_timestamp() AS now").fetchone()
    after = datetime.now(UTC)
    theirs = row["now"] if row else before
    apart = max((before - theirs).total_seconds(), (theirs - after).total_seconds())
    if apart > MOST_SECONDS:
        return f"this machine and the database are {apart:.0f} s apart"
    return OK


def _logins(connection: Connection[Any]) -> str:
    found = mighty_logins(connection)
    return f"{NOTE}these can change the record: {', '.join(found)}" if found else OK


def _triggers(connection: Connection[Any]) -> str:
    found = event_triggers(connection)
    return f"{NOTE}run at changes of the schema: {', '.join(found)}" if found else OK


def _runs(connection: Connection[Any], job: str) -> str:
    row = connection.execute(
        "SELECT count(DISTINCT pid) AS n FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name LIKE %s",
        (f"% {job}",),
    ).fetchone()
    count = row["n"] if row else 0
    return f"{OK}; {count}" if count else "does not run"


def _archive(connection: Connection[Any]) -> str:
    row = connection.execute(
        "SELECT current_setting('archive_mode') <> 'off'"
        " OR EXISTS (SELECT FROM pg_stat_replication) AS kept"
    ).fetchone()
    if row and row["kept"]:
        return OK
    return (
        f"{NOTE}has neither an archive nor a standby that this login can see: what is"
        " recorded after a dump is lost with the disk"
    )


def _copies(settings: Settings) -> str:
    files = ", ".join(str(path) for _, path in _key_files(settings))
    return f"{NOTE}are there copies of {files} elsewhere, apart from the database's?"

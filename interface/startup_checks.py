"""What a start checks outside the program; errors name the setting that is wrong."""

from __future__ import annotations

import logging
import stat
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from application.log.sign import statement_keys
from application.log.sign.statement_keys import StatementKey
from application.privacy import master_key
from application.privacy.key_changes import one_wrapped_by_each
from application.privacy.master_key import (
    DataKeyUnusable,
    KeyFileUnusable,
    MasterKeys,
)
from application.record.database import Database
from application.record.server_checks import Shortcoming, Weight, shortcomings
from application.record.session import open_session
from interface.settings.settings import SettingError, Settings
from interface.setup.database_rights import MIGHTY_ROLES

CONNECT_SECONDS = 5
"""A host that does not answer would keep a start waiting for minutes."""

SHOWN = 3
OTHERS = stat.S_IRWXG | stat.S_IRWXO

_log = logging.getLogger(__name__)


def check_database(setting: str, url: str, *, is_production: bool) -> None:
    """Raise SettingError unless there is a database here that this program can use.

    What an operator should know, and what keeps nothing from working, is logged.
    """
    for found in server_shortcomings(setting, url, is_production=is_production):
        if found.weight is Weight.REFUSED:
            raise SettingError(f"{setting}: {found.said}")
        _log.warning("%s: %s", setting, found.said)


def server_shortcomings(
    setting: str, url: str, *, is_production: bool
) -> tuple[Shortcoming, ...]:
    """Return what a server lacks. Raises SettingError if it is out of reach."""
    try:
        database_parts(url)
        return shortcomings(
            url, is_production=is_production, wait_seconds=CONNECT_SECONDS
        )
    except (psycopg.Error, ValueError) as error:
        raise SettingError(f"{setting}: {error}") from None


def database_parts(url: str) -> dict[str, Any]:
    """Return the parts of a database URL. Raises ValueError if it is none.

    The library's words repeat parts of a URL that it cannot read, and with them a
    password.
    """
    try:
        parts = conninfo_to_dict(url)
    except (psycopg.ProgrammingError, UnicodeError):
        raise ValueError("is not postgresql://user:password@host/database") from None
    if "@" in str(parts.get("host", "")).removeprefix("@"):
        raise ValueError("has several @: write %40 for the one in a password")
    return parts


def master_keys(settings: Settings, keys: Database) -> MasterKeys:
    """Read the master keys that wrapped what the database holds.

    A sandbox makes them where there are none yet. Raises SettingError.
    """
    path = settings.master_key
    wrapped = one_wrapped_by_each(keys)
    try:
        # Once the database holds wrapped keys, a new master key would open none of
        # them: a lost file is an error then, in a sandbox too.
        if wrapped or not settings.is_development:
            found = master_key.read(path)
        else:
            found = master_key.read_or_make(path)
        # Tried now: with a wrong key all seems well until the first text is opened.
        _try(found, wrapped)
    except (KeyFileUnusable, DataKeyUnusable, OSError) as error:
        held = ", and the database holds keys that it wrapped" if wrapped else ""
        raise SettingError(f"REDRESS_MASTER_KEY: {path}: {error}{held}") from None
    warn_of_open_file("REDRESS_MASTER_KEY", path)
    return found


def statement_key(settings: Settings) -> StatementKey:
    """Read the application's key, which signs events. A sandbox makes it.

    Raises SettingError.
    """
    path, origin = settings.log.statement_key, settings.log.origin
    try:
        if settings.is_development:
            found = statement_keys.read_or_make(path, origin, datetime.now(UTC))
        else:
            found = statement_keys.read(path)
    except (KeyFileUnusable, OSError) as error:
        raise SettingError(
            f"REDRESS_STATEMENT_KEY: {error}; `redress statement-key --new-key` makes"
            " one, and `redress sign --endorse` lets the log vouch for it"
        ) from None
    warn_of_open_file("REDRESS_STATEMENT_KEY", path)
    return StatementKey(found)


def _try(keys: MasterKeys, rows: Sequence[Mapping[str, Any]]) -> None:
    """Open a data key of each bucket. Raises DataKeyUnusable if none opens."""
    wrong: list[DataKeyUnusable] = []
    for row in rows:
        place = row["key_id"], row["subject"]
        try:
            keys.unwrap(row["wrapped"], row["wrapped_by"], *place)
        except DataKeyUnusable as found:
            wrong.append(found)
    if wrong and len(wrong) == len(rows):
        raise wrong[0]
    # A row that was changed concerns one person; the audit names every one.
    for error in wrong[:SHOWN]:
        _log.warning("REDRESS_MASTER_KEY: %s", error)


def warn_of_open_file(setting: str, path: Path) -> None:
    """Log a warning if others than its owner can read or change a file of keys.

    No more: where secrets are mounted, permissions are often not the operator's choice.
    """
    if path.stat().st_mode & OTHERS:
        _log.warning("%s: others than its owner can read or change %s", setting, path)


_LOGIN = """
SELECT session_user,
    r.rolsuper OR r.rolcreaterole OR EXISTS (
        SELECT FROM pg_roles a WHERE (a.rolsuper OR a.rolbypassrls)
        AND pg_has_role(r.oid, a.oid, 'MEMBER')
    ) OR EXISTS (
        SELECT FROM pg_database d WHERE d.datname = current_database()
        AND pg_has_role(r.oid, d.datdba, 'MEMBER')
    ) OR EXISTS (
        SELECT FROM pg_namespace n
        WHERE n.nspname IN ('redress', 'redress_keys', 'redress_jobs')
        AND pg_has_role(r.oid, n.nspowner, 'MEMBER')
    ) OR EXISTS (
        SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('redress', 'redress_keys', 'redress_jobs')
        AND pg_has_role(r.oid, c.relowner, 'MEMBER')
    ) OR EXISTS (
        SELECT FROM pg_roles a WHERE a.rolname = ANY (%(roles)s)
        AND pg_has_role(r.oid, a.oid, 'MEMBER')
    ),
    EXISTS (
        SELECT FROM pg_roles a WHERE a.rolname = 'redress_app'
        AND pg_has_role(r.oid, a.oid, 'MEMBER')
    )
FROM pg_roles r WHERE r.rolname = session_user
"""


def check_login(setting: str, url: str) -> None:
    """Raise SettingError unless a login can add to the record, and not change it.

    Working as another role (SET ROLE) is not enough: whoever finds a way to send
    statements can reset the role, and is then whoever has logged in.
    """
    try:
        with open_session(url, wait_seconds=CONNECT_SECONDS) as connection:
            asked = {"roles": list(MIGHTY_ROLES)}
            row = connection.execute(_LOGIN, asked).fetchone()
    except psycopg.OperationalError as error:
        raise SettingError(f"{setting}: {error}") from None
    user, is_mighty, is_app = row or ("nobody", True, False)
    if is_mighty:
        raise SettingError(
            f"{setting}: {user} could change the record or pass by row security, as its"
            " owner or as an administrator: log in as a member of redress_app that owns"
            " nothing, and name the owner's URL in REDRESS_OWNER_URL for"
            " `redress migrate`"
        )
    if not is_app:
        raise SettingError(
            f"{setting}: {user} is no member of redress_app; have an administrator run:"
            f" GRANT redress_app TO {user};"
        )

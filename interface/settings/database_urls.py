"""Where the databases are: as the application logs in, and as their owner does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from application.record.row_scope import APP_ROLE
from application.record.schema.database_roles import let_app_log_in
from application.record.session import open_session
from interface.run.embedded_postgres import EmbeddedServer
from interface.settings.encrypted_transport import is_here
from interface.settings.settings import SettingError, Settings
from interface.settings.writable_folder import check_folder
from interface.startup_checks import check_database, database_parts

DATABASE_NAME = "redress"

ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})
"""Values of `sslmode` by which a connection without TLS fails. `prefer`, the default,
takes whatever whoever answers offers."""


def database_url(settings: Settings) -> str:
    """Return where the database is, as the application logs in.

    Without DATABASE_URL, start the embedded one.
    """
    if settings.database_url is not None:
        return _reachable(settings, "DATABASE_URL", settings.database_url)
    owner = _embedded_url(settings)
    let_app_log_in(owner)
    return make_conninfo(owner, user=APP_ROLE)


def owner_url(settings: Settings) -> str:
    """Return where the database is, as the owner of its schema logs in."""
    if settings.database_url is None:
        return _embedded_url(settings)
    if settings.owner_url is not None:
        return _reachable(settings, "REDRESS_OWNER_URL", settings.owner_url)
    if not settings.is_development:
        raise SettingError(
            "REDRESS_OWNER_URL: has to be set to migrate or rebuild in production mode"
        )
    return database_url(settings)


@contextmanager
def rights_of_the_owner() -> Iterator[None]:
    """Name the setting if the login of the owner's URL turns out to be somebody else's.

    Raises SettingError.
    """
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        said = str(error).strip()
        raise SettingError(f"REDRESS_OWNER_URL: is not the owner's: {said}") from None


def keys_url_of(settings: Settings, url: str) -> str:
    """Return where the data keys are, as the application logs in; `url`: the record."""
    if settings.keys_url is None:
        return url
    return _reachable(settings, "REDRESS_KEYS_URL", settings.keys_url)


def keys_owner_url(settings: Settings, url: str) -> str:
    """Return where the data keys are, as their owner; `url`: the record, as its own."""
    if settings.keys_url is None:
        return url
    if settings.keys_owner_url is None:
        return keys_url_of(settings, url)
    return _reachable(settings, "REDRESS_KEYS_OWNER_URL", settings.keys_owner_url)


def _reachable(settings: Settings, setting: str, url: str) -> str:
    """Return a URL that was checked. Raises SettingError."""
    if not settings.is_development:
        try:
            fault = database_fault(url)
        except ValueError as error:
            raise SettingError(f"{setting}: {error}") from None
        if fault is not None:
            raise SettingError(f"{setting}: {fault}")
    check_database(setting, url, is_production=not settings.is_development)
    return url


def _embedded_url(settings: Settings) -> str:
    check_folder("REDRESS_HOME", settings.home)
    maintenance = EmbeddedServer(settings.home / "db").start()
    # Several processes may start at once. PostgreSQL has no CREATE DATABASE IF NOT
    # EXISTS, so the second one finds out by these errors: of its name, or, if both
    # began at the same moment, of the index over names.
    with (
        suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation),
        open_session(maintenance) as connection,
    ):
        connection.execute(f"CREATE DATABASE {DATABASE_NAME}")
    return make_conninfo(maintenance, dbname=DATABASE_NAME)


def database_fault(url: str) -> str | None:
    """Return why a database URL would let data cross a network in clear, or None.

    Goes by the URL and by the variables of libpq (PGHOST, PGSSLMODE …), as a connection
    would. Raises ValueError if the URL is none.
    """
    given = database_parts(url)
    defaults = {
        one.keyword.decode(): one.val.decode()
        for one in Conninfo.get_defaults()
        if one.val is not None
    }
    used = defaults | {name: str(value) for name, value in given.items()}
    if used.get("sslmode") in ENCRYPTED:
        return None
    if "service" in given and not ({"host", "hostaddr"} & given.keys()):
        return "names a service: put host and sslmode into the URL"
    far = [host for host in _hosts(used) if not is_here(host)]
    if not far:
        return None
    return (
        f"{far[0]} is across a network: add sslmode=verify-full (or at least require)"
    )


def _hosts(used: dict[str, str]) -> Iterator[str]:
    """Yield all hosts that a connection may go to; it goes by the address, if any."""
    names = used.get("host", "").split(",")
    addresses = used.get("hostaddr", "").split(",")
    for number in range(max(len(names), len(addresses))):
        address = addresses[number] if number < len(addresses) else ""
        yield address or (names[number] if number < len(names) else "")

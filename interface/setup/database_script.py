"""The SQL by which an administrator makes the database and its two logins."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import Literal

from application.record.row_scope import API_ROLE, APP_ROLE
from interface.settings.settings import SettingError

APP_LOGIN, OWNER_LOGIN, DATABASE = "redress_login", "redress_owner", "redress"
PASSWORD_BYTES = 24

_HEAD = """\
-- Makes the database of Redress and its two logins; may be run again.
-- As an administrator of the server:  psql -v ON_ERROR_STOP=1 -d postgres < {path}
-- It holds passwords: delete it when it has been run.
"""
_ROLE = """\
SELECT format({statement}, {name}{password})
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {name}) \\gexec
"""
_DATABASE = """\
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8''',
    {name}, {owner})
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = {name}) \\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', {name}) \\gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO {app}', {name}) \\gexec
"""


def local_urls() -> tuple[str, str]:
    """Return two URLs of a database on this machine, the application's and the owner's.

    Their passwords are new.
    """
    place = f"127.0.0.1:5432/{DATABASE}"
    app, owner = (
        f"postgresql://{login}:{secrets.token_hex(PASSWORD_BYTES)}@{place}"
        for login in (APP_LOGIN, OWNER_LOGIN)
    )
    return app, owner


def owner_url_of(url: str) -> str:
    """Return the URL of the owner of a database, with a new password."""
    _parts("DATABASE_URL", url)
    password = secrets.token_hex(PASSWORD_BYTES)
    parts = urlsplit(url)
    asked = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if not parts.scheme or {"user", "password"} & asked:
        return make_conninfo(url, user=OWNER_LOGIN, password=password)
    # As it was given, but for who logs in: an operator has to recognise it.
    place = parts.netloc.rpartition("@")[2]
    netloc = f"{OWNER_LOGIN}:{password}@{place}"
    return urlunsplit(parts._replace(netloc=netloc))


def database_script(path: str, url: str, owner_url: str) -> str:
    """Return the SQL for the logins and the database that two URLs name.

    Raises SettingError if they do not name two logins of one database.
    """
    app, owner = _parts("DATABASE_URL", url), _parts("REDRESS_OWNER_URL", owner_url)
    if app["dbname"] != owner["dbname"]:
        raise SettingError("REDRESS_OWNER_URL: names another database")
    if app["user"] == owner["user"]:
        raise SettingError(
            "REDRESS_OWNER_URL: names the login of DATABASE_URL: the processes must not"
            " log in as the owner"
        )
    name, by = _text(app["dbname"]), _text(owner["user"])
    return (
        _HEAD.format(path=path)
        + _role("CREATE ROLE %I NOLOGIN", APP_ROLE, None)
        + _role("CREATE ROLE %I NOLOGIN", API_ROLE, None)
        + f"GRANT {API_ROLE} TO {APP_ROLE};\n"
        + _role("CREATE ROLE %I LOGIN", owner["user"], owner.get("password"))
        + _role("CREATE ROLE %I LOGIN", app["user"], app.get("password"))
        + _DATABASE.format(name=name, owner=by, app=APP_ROLE)
    )


def _role(statement: str, name: str, password: str | None) -> str:
    if "NOLOGIN" not in statement:
        statement += " PASSWORD %L" if password else ""
        statement += f" IN ROLE {APP_ROLE}"
    return _ROLE.format(
        statement=_text(statement),
        name=_text(name),
        password=f", {_text(password)}" if password else "",
    )


def _parts(setting: str, url: str) -> dict[str, str]:
    """Return what a URL names. Raises SettingError without a login or a database."""
    try:
        parts = conninfo_to_dict(url)
    except (psycopg.ProgrammingError, UnicodeError) as error:
        raise SettingError(f"{setting}: {' '.join(str(error).split())}") from None
    for name in ("user", "dbname"):
        if not parts.get(name):
            raise SettingError(f"{setting}: names no {name}")
    return {name: str(value) for name, value in parts.items()}


def _text(value: str) -> str:
    return Literal(value).as_string(None)

"""The application logs in as one who owns nothing; its owner migrates."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from application.record.row_scope import APP_ROLE
from interface.bootstrap import build
from interface.settings.settings import SettingError, read
from interface.setup.database_rights import mighty_logins
from interface.startup_checks import check_login
from tests.conftest import MASTER
from tests.http.issuer import AUDIENCE, ISSUER, Issuer
from tests.loaded_program import WORDS, ProgramProcess, run
from tests.postgres import Server
from tests.processes import adopted, free_port, http_client, wait_until_ready
from tests.statement_key_file import statement_key_file


class Logins(msgspec.Struct):
    """URLs of one fresh database: as administrator, owner, application, stranger."""

    admin: str
    owner: str
    app: str
    stranger: str


@pytest.fixture
def logins(server: Server) -> Iterator[Logins]:
    with ExitStack() as stack:
        member = f"LOGIN IN ROLE {APP_ROLE}"
        owner = stack.enter_context(server.role(member))
        app = stack.enter_context(server.role(member))
        stranger = stack.enter_context(server.role("LOGIN"))
        url = stack.enter_context(server.database(migrated=False))
        with psycopg.connect(url, autocommit=True) as admin:
            name = Identifier(admin.info.dbname)
            own = SQL("ALTER DATABASE {} OWNER TO {}")
            admin.execute(own.format(name, Identifier(owner)))
        yield Logins(url, *(make_conninfo(url, user=u) for u in (owner, app, stranger)))


@pytest.fixture
def environ(logins: Logins, tmp_path: Path) -> dict[str, str]:
    (tmp_path / "master.json").write_bytes(msgspec.json.encode(MASTER))
    (tmp_path / "jwks.json").write_bytes(Issuer().key_set())
    return {
        "REDRESS_MODE": "production",
        "REDRESS_HOME": str(tmp_path),
        "REDRESS_JWKS": str(tmp_path / "jwks.json"),
        "REDRESS_ISSUER": ISSUER,
        "REDRESS_AUDIENCE": AUDIENCE,
        "REDRESS_MASTER_KEY": str(tmp_path / "master.json"),
        "REDRESS_STATEMENT_KEY": statement_key_file(tmp_path),
        "REDRESS_PORT": str(free_port()),
        "DATABASE_URL": logins.app,
    }


def redress(environ: dict[str, str], *arguments: str) -> tuple[int, str]:
    done = run(*arguments, env=os.environ | environ)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that the embedded server's own user can reach, if this is root."""
    one = Path(tempfile.mkdtemp(prefix="redress-home-"))
    one.chmod(0o755)
    yield one
    shutil.rmtree(one, ignore_errors=True)


def test_a_login_that_passes_by_row_security_is_refused(
    server: Server, logins: Logins
) -> None:
    with server.role("NOLOGIN BYPASSRLS") as beyond, ExitStack() as stack:
        options = (
            f"LOGIN BYPASSRLS IN ROLE {APP_ROLE}",
            f"LOGIN IN ROLE {APP_ROLE}, {beyond}",
        )
        for login in options:
            name = stack.enter_context(server.role(login))
            url = make_conninfo(logins.admin, user=name)
            with pytest.raises(SettingError, match=f"{name} .*pass by row security"):
                check_login("DATABASE_URL", url)
            with psycopg.connect(logins.admin, row_factory=dict_row) as admin:
                named = mighty_logins(admin)
            assert f"{name} (passes by row security)" in named
    check_login("DATABASE_URL", logins.app)


@pytest.mark.kill
def test_production_serves_as_the_application_and_migrates_as_the_owner(
    logins: Logins, environ: dict[str, str]
) -> None:
    code, said = redress(environ, "migrate")
    assert (code, "REDRESS_OWNER_URL: has to be set" in said) == (1, True)
    owned = environ | {"REDRESS_OWNER_URL": logins.owner}
    code, said = redress(owned, "migrate")
    assert (code, "redress: 0001_record.sql" in said) == (0, True), said
    # The application's own login cannot do it.
    code, said = redress(environ | {"REDRESS_OWNER_URL": logins.app}, "rebuild")
    assert code == 1
    assert "redress: REDRESS_OWNER_URL: is not the owner's: permission denied" in said
    assert "Traceback" not in said
    assert redress(owned, "rebuild", "queue")[0] == 0
    server = adopted(
        ProgramProcess[bytes](
            [*WORDS, "serve", "--with-worker"],
            env=os.environ | environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    )
    wait_until_ready(api := f"http://127.0.0.1:{environ['REDRESS_PORT']}")
    with http_client() as anyone, psycopg.connect(logins.admin) as admin:
        assert anyone.get(f"{api}/v1/codes").status_code == 200
        sessions = admin.execute(
            "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname ="
            " current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
        app = psycopg.conninfo.conninfo_to_dict(logins.app)["user"]
        assert sessions == [(app,)]
    server.terminate()
    assert server.wait(timeout=30) == 0


@pytest.mark.parametrize("command", ["serve", "work", "sign"])
def test_who_could_change_the_record_is_refused_at_start(
    logins: Logins, environ: dict[str, str], command: str
) -> None:
    assert redress(environ | {"REDRESS_OWNER_URL": logins.owner}, "migrate")[0] == 0
    if command == "sign":
        assert redress(environ, "sign", "--new-key")[0] == 0
    for url, problem in (
        (logins.admin, "could change the record"),
        (logins.owner, "could change the record"),
        (logins.stranger, "is no member of redress_app"),
    ):
        code, said = redress(environ | {"DATABASE_URL": url}, command)
        assert code == 1, said
        assert problem in said
        # Warnings about the server come before it, each on a line of its own.
        *_, last = said.splitlines()
        assert last.startswith("redress: DATABASE_URL: ")
        assert "Traceback" not in said


@pytest.mark.store
def test_the_application_s_login_can_take_no_other_role(
    logins: Logins, environ: dict[str, str]
) -> None:
    assert redress(environ | {"REDRESS_OWNER_URL": logins.owner}, "migrate")[0] == 0
    check_login("DATABASE_URL", logins.app)
    owner = psycopg.conninfo.conninfo_to_dict(logins.owner)["user"]
    for statement in (
        "DELETE FROM redress.events",
        "UPDATE redress.events SET state = ''",
        "TRUNCATE redress.events",
        "ALTER TABLE redress.events DISABLE TRIGGER ALL",
        "DROP TABLE redress.queue",
        "CREATE TABLE redress.mine (n int)",
        f"SET ROLE {owner}",
        f"SET SESSION AUTHORIZATION {owner}",
        "SET session_replication_role = replica",
    ):
        with psycopg.connect(logins.app, autocommit=True) as connection:
            connection.execute("RESET ROLE")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


@pytest.mark.store
def test_a_member_of_the_owner_and_one_who_makes_roles_are_refused_too(
    server: Server, logins: Logins, environ: dict[str, str]
) -> None:
    assert redress(environ | {"REDRESS_OWNER_URL": logins.owner}, "migrate")[0] == 0
    owner = psycopg.conninfo.conninfo_to_dict(logins.owner)["user"]
    for options in (f"LOGIN IN ROLE {owner}", f"LOGIN CREATEROLE IN ROLE {APP_ROLE}"):
        with server.role(options) as name:
            url = make_conninfo(logins.admin, user=name)
            with pytest.raises(Exception, match="could change the record"):
                check_login("DATABASE_URL", url)


def test_the_embedded_database_is_used_as_the_application_by_itself(
    open_folder: Path,
) -> None:
    system = build(read({"REDRESS_HOME": str(open_folder)}))
    try:
        with system.database.get_connection() as connection:
            row = connection.execute("SELECT session_user AS who").fetchone()
            assert row == {"who": APP_ROLE}
        check_login("DATABASE_URL", system.url)
    finally:
        system.close()
    # Again, on the database that is there now.
    assert redress({"REDRESS_HOME": str(open_folder)}, "rebuild", "queue")[0] == 0
    assert redress({"REDRESS_HOME": str(open_folder)}, "doctor")[0] == 0

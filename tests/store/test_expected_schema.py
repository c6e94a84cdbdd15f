"""The database is judged by listings that ship with the program.

`LISTING=write pytest tests/store/test_expected_schema.py` writes them anew, from a
database that was just made. They have to be the same on every version of PostgreSQL.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg import Connection
from psycopg.rows import TupleRow

from application.record.database import connected
from application.record.schema import migrations
from application.record.schema.migrations import (
    JOBS,
    KEYS,
    STORE,
    ChangedByHand,
    migrate,
    present,
)
from application.record.session import open_session
from projections import registry
from tests.postgres import Server

pytestmark = pytest.mark.store

SCHEMAS = Path("application/record/schema")
LISTINGS: dict[Path, Callable[[Connection[TupleRow]], tuple[str, ...]]] = {
    SCHEMAS / "store.listing": lambda connection: present(connection, STORE),
    SCHEMAS / "keys.listing": lambda connection: present(connection, KEYS),
    SCHEMAS / "jobs.listing": lambda connection: present(connection, JOBS),
    Path("projections/views.listing"): registry.listed,
}


@pytest.mark.parametrize("path", LISTINGS, ids=lambda path: path.stem)
def test_the_shipped_listing_is_current(server: Server, path: Path) -> None:
    with server.database(migrated=False) as url:
        migrate(url, STORE)
        migrate(url, KEYS)
        migrate(url, JOBS)
        registry.make_missing(url)
        with open_session(url) as connection:
            made = LISTINGS[path](connection)
    text = "".join(f"{line}\n" for line in made)
    if os.environ.get("LISTING") == "write":
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text


def changed(url: str, *statements: str) -> str:
    """Change the schema as its owner; return what a start says of it."""
    with psycopg.connect(url) as owner:
        owner.execute("SET search_path TO redress")
        for statement in statements:
            owner.execute(statement.encode())
    with pytest.raises(ChangedByHand) as raised:
        migrations.check(url, STORE)
        registry.check(url)
    return str(raised.value)


def test_a_replaced_function_is_named(url: str) -> None:
    said = changed(
        url,
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN NULL; END $$",
    )
    assert said.endswith("function refuse_change() was replaced")


def test_what_the_database_says_of_itself_is_not_believed(url: str) -> None:
    said = changed(
        url,
        "DROP TRIGGER append_only ON events",
        "UPDATE migrations SET listing = array_to_string(ARRAY(SELECT line FROM"
        " unnest(string_to_array(listing, chr(10))) AS line"
        " WHERE line NOT LIKE '%append_only on events%'), chr(10))",
    )
    assert said.endswith("missing trigger append_only on events")


HIDES = "(current_query() NOT LIKE '%FROM ledger%')"


@pytest.mark.parametrize(
    "change",
    [
        f"CREATE POLICY hides ON events AS RESTRICTIVE TO redress_app USING {HIDES}",
        f"ALTER POLICY application ON events USING {HIDES}",
        "DROP POLICY application ON events",
        "ALTER POLICY application ON events TO pg_monitor",
        "ALTER TABLE parked ENABLE ROW LEVEL SECURITY",
    ],
)
def test_policies_that_hide_rows_are_named_and_hide_none(url: str, change: str) -> None:
    named = "table parked" if "parked" in change else "on events"
    assert named in changed(url, change)
    with pytest.raises(
        psycopg.errors.InsufficientPrivilege, match="row-level security"
    ):
        connected(url)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER TABLE events DISABLE ROW LEVEL SECURITY", "table events is plain, not"),
        ("ALTER TABLE queue DISABLE ROW LEVEL SECURITY", "table queue is plain, not"),
        ("ALTER POLICY seen ON events USING (true)", "policy seen on events is r perm"),
        ("ALTER POLICY seen ON queue TO PUBLIC", "policy seen on queue is"),
        (
            "CREATE POLICY more ON ledger TO redress_api USING (true)",
            "unexpected policy more on ledger",
        ),
        (
            "GRANT SELECT ON view_rounds TO redress_api",
            "grant SELECT on view_rounds",
        ),
        ("ALTER TABLE events DISABLE TRIGGER note_parties", "trigger note_parties on"),
    ],
)
def test_policies_that_show_more_are_named(url: str, change: str, said: str) -> None:
    assert said in changed(url, change)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            (
                "ALTER TABLE ledger DROP CONSTRAINT ledger_leaf_check; ALTER TABLE"
                " ledger ADD CONSTRAINT ledger_leaf_check"
                " CHECK (octet_length(leaf) = 32) NOT VALID"
            ),
            "NOT VALID, not CHECK",
        ),
        (
            "ALTER TABLE events OWNER TO pg_monitor",
            "owned by another than its schema",
        ),
        (
            "ALTER TABLE events DROP CONSTRAINT events_originator_version_check",
            "missing constraint events_originator_version_check on events",
        ),
        (
            (
                "ALTER TABLE ledger DROP CONSTRAINT ledger_leaf_check;"
                " ALTER TABLE ledger ADD CONSTRAINT ledger_leaf_check CHECK (true)"
            ),
            (
                "constraint ledger_leaf_check on ledger is CHECK (true), not CHECK"
                " (octet_length(leaf) = 32)"
            ),
        ),
        (
            (
                "DROP TRIGGER append_only ON ledger; CREATE TRIGGER append_only"
                " BEFORE UPDATE ON ledger FOR EACH STATEMENT"
                " EXECUTE FUNCTION refuse_change();"
                " ALTER TABLE ledger ENABLE ALWAYS TRIGGER append_only"
            ),
            (
                "trigger append_only on ledger is always CREATE TRIGGER append_only"
                " BEFORE UPDATE ON redress.ledger"
            ),
        ),
        (
            "ALTER TABLE ledger ENABLE TRIGGER append_only",
            "trigger append_only on ledger is not always on",
        ),
        (
            "CREATE RULE quiet AS ON INSERT TO ledger DO INSTEAD NOTHING",
            "unexpected rule quiet on ledger: CREATE RULE quiet AS ON INSERT TO",
        ),
        (
            "DROP INDEX events_seller; CREATE INDEX events_seller ON events (topic)",
            "index events_seller on events is CREATE INDEX events_seller",
        ),
        (
            (
                "ALTER TABLE log_batches DISABLE TRIGGER ALL;"
                " ALTER TABLE log_batches ENABLE ALWAYS TRIGGER append_only"
            ),
            "foreign key log_batches_after_fkey on log_batches is disabled",
        ),
        (
            "CREATE FUNCTION sneaky() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "unexpected function sneaky(): returns integer",
        ),
        (
            "GRANT TRUNCATE ON access_log TO redress_app",
            "unexpected grant TRUNCATE on access_log to redress_app",
        ),
        (
            "GRANT UPDATE (state) ON events TO PUBLIC",
            "unexpected grant UPDATE on events.state to everybody",
        ),
        (
            "GRANT CREATE ON SCHEMA redress TO redress_app",
            "unexpected grant CREATE on schema redress to redress_app",
        ),
        (
            "CREATE TABLE more_events () INHERITS (events)",
            "table events is plain, row security, inherited, not plain",
        ),
        (
            "ALTER TABLE ledger SET UNLOGGED",
            "table ledger is plain, not logged, row security, not plain",
        ),
        (
            (
                "ALTER TABLE events ALTER notification_id SET INCREMENT -1"
                " SET MINVALUE -99999 SET MAXVALUE 99999999"
            ),
            "sequence events_notification_id_seq is from 1 by -1",
        ),
        (
            "ALTER TABLE revocations ALTER revoked_at SET DEFAULT now()",
            "column revocations.revoked_at is timestamp with time zone not null def",
        ),
        (
            "ALTER TABLE queue RENAME TO kept; CREATE VIEW queue AS SELECT * FROM kept",
            "table queue is of kind v, not plain",
        ),
        (
            "ALTER TABLE agenda ENABLE ROW LEVEL SECURITY",
            "table agenda is plain, row security, not plain",
        ),
        (
            "ALTER TABLE audit_trail DROP CONSTRAINT audit_trail_pkey",
            "missing constraint audit_trail_pkey on audit_trail",
        ),
        (
            "CREATE TABLE ledger_new (LIKE ledger)",
            "unexpected table ledger_new: of no view and of no migration",
        ),
        (
            "ALTER TABLE parked OWNER TO redress_app",
            "table parked is plain, owned by redress_app, not plain",
        ),
    ],
)
def test_a_change_of_what_tables_do_is_named(url: str, change: str, said: str) -> None:
    assert said in changed(url, *change.split("; "))


@pytest.mark.alone
def test_rights_through_another_role_are_named(server: Server, url: str) -> None:
    with server.role("NOLOGIN") as other, psycopg.connect(url) as owner:
        owner.execute(f"GRANT {other} TO redress_app".encode())
        owner.commit()
        with pytest.raises(ChangedByHand, match=f"role redress_app.*{other}"):
            migrations.check(url, STORE)


def test_who_may_read_is_the_operators_decision(server: Server, url: str) -> None:
    with server.role("NOLOGIN") as reader, psycopg.connect(url) as owner:
        owner.execute(f"GRANT USAGE ON SCHEMA redress TO {reader}".encode())
        owner.execute(f"GRANT SELECT ON redress.events TO {reader}".encode())
        owner.commit()
        migrations.check(url, STORE)
        owner.execute(f"GRANT INSERT ON redress.events TO {reader}".encode())
        owner.commit()
        with pytest.raises(ChangedByHand, match=f"grant INSERT on events to {reader}"):
            migrations.check(url, STORE)
        owner.execute(f"DROP OWNED BY {reader}".encode())
        owner.commit()


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE events VALIDATE CONSTRAINT events_notification_id_check",
        # As a dump writes it: BETWEEN is taken apart, and the parts stand otherwise.
        (
            "ALTER TABLE log_tiles DROP CONSTRAINT log_tiles_hashes_check,"
            " ADD CONSTRAINT log_tiles_hashes_check CHECK"
            " (((octet_length(hashes) >= 32) AND (octet_length(hashes) <= 8192)"
            " AND ((octet_length(hashes) % 32) = 0)))"
        ),
    ],
)
def test_what_means_the_same_is_no_difference(url: str, change: str) -> None:
    with psycopg.connect(url) as owner:
        owner.execute("SET search_path TO redress")
        owner.execute(change.encode())
    migrations.check(url, STORE)

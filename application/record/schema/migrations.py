"""Brings a database schema up to date, and checks that it still is.

Each schema has a table of the migrations that were applied. A start compares that table
with the code, and the catalogue with the listing that ships with the code, so that a
missing column or a replaced function is named before anything is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from application.jobs.locks import MIGRATING, REBUILDING
from application.operator_error import OperatorError
from application.record.patience import take_turn
from application.record.schema.catalogue import listing
from application.record.schema.database_roles import ensure_app_role
from application.record.schema.expected_schema import in_words, shipped
from application.record.session import open_session

SHOWN = 3
"""How many differences a message names; it counts the others."""


class SchemaMismatch(OperatorError):
    """The database schema is not the one this code expects."""


class ChangedByHand(SchemaMismatch):
    """The schema's version is right, but it is not as the migrations left it."""


class Migration(Struct, frozen=True):
    """One migration: its number, its file's name and its SQL."""

    number: int
    name: str
    sql: str


class Schema(Struct, frozen=True):
    """A database schema with its migrations in `application/record/schema/<folder>`."""

    name: str
    folder: str

    @property
    def migrations(self) -> tuple[Migration, ...]:
        """Return all migrations, in order."""
        entries = files("application.record.schema").joinpath(self.folder).iterdir()
        migrations = (
            Migration(int(entry.name[:4]), entry.name, entry.read_text("utf-8"))
            for entry in entries
            if entry.name.endswith(".sql")
        )
        return tuple(sorted(migrations, key=lambda step: step.number))


STORE = Schema("redress", "store")
KEYS = Schema("redress_keys", "keys")
JOBS = Schema("redress_jobs", "jobs")


def migrate(url: str, schema: Schema, upto: int | None = None) -> tuple[str, ...]:
    """Apply the migrations that are missing; return their names.

    Safe to repeat, and to run from several places at once. Raises SchemaMismatch if the
    database is ahead of this code.
    """
    with open_session(url) as connection:
        # A lock of the session, not of a transaction: each migration has its own
        # transaction, and nobody may come in between two. It ends with the connection.
        take_turn(connection, MIGRATING)
        if _version(connection, schema) < (upto or schema.migrations[-1].number):
            # What a rebuild has begun is of the old schema.
            take_turn(connection, REBUILDING)
        ensure_app_role(connection)
        _begin(connection, schema)
        return tuple(_apply(connection, schema, upto))


def check(url: str, schema: Schema) -> None:
    """Raise SchemaMismatch, naming what differs, unless the schema is as expected.

    Raises its subclass ChangedByHand if the version is right and something else is not.
    """
    with open_session(url) as connection:
        done, expected = _version(connection, schema), schema.migrations[-1].number
        if done < expected:
            raise SchemaMismatch(
                f"schema {schema.name} is at {done}, this code needs {expected}: "
                "run `redress migrate`"
            )
        if done > expected:
            raise SchemaMismatch(
                f"schema {schema.name} is at {done}, this code knows only {expected}: "
                "run a newer redress"
            )
        wanted = shipped("application.record.schema", schema.folder)
        raise_if_changed(f"schema {schema.name}", wanted, present(connection, schema))


def _begin(connection: Connection[TupleRow], schema: Schema) -> None:
    name = Identifier(schema.name)
    connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(name))
    connection.execute(SQL("GRANT USAGE ON SCHEMA {} TO redress_app").format(name))
    connection.execute(SQL("SET search_path TO {}").format(name))
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY,"
        " name text NOT NULL, listing text NOT NULL)"
    )
    connection.execute("GRANT SELECT ON migrations TO redress_app")


def _apply(
    connection: Connection[TupleRow], schema: Schema, upto: int | None
) -> Iterator[str]:
    done, known = _version(connection, schema), schema.migrations[-1].number
    if done > known:
        raise SchemaMismatch(
            f"schema {schema.name} is at {done}, this code knows only {known}"
        )
    for step in schema.migrations:
        if done < step.number <= (upto or known):
            # Step and number in one transaction, whatever fails or is killed.
            with connection.transaction():
                connection.execute(step.sql.encode())
                # For people who ask what came when; nothing is judged by it.
                after = "\n".join(present(connection, schema))
                connection.execute(
                    "INSERT INTO migrations VALUES (%s, %s, %s)",
                    (step.number, step.name, after),
                )
            yield f"{schema.name}: {step.name}"


def _version(connection: Connection[TupleRow], schema: Schema) -> int:
    """Return the number of the last migration applied, 0 for none."""
    table = f"{schema.name}.migrations"
    # NULL for a table that is not there, where a cast to regclass would fail.
    row = connection.execute("SELECT to_regclass(%s)", (table,)).fetchone()
    if row is None or row[0] is None:
        return 0
    query = SQL("SELECT coalesce(max(number), 0) FROM {}.migrations")
    found = connection.execute(query.format(Identifier(schema.name))).fetchone()
    return int(found[0]) if found else 0


def present(connection: Connection[TupleRow], schema: Schema) -> tuple[str, ...]:
    """List what the database has of a schema."""
    return listing(connection, schema.name, (*tables_of(schema), "migrations"))


def raise_if_changed(name: str, expected: Sequence[str], found: Sequence[str]) -> None:
    """Raise ChangedByHand, naming what differs, unless two listings are the same."""
    differences = tuple(in_words(expected, found))
    if differences:
        raise ChangedByHand(f"{name} was changed by hand: {_shortened(differences)}")


def _shortened(differences: Sequence[str]) -> str:
    """Return the first differences, and how many more there are, as one line."""
    more = len(differences) - SHOWN
    rest = f"; and {more} more" if more > 0 else ""
    return "; ".join(differences[:SHOWN]) + rest


def tables_of(schema: Schema) -> tuple[str, ...]:
    """Return the tables that migrations create; each read model creates its own."""
    words = (
        line.split() for step in schema.migrations for line in step.sql.splitlines()
    )
    # The job library writes the bracket without a space.
    return tuple(
        line[2].rstrip("(") for line in words if line[:2] == ["CREATE", "TABLE"]
    )

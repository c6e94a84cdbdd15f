"""All read models: made where they are missing, checked on start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from application.jobs.locks import MAKING_VIEWS
from application.record.patience import take_turn
from application.record.schema.catalogue import listing, tables
from application.record.schema.expected_schema import shipped
from application.record.schema.migrations import (
    STORE,
    SchemaMismatch,
    raise_if_changed,
    tables_of,
)
from application.record.session import open_session
from projections.agenda import AGENDA
from projections.audit.audit_trail import AUDIT_TRAIL
from projections.figures.transparency import TRANSPARENCY
from projections.notices import NOTICES
from projections.queue.queue_view import QUEUE
from projections.read_model import View
from projections.sanctions import SANCTIONS
from projections.tables.view_presence import ViewMissing, missing_views
from projections.tables.view_tables import make, secure_table

VIEWS: tuple[View[Any], ...] = (
    QUEUE,
    AUDIT_TRAIL,
    TRANSPARENCY,
    AGENDA,
    NOTICES,
    SANCTIONS,
)


def named(name: str) -> View[Any]:
    """Return the view of a name. Raises KeyError."""
    return {view.name: view for view in VIEWS}[name]


def make_missing(url: str) -> tuple[str, ...]:
    """Make the views that were never there, empty; return their names.

    One that has lost a table or its position by hand is left to `redress rebuild`:
    made anew it would be empty, and nobody would know.
    """
    with open_session(url, autocommit=False) as connection:
        # Several processes may start at once; the second finds what the first made.
        take_turn(connection, MAKING_VIEWS)
        known = _ever_made(connection)
        missing = [view for view in VIEWS if view.name not in known]
        for view in missing:
            make(connection, view, STORE.name)
        lost = missing_views(connection, VIEWS)
        _secure_older(connection, [one for one in VIEWS if one.name not in lost])
        return tuple(view.name for view in missing)


def _secure_older(connection: Connection[TupleRow], views: Sequence[View[Any]]) -> None:
    """Secure the views that a version without row security has made."""
    connection.execute(
        SQL("SET LOCAL search_path TO {}").format(Identifier(STORE.name))
    )
    query = "SELECT tablename FROM pg_policies WHERE schemaname = %s"
    secured = {row[0] for row in connection.execute(query, (STORE.name,))}
    for view in views:
        if view.seen is not None and view.name not in secured:
            secure_table(connection, view.name, view.seen)


def check(url: str) -> None:
    """Raise SchemaMismatch unless every view exists in the form that this code has.

    Raises its subclass ChangedByHand if a table of a view is not as it was made, or if
    the schema has a table that is of no view and of no migration; ViewMissing if one is
    not there at all.
    """
    with open_session(url, search_path=STORE.name) as connection:
        present = _revisions(connection)
        found = listed(connection)
        missing = missing_views(connection, VIEWS)
    if outdated := outdated_in(present):
        raise SchemaMismatch(
            f"view {', '.join(outdated)} has another form than this code gives it: "
            "run `redress rebuild`"
        )
    if missing:
        raise ViewMissing(missing[0])
    raise_if_changed("a view", shipped("projections", "views"), found)


def listed(connection: Connection[TupleRow]) -> tuple[str, ...]:
    """List what the database has of the views, and tables that nobody knows."""
    names = tuple(table for view in VIEWS for table in view.tables)
    known = {*names, *tables_of(STORE), "migrations"}
    strange = tuple(
        f"table {name}: of no view and of no migration"
        for name in tables(connection, STORE.name)
        if name not in known
    )
    return (*listing(connection, STORE.name, names, tables_only=True), *strange)


def outdated_in(present: dict[str, str]) -> Sequence[str]:
    """Name the views whose form has changed since they were made."""
    return [
        view.name
        for view in VIEWS
        if view.name in present and present[view.name] != view.revision
    ]


def _revisions(connection: Connection[TupleRow]) -> dict[str, str]:
    """Return the form of each view that is there; one whose table is gone is not."""
    rows = connection.execute(
        "SELECT name, revision FROM redress.followers"
        " WHERE to_regclass('redress.' || quote_ident(name)) IS NOT NULL"
    )
    return dict(rows.fetchall())


def _ever_made(connection: Connection[TupleRow]) -> set[str]:
    """Return the names of views of which anything is there."""
    rows = connection.execute("SELECT name FROM redress.followers").fetchall()
    there = set(tables(connection, STORE.name))
    return {name for (name,) in rows} | {
        view.name for view in VIEWS if there & set(view.tables)
    }

"""The figure cube: sums that always are what counting the cases would give."""

from __future__ import annotations

from uuid import UUID

import msgspec
import psycopg
import pytest

from projections.figures.figure_cube import AT_ONCE, FigureCube
from projections.reports.period import CUTS, Question
from projections.reports.report import report
from tests.projections.random_figures import fill_with_anything, reassigned

pytestmark = pytest.mark.store

CUBE = FigureCube()
PERIODS = ("2026", "2026-Q2", "2026-05", "all")
TWO_CUTS = ("month,category", "platform,channel", "category,reason", "year,outcome")
FILTERS = (
    {"category": "x"},
    {"system": "y"},
    {"platform": "x"},
    {"zone": "Europe/Berlin"},
)


def same(session: psycopg.Connection, question: Question) -> None:
    summed = report(session, question)
    counted = report(session, question, from_rows=True)
    assert msgspec.to_builtins(summed) == msgspec.to_builtins(counted)


def named(table: str) -> str:
    """Return the query for the rows of a table of the cube, as texts."""
    cuts = "channel reason outcome" if table == "figure_times" else "cut"
    if table == "figures_pending":
        return f"SELECT t::text FROM {table} t"
    names = ", ".join(
        f"(SELECT (slice, value, category, platform, system)::text"
        f" FROM figure_cuts c WHERE c.cut = t.{one})"
        for one in cuts.split()
    )
    less = " - ".join(["to_jsonb(t)", *(f"'{one}'" for one in cuts.split())])
    return f"SELECT ({less})::text || concat({names}) FROM {table} t"


def contents(session: psycopg.Connection) -> dict[str, list[str]]:
    """Return what the tables hold, by the names of cuts: their numbers may differ."""
    return {
        table: [
            row[0]
            for row in session.execute(f"{named(table)} ORDER BY 1".encode()).fetchall()
        ]
        for table in CUBE.tables
        if table != "figure_cuts"
    }


def filled_anew(session: psycopg.Connection) -> dict[str, list[str]]:
    with session.transaction(force_rollback=True), session.cursor() as cursor:
        for table in CUBE.tables:
            cursor.execute(f"TRUNCATE {table}".encode())
        CUBE.fill(cursor)
        return contents(session)


def test_a_report_from_the_cube_is_the_one_from_the_rows(
    session: psycopg.Connection,
) -> None:
    fill_with_anything(session, 3_000)
    with session.transaction(), session.cursor() as cursor:
        CUBE.fill(cursor)
    for period in PERIODS:
        for by in ("none", *CUTS, *TWO_CUTS):
            same(session, Question(period=period, by=by))
        for chosen in FILTERS:
            same(session, Question(period=period, **chosen))
            same(session, Question(period=period, by="reason", **chosen))


def test_a_cube_that_followed_changes_is_one_that_was_filled(
    session: psycopg.Connection,
) -> None:
    """Rows are made, changed and taken away; the sums follow in each transaction."""
    fill_with_anything(session, 400)
    with session.transaction(), session.cursor() as cursor:
        CUBE.fill(cursor)
    for turn in range(4):
        rows = session.execute("SELECT case_id FROM transparency ORDER BY random()")
        cases: list[UUID] = [row[0] for row in rows][:150]
        with session.transaction(), session.cursor() as cursor:
            CUBE.take_out(cursor, cases)
            reassigned(session, cases)
            if turn == 2:
                gone = "DELETE FROM transparency WHERE case_id = ANY(%s)"
                cursor.execute(gone, (cases[:50],))
            CUBE.put_in(cursor, cases)
        assert contents(session) == filled_anew(session)
    held = contents(session)
    assert all(held[table] for table in held if table != "figures_pending")


def test_a_batch_of_many_cases_is_added_up_later(
    session: psycopg.Connection,
) -> None:
    """Until then a report counts the rows, and is right."""
    fill_with_anything(session, AT_ONCE + 50)
    with session.transaction(), session.cursor() as cursor:
        CUBE.fill(cursor)
    for turn in range(3):
        rows = session.execute("SELECT case_id FROM transparency ORDER BY case_id")
        cases: list[UUID] = [row[0] for row in rows]
        with session.transaction(), session.cursor() as cursor:
            CUBE.take_out(cursor, cases)
            reassigned(session, cases)
            if turn == 1:
                fill_with_anything(session, 5)
                rows = session.execute("SELECT case_id FROM transparency")
                cases = [row[0] for row in rows]
            CUBE.put_in(cursor, cases)
        same(session, Question(period="2026"))
        # Also a small batch waits for those before it.
        with session.transaction(), session.cursor() as cursor:
            CUBE.take_out(cursor, cases[:1])
            reassigned(session, cases[:1])
            CUBE.put_in(cursor, cases[:1])
    with session.transaction(), session.cursor() as cursor:
        assert CUBE.settle(cursor) == AT_ONCE + 55
        assert CUBE.settle(cursor) == 0
    same(session, Question(period="2026"))
    assert contents(session) == filled_anew(session)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (
            "UPDATE figure_cells SET n_opened = 9 WHERE dated = 'opened_at'",
            "figure_cells: opened_at",
        ),
        (
            "UPDATE figure_parts SET amount = amount - 1 WHERE figure = 'awarded'",
            "figure_parts: awarded",
        ),
        (
            "UPDATE figure_times SET micros = micros + 1 WHERE series = 0",
            "figure_times: 0",
        ),
        ("UPDATE figure_buckets SET b7 = b7 + 1", "figure_buckets: "),
        ("DELETE FROM figure_buckets WHERE slice = 'outcome'", "figure_buckets: "),
        ("DELETE FROM figure_cells WHERE slice = 'reason'", "figure_cells: "),
        ("DELETE FROM figure_cuts", "figure_cuts: "),
        (
            "DELETE FROM transparency WHERE ctid = '(0,1)'",
            "is not the sum of its cases",
        ),
    ],
)
def test_the_audit_names_a_cell_that_differs(
    session: psycopg.Connection, change: str, named: str
) -> None:
    fill_with_anything(session, AT_ONCE + 50)
    with session.transaction(), session.cursor() as cursor:
        CUBE.fill(cursor)
    assert CUBE.differing(session) is None
    session.execute(change.encode())
    assert named in str(CUBE.differing(session))


def test_cases_that_are_not_added_up_yet_are_no_difference(
    session: psycopg.Connection,
) -> None:
    fill_with_anything(session, AT_ONCE + 50)
    with session.transaction(), session.cursor() as cursor:
        CUBE.fill(cursor)
        rows = session.execute("SELECT case_id FROM transparency").fetchall()
        cases = [row[0] for row in rows]
        CUBE.take_out(cursor, cases)
        reassigned(session, cases)
        CUBE.put_in(cursor, cases)
    assert CUBE.differing(session) is None
    with session.transaction(), session.cursor() as cursor:
        while CUBE.settle(cursor):
            pass
    assert CUBE.differing(session) is None

"""What the last round of the audit found in each view; kept until a round finds none.

A view whose finding is open is not shown as evidence: see `open_finding`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row

from application.operator_error import OperatorError

_FOUND = """
INSERT INTO view_rounds (view, position, compared, finding, found_at)
VALUES (%(view)s, 0, 0, %(finding)s, %(at)s)
ON CONFLICT (view) DO UPDATE SET finding = EXCLUDED.finding,
    found_at = CASE WHEN view_rounds.finding = EXCLUDED.finding
        THEN view_rounds.found_at ELSE EXCLUDED.found_at END
"""
# A round that was overtaken by a rebuild ends as if it had looked at the new rows; it
# has, from where it was on, and the rebuild has made all others.
_ENDED = """
INSERT INTO view_rounds (view, ended_at, position, compared)
VALUES (%(view)s, %(at)s, %(position)s, %(compared)s)
ON CONFLICT (view) DO UPDATE SET ended_at = EXCLUDED.ended_at,
    position = EXCLUDED.position, compared = EXCLUDED.compared,
    finding = CASE WHEN %(clean)s THEN NULL ELSE view_rounds.finding END,
    found_at = CASE WHEN %(clean)s THEN NULL ELSE view_rounds.found_at END
"""
_REMADE = """
UPDATE redress.view_rounds SET finding = NULL, found_at = NULL WHERE view = %s
"""


class ViewDiffers(OperatorError):
    """A view is not what the record says, so that nothing is shown from it as such."""

    def __init__(self, view: str, finding: str) -> None:
        self.view = view
        super().__init__(
            f"{finding}: it is not shown until a round of the audit finds no difference"
            f" (redress verify --views; redress rebuild {view})"
        )


def store_finding(
    connection: Connection[Any], view: str, finding: str, at: datetime
) -> None:
    """Store the first difference of a view as soon as it is found."""
    values = {"view": view, "finding": finding, "at": at}
    connection.execute(_FOUND, values)


def store_round(
    connection: Connection[Any],
    view: str,
    *,
    position: int,
    compared: int,
    clean: bool,
    at: datetime,
) -> None:
    """Store that a whole round has ended; if it was clean, an old finding is over."""
    values = {
        "view": view,
        "position": position,
        "compared": compared,
        "clean": clean,
        "at": at,
    }
    connection.execute(_ENDED, values)


def forget_finding(connection: Connection[Any], view: str) -> None:
    """Forget the finding of a view that was just rebuilt from the record."""
    connection.execute(_REMADE, (view,))


def open_finding(connection: Connection[Any], view: str) -> str | None:
    """Return what the audit has found wrong with a view, None if nothing."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute("SELECT redress.view_finding(%s)", (view,)).fetchone()
    return row[0] if row else None


def check_sound(connection: Connection[Any], view: str) -> None:
    """Raise ViewDiffers if the audit has found that a view is not the record's."""
    if (finding := open_finding(connection, view)) is not None:
        raise ViewDiffers(view, finding)

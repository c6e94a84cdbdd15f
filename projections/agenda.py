"""The agenda: which deadlines run and which notices wait, on every live case.

The worker takes rows that are due and sends the commands that they call for; the event
that this leads to takes the row away. A row may be acted on twice, since the view
follows the record with a delay; the second command changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import scalar_row

from application.record.envelope import Recorded
from domain.deadlines.deadline import Awaited, Deadline
from domain.deadlines.effects import ends
from domain.notices.notice import called_for
from domain.roles import Party
from projections.placed_events import Placed
from projections.read_model import CaseRow, OnPoison, View
from projections.tables.typed_rows import struct_row


class Kind(StrEnum):
    """What a row of the agenda calls for."""

    DEADLINE = "deadline"
    NOTICE = "notice"


class AgendaRow(CaseRow, frozen=True, kw_only=True):
    """A deadline that ends, or a notice to be served, at `due` (UTC).

    `name` is what is awaited, or the kind of the notice; `item` numbers the offer or
    obligation, 0 for none. Imported history calls for nothing.
    """

    kind: Kind
    name: str
    party: Party
    item: int
    due: datetime


DDL = """
CREATE TABLE agenda (
    case_id  uuid NOT NULL,
    kind     text NOT NULL,
    name     text NOT NULL,
    party    text NOT NULL,
    item     integer NOT NULL,
    due      timestamptz NOT NULL,
    tries    integer NOT NULL DEFAULT 0,
    retry_at timestamptz,
    PRIMARY KEY (case_id, kind, name, party, item)
);
CREATE INDEX agenda_due ON agenda (due);
"""


def fold(rows: tuple[AgendaRow, ...], placed: Placed) -> tuple[AgendaRow, ...]:
    """Take off what an event ends, and put on what it starts."""
    recorded = placed.recorded
    left = tuple(row for row in rows if not _ended(row, placed)) if rows else rows
    # History happened elsewhere: its deadlines are over, and its parties were informed.
    if recorded.imported is not None:
        return left
    notices = tuple(row for row in _notices(recorded) if _is_waiting(row, placed))
    return (*left, *_deadlines(recorded), *notices)


def whole(events: Sequence[Placed]) -> tuple[AgendaRow, ...]:
    """Return the rows of a case after all of its events, read off its state."""
    if any(placed.recorded.imported for placed in events):
        rows: tuple[AgendaRow, ...] = ()
        for placed in events:
            rows = fold(rows, placed)
        return rows
    # What runs and what waits is in the state; only since when is not.
    last, dispute = events[-1].recorded, events[-1].after.dispute
    if not dispute.deadlines and not dispute.notices:
        return ()
    waiting = {(notice.kind, notice.party) for notice in dispute.notices}
    notices: dict[tuple[str, str], AgendaRow] = {}
    for placed in events if waiting else ():
        for row in _notices(placed.recorded):
            notices[row.name, row.party] = row
    return (
        *_rows_of(last.case, dispute.deadlines),
        *(row for key, row in notices.items() if key in waiting),
    )


def _ended(row: AgendaRow, placed: Placed) -> bool:
    if row.kind is Kind.DEADLINE:
        key = (Awaited(row.name), row.party, row.item or None)
        return ends(placed.recorded.event, key)
    return not _is_waiting(row, placed)


def _is_waiting(row: AgendaRow, placed: Placed) -> bool:
    # The state knows which notices are not served any more, such as those of a ruling
    # that a human decides again.
    notices = placed.after.dispute.notices
    return any((one.kind, one.party) == (row.name, row.party) for one in notices)


def _deadlines(recorded: Recorded) -> tuple[AgendaRow, ...]:
    started: tuple[Deadline, ...] = getattr(recorded.event, "deadlines", ())
    return _rows_of(recorded.case, started) if started else ()


def _rows_of(case: UUID, deadlines: Iterable[Deadline]) -> tuple[AgendaRow, ...]:
    return tuple(
        AgendaRow(
            case_id=case,
            kind=Kind.DEADLINE,
            name=deadline.awaited,
            party=deadline.party,
            item=deadline.item or 0,
            due=deadline.due,
        )
        for deadline in deadlines
    )


def _notices(recorded: Recorded) -> tuple[AgendaRow, ...]:
    called = called_for(recorded.event)
    if not called:
        return ()
    return tuple(
        AgendaRow(
            case_id=recorded.case,
            kind=Kind.NOTICE,
            name=notice.kind,
            party=notice.party,
            item=0,
            # At once, and not at `at`: a notice can be served from when it is known.
            due=recorded.recorded_at,
        )
        for notice in called
    )


AGENDA = View(
    "agenda",
    row=AgendaRow,
    key=("case_id", "kind", "name", "party", "item"),
    ddl=DDL,
    fold=fold,
    whole=whole,
    on_poison=OnPoison.PARK,
    # Notices that need not be served any more are taken off.
    edition=2,
)

_COLUMNS = "case_id, kind, name, party, item, due"


def leased(
    connection: Connection[Any],
    now: datetime,
    until: datetime,
    limit: int,
    kinds: Iterable[Kind] = Kind,
) -> Sequence[AgendaRow]:
    """Take rows of some kinds that are due, the first due first.

    Other workers skip them `until`: if the worker dies before it has acted, the rows
    are taken again then.
    """
    with connection.cursor(row_factory=struct_row(AgendaRow)) as cursor:
        # SKIP LOCKED: a second worker takes other rows and does not wait for these.
        rows = cursor.execute(
            "UPDATE agenda SET tries = tries + 1, retry_at = %(until)s"
            " WHERE (case_id, kind, name, party, item) IN ("
            "  SELECT case_id, kind, name, party, item FROM agenda"
            # Nobody leases a row for longer: a time beyond was put there to hide it.
            "  WHERE kind = ANY(%(kinds)s) AND due <= %(now)s"
            "   AND (retry_at IS NULL OR retry_at <= %(now)s"
            "   OR retry_at > %(until)s + interval '1 minute')"
            "  ORDER BY due LIMIT %(limit)s FOR UPDATE SKIP LOCKED)"
            f" RETURNING {_COLUMNS}",
            {"now": now, "until": until, "limit": limit, "kinds": list(kinds)},
        ).fetchall()
    # UPDATE returns rows in no order, whatever the order in which they were chosen.
    return sorted(rows, key=lambda row: row.due)


def next_due(connection: Connection[Any], now: datetime) -> datetime | None:
    """Return when the next row falls due, or is taken up again; None if none does.

    Rows that are due by now and that nobody has leased are not looked at.
    """
    # Both by an index: most rows fall due later, and those that are due are few.
    query = (
        "SELECT least((SELECT min(due) FROM agenda WHERE due > %(now)s),"
        " (SELECT min(retry_at) FROM agenda WHERE due <= %(now)s"
        " AND retry_at > %(now)s))"
    )
    with connection.cursor(row_factory=scalar_row) as cursor:
        found: datetime | None = cursor.execute(query, {"now": now}).fetchone()
    return found

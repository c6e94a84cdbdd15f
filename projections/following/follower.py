"""Takes one view through the ledger: exactly once, never past a gap.

Rows are made outside the transaction; then one transaction moves the position, if it
still is where the batch began, and writes the rows. Two followers of one view can
therefore never apply a batch twice (decision 10).
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from application.jobs.view_skips import is_held
from application.jobs.wakeup import VIEWS
from application.record.envelope import is_about_a_case
from application.record.event_place import fault
from application.record.sqlstates import SURROUNDINGS, cause_of
from application.telemetry.steps import step
from projections.following.ledger_batch import BATCH, Placing, Stored, read_batch
from projections.placed_events import by_case
from projections.read_model import OnPoison, View
from projections.tables.view_presence import ViewMissing, ViewOfOtherForm
from projections.tables.view_sums import settled

_log = logging.getLogger(__name__)


class Overtaken(Exception):
    """Another follower of the same view has moved its position."""


class Following:
    """One view's way through the ledger.

    The connection's search path says which tables of the view are meant: the live ones,
    or those of a rebuild.
    """

    def __init__(
        self,
        view: View[Any],
        connection: Connection[TupleRow],
        placing: Placing | None = None,
    ) -> None:
        self.view = view
        self._connection = connection
        self._placing = placing or Placing(connection)
        self.position, self.halted = self._where()

    def advance(self, upto: int | None = None, limit: int = BATCH) -> int:
        """Follow up to one batch further; return how many events were passed.

        Without any left, what was put off while catching up is added up, some cases at
        a time: the number of these is returned then. Stops at an event that a halting
        view cannot take, until two people have said that the view passes over it, or
        somebody has it tried again.
        """
        if self.halted is not None:
            if is_held(self._connection, self.view.name, self.position + 1):
                return settled(self.view.sums, self._connection)
            self.retry()
        before = self.position
        batch = read_batch(self._connection, before, upto=upto, limit=limit)
        if batch:
            self.follow(batch)
        # Not only when nothing comes: under a steady load something always does.
        near = upto is None and len(batch) < limit
        more = settled(self.view.sums, self._connection) if near else 0
        return self.position - before or more

    def retry(self) -> None:
        """Try again after a halt; the same event halts the view again if it must."""
        if self.halted is not None:
            self._connection.execute(
                "UPDATE followers SET halted = NULL WHERE name = %s", (self.view.name,)
            )
            self.halted = None

    def follow(self, batch: Sequence[Stored]) -> None:
        """Apply a batch; if it fails, halve it down to the event that is to blame.

        The halves before it are applied, so that the view stands right at the poison.
        """
        try:
            self._apply(batch)
        except Overtaken:
            raise
        except Exception as error:
            if is_of_surroundings(error):
                # No event's fault: halving would end by blaming an innocent one.
                raise
            if len(batch) == 1:
                self._poisoned(batch[0], error)
                return
            middle = len(batch) // 2
            self.follow(batch[:middle])
            if self.halted is None:
                self.follow(batch[middle:])

    def _where(self) -> tuple[int, str | None]:
        row = self._connection.execute(
            "SELECT position, halted, revision FROM followers WHERE name = %s",
            (self.view.name,),
        ).fetchone()
        if row is None:
            raise ViewMissing(self.view.name)
        if row[2] != self.view.revision:
            raise ViewOfOtherForm(self.view.name)
        return row[0], row[1]

    def _apply(self, batch: Sequence[Stored]) -> None:
        left = left_out(self._connection, [self.view], batch)
        taken = [one for one in batch if left.takes(self.view, one)]
        placed = self._placing.placed(taken)
        traces = [one.recorded.trace for one in placed]
        with step("project", traces, views=self.view.name, events=len(placed)):
            before = self.view.load(self._connection, {one.case for one in taken})
            after = self.view.folded(before, by_case(placed))
            with self._connection.transaction():
                # First: this locks the follower's row, so that a second follower waits
                # here and then finds that it was overtaken, before it writes anything.
                move(self._connection, [self.view], self.position, batch[-1].position)
                check_left_out(self._connection, [self.view], batch, left)
                self._connection.execute(f"NOTIFY {VIEWS}")
                with self._connection.cursor() as cursor:
                    self.view.store(cursor, before, after)
        # Also past events that were left out; the position is that of the ledger.
        self.position = batch[-1].position

    def _poisoned(self, one: Stored, error: Exception) -> None:
        said = fault(error)
        _log.error("%s cannot take %s: %s", self.view.name, one.place, said)
        with self._connection.transaction():
            if self.view.on_poison is OnPoison.PARK:
                move(self._connection, [self.view], self.position, one.position)
                self._park(one, said)
            else:
                # The position stays before the event, which is tried again later.
                self._halt(f"{one.place}: {said}")
        # Only once it is committed; an error above leaves both where they were.
        if self.view.on_poison is OnPoison.PARK:
            self.position = one.position

    def _park(self, one: Stored, said: str) -> None:
        self._connection.execute(
            "INSERT INTO parked VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (self.view.name, one.case, one.position, said),
        )

    def _halt(self, said: str) -> None:
        self._connection.execute(
            "UPDATE followers SET halted = %s WHERE name = %s", (said, self.view.name)
        )
        self.halted = said


class LeftOut:
    """What views do not take of a batch: cases set aside, events passed over."""

    def __init__(
        self, parked: set[tuple[str, UUID]], skipped: set[tuple[str, int]]
    ) -> None:
        self._parked, self._skipped = parked, skipped

    def __bool__(self) -> bool:
        return bool(self._parked or self._skipped)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LeftOut) and (
            (self._parked, self._skipped) == (other._parked, other._skipped)
        )

    def __hash__(self) -> int:
        return hash((frozenset(self._parked), frozenset(self._skipped)))

    def takes(self, view: View[Any], one: Stored) -> bool:
        """Tell whether a view takes an event. Histories beside cases are in none."""
        # The later events of a parked case would be folded over rows that lack the one
        # that it was parked for.
        return (
            is_about_a_case(one.topic)
            and (view.name, one.case) not in self._parked
            and (view.name, one.position) not in self._skipped
        )


def left_out(
    connection: Connection[Any], views: Collection[View[Any]], batch: Sequence[Stored]
) -> LeftOut:
    """Return what some views do not take of a batch."""
    parking = [view.name for view in views if view.on_poison is OnPoison.PARK]
    parked = connection.execute(
        "SELECT follower, originator_id FROM parked"
        " WHERE follower = ANY(%s) AND originator_id = ANY(%s)",
        (parking, list({one.case for one in batch})),
    )
    skipped = connection.execute(
        "SELECT follower, position FROM view_skips WHERE approved_by IS NOT NULL"
        " AND follower = ANY(%s) AND position BETWEEN %s AND %s",
        ([view.name for view in views], batch[0].position, batch[-1].position),
    )
    return LeftOut(set(parked.fetchall()), set(skipped.fetchall()))


def check_left_out(
    connection: Connection[Any],
    views: Collection[View[Any]],
    batch: Sequence[Stored],
    left: LeftOut,
) -> None:
    """Raise Overtaken if views take more of a batch by now; no position may move then.

    A case that is taken in again up to a position needs all of its later events.
    """
    if left and left_out(connection, views, batch) != left:
        raise Overtaken("a case was taken in again")


def move(
    connection: Connection[Any],
    views: Collection[View[Any]],
    position: int,
    upto: int,
) -> None:
    """Move views from one position to another. Raises Overtaken."""
    # "=" and not "<": a batch that was read long ago and overlaps others by now would
    # pass as progress, and its events would be applied twice.
    # By the form as well: another version of the program may have rebuilt a view.
    names = [view.name for view in views]
    moved = connection.execute(
        "UPDATE followers SET position = %s WHERE name = ANY(%s) AND position = %s"
        " AND revision = ANY(%s) RETURNING name",
        (upto, names, position, [view.revision for view in views]),
    )
    # Fetched, not counted: in a pipeline nothing is counted before it is asked for.
    if len(moved.fetchall()) != len(names):
        raise Overtaken(", ".join(names))


def is_of_surroundings(error: Exception) -> bool:
    """Tell whether an error would have met any event: the same one passes later on."""
    if isinstance(error, MemoryError | OSError):
        return True
    return cause_of(error) in SURROUNDINGS

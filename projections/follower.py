"""Follows the ledger for a view: in batches, exactly once, never past a gap.

Events are folded outside the transaction; then one transaction moves the position, if
it still is where the batch began, and writes the rows. Two followers of one view can
therefore never apply a batch twice (decision 10).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zlib import crc32

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import TupleRow

from application.jobs.leader import LeaderJob
from application.jobs.view_skips import is_skipped
from application.record.envelope import decode, is_about_a_case
from application.record.sqlstates import SURROUNDINGS, cause_of
from application.telemetry.steps import step
from projections.read_model import OnPoison, Placed, View
from projections.typed_rows import struct_row

BATCH = 1_000
"""Events in one transaction: 20 to 60 times as fast as one event in each."""

LOCK = 7_244_000_000
"""Advisory locks of followers begin here, beyond those of `application.jobs.locks`; the
view's name tells them apart."""

_log = logging.getLogger(__name__)


class Overtaken(Exception):
    """Another follower of the same view has moved its position."""


class Stored(Struct, frozen=True):
    """An event as the ledger orders it, not yet decoded."""

    position: int
    originator_id: UUID
    originator_version: int
    topic: str
    state: bytes
    skipped: bool = False


class Following:
    """One view's way through the ledger.

    The connection's search path says which tables of the view are meant: the live ones,
    or those of a rebuild.
    """

    def __init__(self, view: View[Any], connection: Connection[TupleRow]) -> None:
        self.view = view
        self._connection = connection
        self.position, self.halted = self._where()

    def advance(self, upto: int | None = None) -> int:
        """Follow up to one batch further; return how many events were passed.

        Stops at an event that a halting view cannot take, until two people have said
        that the view passes over it.
        """
        if self.halted is not None:
            if not is_skipped(self._connection, self.view.name, self.position + 1):
                return 0
            self.retry()
        batch = self._read(upto)
        before = self.position
        if batch:
            self._follow(batch)
        return self.position - before

    def retry(self) -> None:
        """Try again after a halt; the same event halts the view again if it must."""
        if self.halted is not None:
            self._connection.execute(
                "UPDATE followers SET halted = NULL WHERE name = %s", (self.view.name,)
            )
            self.halted = None

    def _where(self) -> tuple[int, str | None]:
        row = self._connection.execute(
            "SELECT position, halted FROM followers WHERE name = %s", (self.view.name,)
        ).fetchone()
        if row is None:
            raise LookupError(f"view {self.view.name} is not set up")
        return row[0], row[1]

    def _read(self, upto: int | None) -> list[Stored]:
        with self._connection.cursor(row_factory=struct_row(Stored)) as cursor:
            return cursor.execute(
                "SELECT l.position, l.originator_id, l.originator_version, e.topic,"
                " e.state, s.approved_by IS NOT NULL AS skipped"
                " FROM ledger l JOIN events e USING (notification_id)"
                " LEFT JOIN view_skips s"
                "   ON s.follower = %s AND s.position = l.position"
                " WHERE l.position > %s AND l.position <= coalesce(%s, l.position)"
                " ORDER BY l.position LIMIT %s",
                (self.view.name, self.position, upto, BATCH),
                prepare=True,
            ).fetchall()

    def _follow(self, batch: Sequence[Stored]) -> None:
        """Apply a batch; if it fails, halve it down to the event that is to blame.

        The halves before it are applied, so that the view stands right at the poison.
        """
        try:
            self._apply(batch)
        except Overtaken:
            raise
        except Exception as error:
            if _is_of_surroundings(error):
                # No event's fault: halving would end by blaming an innocent one.
                raise
            if len(batch) == 1:
                self._poisoned(batch[0], error)
                return
            middle = len(batch) // 2
            self._follow(batch[:middle])
            if self.halted is None:
                self._follow(batch[middle:])

    def _apply(self, batch: Sequence[Stored]) -> None:
        cases = {one.originator_id for one in batch}
        parked = self._parked(cases)
        events = [
            Placed(one.position, decode(one.state))
            for one in batch
            # The later events of a parked case would be folded over rows that lack the
            # one it was parked for. The ledger also holds sellers' histories and seals.
            if not (one.skipped or one.originator_id in parked)
            and is_about_a_case(one.topic)
        ]
        traces = [one.recorded.trace for one in events]
        with step("project", traces, view=self.view.name, events=len(events)):
            self._fold(cases - parked, events, batch[-1].position)
        # Also past events that were left out; the position is that of the ledger.
        self.position = batch[-1].position

    def _fold(self, cases: set[UUID], events: Sequence[Placed], upto: int) -> None:
        before = self.view.load(self._connection, cases)
        after = self.view.folded(before, events)
        with self._connection.transaction(), self._connection.cursor() as cursor:
            # First: this locks the follower's row, so that a second follower waits here
            # and then finds that it was overtaken, before it has written anything.
            self._move(upto)
            self.view.store(cursor, before, after)

    def _parked(self, cases: set[UUID]) -> set[UUID]:
        if self.view.on_poison is OnPoison.HALT:
            return set()
        rows = self._connection.execute(
            "SELECT originator_id FROM parked"
            " WHERE follower = %s AND originator_id = ANY(%s)",
            (self.view.name, list(cases)),
        ).fetchall()
        return {row[0] for row in rows}

    def _move(self, position: int) -> None:
        # "=" and not "<": a batch that was read long ago and overlaps others by now
        # would pass as progress, and its events would be applied twice.
        moved = self._connection.execute(
            "UPDATE followers SET position = %s WHERE name = %s AND position = %s",
            (position, self.view.name, self.position),
        )
        if moved.rowcount != 1:
            raise Overtaken(self.view.name)

    def _poisoned(self, one: Stored, error: Exception) -> None:
        said = f"{type(error).__name__}: {error}"
        place = f"position {one.position}, case {one.originator_id}"
        _log.error("%s cannot take %s: %s", self.view.name, place, said)
        with self._connection.transaction():
            if self.view.on_poison is OnPoison.PARK:
                self._move(one.position)
                self._park(one, said)
            else:
                # The position stays before the event, which is tried again later.
                self._halt(f"{place} version {one.originator_version}: {said}")
        # Only once it is committed; an error above leaves both where they were.
        if self.view.on_poison is OnPoison.PARK:
            self.position = one.position

    def _park(self, one: Stored, said: str) -> None:
        self._connection.execute(
            "INSERT INTO parked VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (self.view.name, one.originator_id, one.position, said),
        )

    def _halt(self, said: str) -> None:
        self._connection.execute(
            "UPDATE followers SET halted = %s WHERE name = %s", (said, self.view.name)
        )
        self.halted = said


class Follower(LeaderJob):
    """Keeps a view up with the ledger; of several, one works and the others wait."""

    reports_failures = True

    def __init__(self, url: str, view: View[Any]) -> None:
        super().__init__(url)
        self.name = view.name
        # crc32 and not `hash`, which gives another number in every process.
        self.lock = LOCK + crc32(view.name.encode())
        self.view = view
        self._following: Following | None = None

    @property
    def job(self) -> str:
        """Return what its connection is called in the list of sessions."""
        return f"follower {self.name}"

    def take_up(self) -> None:
        """Go on where the view stands; a halted one gets another chance."""
        # A new leader may be a new version of the program, which can take the event.
        self._following = Following(self.view, self.connection)
        self._following.retry()

    def work(self) -> int:
        """Follow one batch; return how many events were passed."""
        if self._following is None:
            return 0
        try:
            return self._following.advance()
        except Overtaken:
            # Such as by a rebuild, which brings the live view up before it compares.
            self.take_up()
            return 0


def _is_of_surroundings(error: Exception) -> bool:
    """Tell whether an error would have met any event: the same one passes later on."""
    if isinstance(error, MemoryError | OSError):
        return True
    return cause_of(error) in SURROUNDINGS

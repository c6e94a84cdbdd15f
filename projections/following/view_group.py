"""Views that stand at one position go on together: one reader, one transaction.

While the rows of a batch are being written, the next batch is read and folded. What
fails together is done again view by view, so that one that cannot go on leaves, and the
others never wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import TupleRow

from application.jobs.wakeup import VIEWS
from application.record.sqlstates import Cause, cause_of
from application.telemetry.steps import step
from projections.following.follower import (
    Following,
    LeftOut,
    Overtaken,
    check_left_out,
    left_out,
    move,
)
from projections.following.ledger_batch import BATCH, Placing, Stored, read_batch
from projections.following.row_cache import RowCache
from projections.placed_events import Placed, by_case
from projections.read_model import Rows, View
from projections.tables.view_sums import settled

PATIENCE = "300ms"
"""How long all views wait for a lock on the table of one, before it leaves them."""

_OF_EVERYTHING = frozenset({Cause.DOWN, Cause.EXHAUSTED, Cause.READ_ONLY, Cause.FULL})


class Folded(Struct, frozen=True):
    """A batch, and the rows of its cases before and after it, view by view."""

    after: int
    batch: Sequence[Stored]
    placed: Sequence[Placed]
    left: LeftOut
    rows: Sequence[tuple[View[Any], Rows[Any], Rows[Any]]]

    @property
    def upto(self) -> int:
        """Return the position of the last event."""
        return self.batch[-1].position


class ViewGroup:
    """Follows the ledger for several views; `left` are those that could not go on.

    It reads on one connection and writes on the other, both of which are its caller's.
    """

    def __init__(
        self,
        views: Iterable[View[Any]],
        position: int,
        reading: Connection[TupleRow],
        writing: Connection[TupleRow],
    ) -> None:
        self.views = list(views)
        self.position = position
        self.left: dict[str, Exception | None] = {}
        self._reading, self._writing = reading, writing
        self._placing = Placing(reading)
        self._caches = {view.name: RowCache(view) for view in self.views}
        self._writer = ThreadPoolExecutor(1, "writer of views")
        self._written: Future[None] | None = None
        self._pending: Folded | None = None
        for connection in (reading, writing):
            connection.execute(f"SET lock_timeout = '{PATIENCE}'")

    def check_places(self) -> None:
        """Raise Overtaken if a view stands elsewhere, such as one made anew."""
        names = [view.name for view in self.views]
        query = (
            "SELECT count(*) FROM followers WHERE name = ANY(%s) AND position = %s"
            " AND revision = ANY(%s)"
        )
        forms = [view.revision for view in self.views]
        row = self._reading.execute(query, (names, self.position, forms)).fetchone()
        if row != (len(names),):
            raise Overtaken(", ".join(names))

    def join(self, view: View[Any]) -> None:
        """Take in a view that stands at the same position."""
        self._settle()
        self.views.append(view)
        self._caches[view.name] = RowCache(view)

    def advance(self, upto: int | None = None) -> int:
        """Follow up to one batch further; return how many events were read.

        A full batch may still be being written then, so that the next one can be read
        meanwhile; what is not full is. Raises Overtaken.
        """
        after = self._pending.upto if self._pending else self.position
        batch = (
            read_batch(self._reading, after, upto=upto, limit=BATCH)
            if self.views
            else []
        )
        folded = None
        try:
            if batch:
                folded = self._fold(after, batch)
        except Exception as error:  # noqa: BLE001 - done again view by view
            self._settle()
            self._apart(batch, error)
            return len(batch)
        # Only now: until here the rows of the batch before were being written.
        if not self._settle():
            # What was folded meanwhile went on from rows that were not written.
            return len(batch)
        if folded is not None:
            self._pending = folded
            self._written = self._writer.submit(self._write, folded)
        if len(batch) == BATCH:
            return len(batch)
        self._settle()
        # Not only when nothing comes: under a steady load something always does.
        more = sum(settled(view.sums, self._writing) for view in self.views)
        return len(batch) or more

    def close(self) -> None:
        """Wait for what is being written; the connections stay open."""
        try:
            self._settle()
        finally:
            self._writer.shutdown()

    def _fold(self, after: int, batch: Sequence[Stored]) -> Folded:
        left = left_out(self._reading, self.views, batch)
        taken = [
            one for one in batch if any(left.takes(view, one) for view in self.views)
        ]
        placed = self._placing.placed(taken)
        cases = by_case(placed)
        rows = []
        for view in self.views:
            # From memory where they are not written yet: the cache has the last ones.
            before = self._caches[view.name].load(self._reading, cases)
            own = cases
            if left:
                pairs = zip(taken, placed, strict=True)
                own = by_case(one for stored, one in pairs if left.takes(view, stored))
            made = view.folded(before, own)
            self._caches[view.name].put(made)
            rows.append((view, before, made))
        return Folded(after, batch, placed, left, rows)

    def _write(self, folded: Folded) -> None:
        traces = [one.recorded.trace for one in folded.placed]
        names = " ".join(view.name for view in self.views)
        with (
            step("project", traces, views=names, events=len(folded.placed)),
            self._writing.pipeline() as pipeline,
            self._writing.transaction(),
            self._writing.cursor() as cursor,
        ):
            views = [view for view, _, _ in folded.rows]
            move(self._writing, views, folded.after, folded.upto)
            check_left_out(self._writing, views, folded.batch, folded.left)
            self._writing.execute(f"NOTIFY {VIEWS}")
            for view, before, made in folded.rows:
                view.store(cursor, before, made)
            # Here, so that what failed is rolled back.
            pipeline.sync()

    def _settle(self) -> bool:
        """Wait for what is being written; tell whether all went on together."""
        written, pending = self._written, self._pending
        self._written = self._pending = None
        if written is None or pending is None:
            return True
        try:
            written.result()
        except Exception as error:  # noqa: BLE001 - done again view by view
            self._apart(pending.batch, error)
            return False
        self.position = pending.upto
        return True

    def _apart(self, batch: Sequence[Stored], error: Exception) -> None:
        """Take each view through a batch by itself; who cannot follow leaves."""
        for cache in self._caches.values():
            cache.clear()
        if isinstance(error, Overtaken) or _is_of_everything(error):
            raise error
        for view in self.views:
            try:
                position = self._alone(view, batch)
            except Exception as own:
                if isinstance(own, Overtaken) or _is_of_everything(own):
                    raise
                self.left[view.name] = own
            else:
                if position != batch[-1].position:
                    self.left[view.name] = None
        self.views = [view for view in self.views if view.name not in self.left]
        self.position = batch[-1].position

    def _alone(self, view: View[Any], batch: Sequence[Stored]) -> int:
        """Take one view through a batch; return where it stands then."""
        following = Following(view, self._writing, Placing(self._writing))
        if following.position != self.position:
            raise Overtaken(view.name)
        following.follow(batch)
        return following.position


def _is_of_everything(error: Exception) -> bool:
    """Tell whether an error would have met any view."""
    if isinstance(error, MemoryError | OSError):
        return True
    return cause_of(error) in _OF_EVERYTHING

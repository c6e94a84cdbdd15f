"""Follows the ledger, and defers what each event has to be told to whom.

The position moves in the transaction in which the jobs are deferred: nothing is sent
that was not recorded, nothing that was recorded is forgotten, and nothing is sent again
because a view is rebuilt.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection

from application.deliveries.delivery_log import prune
from application.deliveries.job_queue import QueuedJob, defer, take_back, with_jobs
from application.feed.event_message import FiledCase, filed_cases
from application.jobs.leader import LeaderJob
from application.jobs.locks import DISPATCHING
from application.jobs.view_skips import is_held
from application.operator_error import OperatorError
from application.record.envelope import Recorded, decode, is_about_a_case
from application.record.event_place import event_place, fault
from application.telemetry.steps import step

NAME = "deliveries"
BATCH = 200
"""Events in one transaction; each may be told to several endpoints."""

TIDY_SECONDS = 2.0
"""How often the jobs of workers that have died are looked for."""

PRUNE_SECONDS = 60.0
"""How often the delivery log forgets, once nothing is left to forget."""

KEPT = timedelta(days=30)
"""For how long the delivery log keeps what was delivered."""

_log = logging.getLogger(__name__)


class DispatchedEvent(Struct, frozen=True, kw_only=True):
    """A recorded event that has to be told, with its position and its case."""

    position: int
    recorded: Recorded
    case: FiledCase


Plan = Callable[[Connection[Any], Sequence[DispatchedEvent]], Sequence[QueuedJob]]
"""Says what is to be sent of some events. It may write on the connection: that is
committed with the jobs that it returns, and with the position."""


class Overtaken(OperatorError):
    """Another process has dispatched the events; this one begins again behind it."""


class Dispatch(LeaderJob):
    """Lets each plan say what follows from the events, and defers that."""

    name = NAME
    lock = DISPATCHING
    # Also to take up what lost workers left.
    idle_seconds = TIDY_SECONDS
    reports_failures = True

    def __init__(self, url: str, plans: Sequence[Plan], kept: timedelta = KEPT) -> None:
        super().__init__(url)
        self._plans, self._kept = plans, kept
        self._position, self._halted = 0, False
        self._looked = self._prunes = 0.0

    @property
    def job(self) -> str:
        """Return what its connection is called in the list of sessions."""
        return "dispatch"

    def take_up(self) -> None:
        """Continue behind the last event that was dispatched."""
        query = "SELECT position FROM followers WHERE name = %s"
        row = self.connection.execute(query, (NAME,)).fetchone()
        if row is None:
            raise OperatorError(f"{NAME}: the position is lost: run `redress migrate`")
        # A new leader may be a new version of the program, which can take the event
        # that halted the last one.
        self._position, self._halted = row[0], False
        self._say(None)

    def work(self) -> int:
        """Dispatch one batch; return how many events were passed."""
        if time.monotonic() - self._looked > TIDY_SECONDS:
            self._looked = time.monotonic()
            self._tidy()
        before = self._position
        if self._halted and is_held(self.connection, NAME, before + 1):
            return 0
        rows = self._read()
        events, upto, halted = [], before, None
        for position, case, version, recorded_topic, state, skipped in rows:
            if is_about_a_case(recorded_topic) and not skipped:
                try:
                    events.append((position, case, decode(state)))
                except ValueError as error:
                    place = event_place(position, case, version)
                    halted = f"{place}: {fault(error)}"
                    break
            upto = position
        if upto > before:
            self._tell_all(events, upto)
        if halted is not None:
            self._say(halted)
            self._halted = True
        return self._position - before

    def _tidy(self) -> None:
        """Take up what lost workers left, and forget what is long delivered."""
        with self.connection.transaction():
            with_jobs(self.connection)
            if count := take_back(self.connection):
                _log.warning("%s: %d jobs of a lost worker taken up", NAME, count)
        if time.monotonic() >= self._prunes:
            gone = prune(self.connection, datetime.now(UTC) - self._kept)
            self._prunes = time.monotonic() + (0.0 if gone else PRUNE_SECONDS)

    def _read(self) -> Sequence[tuple[int, UUID, int, str, bytes, bool]]:
        return self.connection.execute(
            "SELECT l.position, l.originator_id, l.originator_version, e.topic,"
            " e.state, s.approved_by IS NOT NULL"
            " FROM ledger l JOIN events e USING (notification_id)"
            " LEFT JOIN view_skips s ON s.follower = %s AND s.position = l.position"
            " WHERE l.position > %s ORDER BY l.position LIMIT %s",
            (NAME, self._position, BATCH),
            prepare=True,
        ).fetchall()

    def _tell_all(
        self, events: Sequence[tuple[int, UUID, Recorded]], upto: int
    ) -> None:
        told = self._dispatched(events)
        traces = [one.recorded.trace for one in told]
        with (
            step("dispatch", traces, events=len(told)),
            self.connection.transaction(),
        ):
            # First: this locks the row, so that another process waits here and then
            # finds that it was overtaken, before it has deferred anything.
            moved = self.connection.execute(
                "UPDATE followers SET position = %s, halted = NULL"
                " WHERE name = %s AND position = %s",
                (upto, NAME, self._position),
            )
            if moved.rowcount != 1:
                raise Overtaken(f"{NAME}: another process dispatches")
            with_jobs(self.connection)
            for plan in self._plans if told else ():
                defer(self.connection, plan(self.connection, told))
        self._position, self._halted = upto, False

    def _dispatched(
        self, events: Sequence[tuple[int, UUID, Recorded]]
    ) -> list[DispatchedEvent]:
        # History that was imported happened elsewhere: whom it concerned, knew.
        told = [one for one in events if one[2].imported is None]
        cases = filed_cases(self.connection, {case for _, case, _ in told})
        return [
            DispatchedEvent(position=position, recorded=recorded, case=cases[case])
            for position, case, recorded in told
        ]

    def _say(self, halted: str | None) -> None:
        if halted is not None:
            _log.error("%s cannot take %s", NAME, halted)
        self.connection.execute(
            "UPDATE followers SET halted = %s WHERE name = %s", (halted, NAME)
        )

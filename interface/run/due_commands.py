"""Sends the commands that passed deadlines and waiting notices call for."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import psycopg
from eventsourcing.persistence import PersistenceError

from application.cases.case import CommandRequest, UnreadableCase
from application.cases.disputes import Contended
from application.cases.wrap import passing
from application.jobs.leader import IDLE_SECONDS, LOST_SECONDS
from application.jobs.wakeup import BELLS, VIEWS, Bell
from application.record.movable_clock import MovableClock
from application.record.outage_log import OUTAGE_LOG
from application.record.sqlstates import Cause
from domain.case.command import Command
from domain.deadlines.commands import PassDeadline
from domain.deadlines.deadline import Awaited
from domain.notices.channel import Channel
from domain.notices.commands import ServeNotice
from domain.notices.events import NoticeKind
from domain.refusals import Invalid, Refusal
from domain.roles import CLOCK
from interface.bootstrap import System
from projections.agenda import AgendaRow, Kind, leased, next_due

LEASE = timedelta(seconds=30)
"""How long other workers skip a row of the agenda once its command is being sent: far
longer than a command takes, and short for a party that waits."""

MOVABLE_SECONDS = 1.0
"""How long a sandbox waits before it looks whether its clock was moved, in seconds."""

BATCH = 50
"""Rows that are taken at once: the last one is sent well within its lease."""

_log = logging.getLogger(__name__)


class Agenda:
    """Sends the command that each passed deadline and each waiting notice calls for."""

    # Not "agenda": the follower of the view that it acts on is called so.
    name = "deadlines"

    def __init__(self, system: System) -> None:
        self._system = system
        self._bell = Bell(VIEWS)

    def run(self, stop: threading.Event) -> None:
        """Work until stopped; a lost database is tried again."""
        BELLS.add(self._bell)
        try:
            self._repeat(stop)
        finally:
            BELLS.remove(self._bell)

    def _repeat(self, stop: threading.Event) -> None:
        outage: Cause | None = None
        while not stop.is_set():
            self._bell.listen()
            try:
                done = self.tick()
                rest = 0.0 if done else self._rest()
            except (PersistenceError, psycopg.Error) as error:
                outage = OUTAGE_LOG.note(self.name, error)
                if outage is None:
                    _log.warning("agenda: %s", str(error).strip())
                stop.wait(LOST_SECONDS)
            else:
                if outage is not None:
                    OUTAGE_LOG.end(outage)
                    outage = None
                if not stop.is_set():
                    self._bell.wait(rest)

    def _rest(self) -> float:
        """Return how long nothing falls due, in seconds, as far as is known now."""
        most = IDLE_SECONDS
        if isinstance(self._system.clock, MovableClock):
            # Somebody may move it beyond the next deadline, also from elsewhere.
            most = MOVABLE_SECONDS
        now = self._system.clock()
        with self._system.database.get_connection() as connection:
            due = next_due(connection, now)
        if due is None:
            return most
        left = (due - now).total_seconds()
        return min(max(left, 0.0), most)

    def tick(self) -> int:
        """Do what is due by now; return for how many rows."""
        now = self._system.clock()
        with self._system.database.get_connection() as connection:
            # Where parties are not told in their accounts, their notices wait until a
            # message has reached them.
            in_site = Channel.IN_SITE in self._system.settings.notices.channels
            kinds = Kind if in_site else (Kind.DEADLINE,)
            rows = leased(connection, now, now + LEASE, BATCH, kinds)
        failed: Exception | None = None
        for row in rows:
            try:
                self._send(row)
            except (PersistenceError, psycopg.Error):
                raise
            except Exception as error:  # noqa: BLE001 - raised when all are sent
                # One row must not keep the others from being sent in time; it is tried
                # again when its lease is over.
                failed = failed or error
        if failed is not None:
            raise failed
        return len(rows)

    def _send(self, row: AgendaRow) -> None:
        command_id, command = called_for(row)
        request = CommandRequest(case=row.case_id, actor=CLOCK, command_id=command_id)
        try:
            self._system.disputes.handle(request, command)
        except Invalid as refusal:
            _log.error("agenda: %s: %s", row, refusal)
        except Refusal as refusal:
            # The case has moved on; the event that did it takes the row away.
            _log.debug("agenda: %s: %s", row, refusal)
        except UnreadableCase as error:
            # The row stays: the doctor names the case until it can be read again.
            _log.warning("agenda: %s", error)
        except Contended:
            # The row stays; it is due again when its lease is over.
            _log.warning("agenda: case %s is busy, trying again later", row.case_id)


def called_for(row: AgendaRow) -> tuple[UUID, Command]:
    """Return the command that a row calls for, and the id it is always sent under.

    The id is made of what the row is about. Sent twice, by two workers or after a kill,
    the command is recorded once.
    """
    if row.kind is Kind.NOTICE:
        name = f"notice/{row.name}/{row.party}/{_stamp(row.due)}"
        return uuid5(row.case_id, name), ServeNotice(
            notice=NoticeKind(row.name), party=row.party, channel=Channel.IN_SITE
        )
    key = Awaited(row.name), row.party, row.item or None
    return passing(row.case_id, key, row.due), PassDeadline(
        awaited=key[0], party=key[1], item=key[2], due=row.due
    )


def _stamp(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)

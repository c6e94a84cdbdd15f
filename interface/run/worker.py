"""The worker: gives events their order, keeps the views, and does what falls due."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import psycopg
from eventsourcing.persistence import PersistenceError

from application.access.seals import AccessSealJob
from application.cases.case import CommandRequest, UnreadableCase
from application.cases.disputes import Contended
from application.cases.wrap import passing
from application.jobs.custody_audit import CustodyAudit
from application.jobs.file_sweep import FileSweep
from application.jobs.leader import IDLE_SECONDS, LOST_SECONDS, LeaderJob
from application.jobs.seller_standing import StandingJob
from application.jobs.supervision import Run, Supervisor
from application.jobs.wakeup import BELLS, Bell, Listener
from application.jobs.wakeup import VIEWS as VIEWS_CHANNEL
from application.log.build.integrate import LogBuilder
from application.log.fsck.auditor import Auditor
from application.log.witness import trust_policy
from application.log.witness.cosignatures import Collector
from application.record.movable_clock import MovableClock
from application.record.outage_log import OUTAGE_LOG
from application.record.row_scope import APPLICATION, working_as
from application.record.sequencer import Sequencer
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
from interface.run.delivery_jobs import delivery_worker, dispatch, nats_publisher
from interface.run.erasure_job import ErasureJob
from interface.run.key_cache import KeyCacheRefresh
from interface.run.local_signer import signer
from interface.trust_config import kept_checkpoints, trust
from projections.agenda import AgendaRow, Kind, leased, next_due
from projections.registry import VIEWS
from projections.view_audit.view_auditor import ViewAuditor
from projections.view_job import ViewJob

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
        self._bell = Bell(VIEWS_CHANNEL)

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


AUDITS = (Auditor, CustodyAudit, ViewAuditor)


def _as_application(run: Run) -> Run:
    """Return what a thread runs so that it sees every row, wherever it runs.

    A process that serves as well shows none to what says nothing.
    """

    def running(stop: threading.Event) -> None:
        with working_as(APPLICATION):
            run(stop)

    return running


class Worker:
    """All that goes on in the background, each part in a thread of its own."""

    def __init__(self, system: System) -> None:
        self.agenda = Agenda(system)
        self.led: list[LeaderJob] = [
            Sequencer(system.url),
            StandingJob(system.url, system.record, system.rulebooks, system.clock),
            AccessSealJob(system.url, system.record, system.clock),
            LogBuilder(system.url),
            Auditor(
                system.url,
                lambda: trust(system.settings),
                lambda: kept_checkpoints(system.settings),
            ),
            ErasureJob(system.url, system),
            CustodyAudit(system.url, system.evidence, system.keys),
            FileSweep(system.url, system.evidence, system.keys, [system.settings.home]),
            ViewJob(system.url, VIEWS),
            ViewAuditor(system.url, VIEWS),
            dispatch(system),
        ]
        if (publisher := nats_publisher(system)) is not None:
            self.led.append(publisher)
        if system.settings.is_development:
            # In production `redress sign` runs elsewhere, with a key of its own.
            self.led.append(signer(system.settings, system.url, system.clock))
        if system.settings.log.policy is not None:
            path = system.settings.log.policy
            self.led.append(Collector(system.url, lambda: trust_policy.read(path)))
        runs = {part.name: _as_application(part.run) for part in self.led}
        runs[self.agenda.name] = _as_application(self.agenda.run)
        runs[Listener.name] = Listener(system.url).run
        deliveries = delivery_worker(system)
        runs[deliveries.name] = _as_application(deliveries.run)
        self._parts = Supervisor(system.url, runs)
        key_cache = KeyCacheRefresh(system.keys)
        self._key_cache = Supervisor(system.url, {key_cache.name: key_cache.run})

    def start(self) -> None:
        """Start the threads."""
        self._key_cache.start()
        self._parts.start()

    def stop(self) -> None:
        """Stop the threads, each at the end of what it is doing."""
        self._parts.stop()
        # Last: until then a thread may still hold keys.
        self._key_cache.stop()

    def catch_up(self, *names: str) -> None:
        """Work in this thread until nothing is left to do by now.

        With names: only these parts, and what falls due.
        """
        # In rounds, because one part's work is another's: a passed deadline is an event
        # that has to get its position and be followed.
        asked = [part for part in self.led if not names or part.name in names]
        parts = [part for part in asked if not isinstance(part, AUDITS)]
        while sum(part.tick() for part in parts) + self.agenda.tick():
            pass
        # An audit always has more to do: one round of each, when all else is done.
        for audit in asked:
            while isinstance(audit, AUDITS) and audit.tick():
                pass

    def close(self) -> None:
        """Let go of the connections that `catch_up` made."""
        for part in self.led:
            part.close()

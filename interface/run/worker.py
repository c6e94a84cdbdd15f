"""The worker: gives events their order, keeps the views, and does what falls due."""

from __future__ import annotations

import threading

from application.access.seals import AccessSealJob
from application.jobs.custody_audit import CustodyAudit
from application.jobs.file_sweep import FileSweep
from application.jobs.leader import LeaderJob
from application.jobs.seller_standing import StandingJob
from application.jobs.supervision import Run, Supervisor
from application.jobs.wakeup import Listener
from application.log.build.integrate import LogBuilder
from application.log.fsck.auditor import Auditor
from application.log.witness import trust_policy
from application.log.witness.cosignatures import Collector
from application.record.row_scope import APPLICATION, working_as
from application.record.sequencer import Sequencer
from interface.bootstrap import System
from interface.run.delivery_jobs import delivery_worker, dispatch, nats_publisher
from interface.run.due_commands import Agenda
from interface.run.erasure_job import ErasureJob
from interface.run.key_cache import KeyCacheRefresh
from interface.run.local_signer import signer
from interface.trust_config import kept_checkpoints, trust
from projections.following.view_job import ViewJob
from projections.registry import VIEWS
from projections.view_audit.view_auditor import ViewAuditor

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

        With names: only these parts, and what falls due. Raises ValueError for a name
        that no part has.
        """
        if unknown := sorted(set(names) - {part.name for part in self.led}):
            # Nothing would be done, and whoever waits for it would see that as done.
            raise ValueError(f"the worker has no part named {', '.join(unknown)}")
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

"""Wires erasures: finds all cases of a subject, and carries out what is approved."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from uuid import UUID

from eventsourcing.persistence import PersistenceError

from application.cases.disputes import Contended
from application.jobs.leader import LeaderJob
from application.jobs.locks import ERASING
from application.operator_error import OperatorError
from application.privacy.destruction import complete
from application.privacy.erasure import Eraser, NotErasable
from application.privacy.erasure_requests import Subject
from application.record.recorder import last_recorded
from domain.refusals import Refusal
from interface.bootstrap import System
from projections.audit_trail import cases_of, holds_everything

PATIENCE_SECONDS = 5.0
"""How long a request waits for the audit trail before it is answered with 503."""

PAUSE_SECONDS = 0.05

_log = logging.getLogger(__name__)


class Behind(OperatorError):
    """The audit trail does not hold everything yet, so cases could be left out."""


def eraser(system: System, patience: float = PATIENCE_SECONDS) -> Eraser:
    """Return an eraser, which waits at most `patience` seconds for the audit trail."""

    def find(subject: Subject) -> Sequence[UUID]:
        # The nameless party of an imported case: its only case is known.
        if subject.case is not None:
            return [subject.case]
        # A case that was filed just now must not be left out of an erasure.
        _wait(system, patience)
        with system.database.get_connection() as connection:
            return cases_of(connection, subject.platform, subject.party, subject.id)

    return Eraser(system.disputes, system.evidence, find)


def _wait(system: System, patience: float) -> None:
    """Wait until every event that is recorded now has reached the audit trail."""
    with system.database.get_connection() as connection:
        last = last_recorded(connection)
    until = time.monotonic() + patience
    while True:
        with system.database.get_connection() as connection:
            if holds_everything(connection, last):
                return
        if time.monotonic() > until:
            raise Behind("the audit trail is behind: is the worker running?")
        time.sleep(PAUSE_SECONDS)


class ErasureJob(LeaderJob):
    """Carries out approved erasures, also those that another process left undone."""

    name = "erasures"
    lock = ERASING
    reports_failures = True

    def __init__(self, url: str, system: System) -> None:
        super().__init__(url)
        self._keys = system.keys
        # A background job does not wait: it looks again at its next round.
        self._eraser = eraser(system, patience=0.0)

    def take_up(self) -> None:
        """Complete what was left of the key file; the rows say how far each one is."""
        complete(self._keys)

    def work(self) -> int:
        """Carry out what is approved; return how many were."""
        done = self._eraser.final.make_earlier()
        failed: Exception | None = None
        for erasure in self._eraser.erasures.approved():
            # What one erasure fails at must not keep the others from being carried out.
            try:
                self._eraser.carry_out(erasure)
            except NotErasable:
                # Its row says so; nothing was erased.
                pass
            except (Behind, Contended):
                # Neither is a fault: the next round tries again.
                continue
            except (OperatorError, OSError, PersistenceError, Refusal) as error:
                _log.warning("%s: %s", self.name, error)
                failed = failed or error
                continue
            done += 1
        if failed is not None:
            # Health says so, until a round goes well.
            raise failed
        return done

"""Wires erasures: finds all cases of a subject, and carries out what is approved."""

from __future__ import annotations

import logging

from eventsourcing.persistence import PersistenceError

from application.cases.disputes import Contended
from application.jobs.leader import LeaderJob
from application.jobs.locks import ERASING
from application.operator_error import OperatorError
from application.privacy.destruction import complete
from application.privacy.erasure import Eraser, NotErasable
from application.privacy.subject_cases import cases_of
from domain.refusals import Refusal
from interface.bootstrap import System

_log = logging.getLogger(__name__)


def eraser(system: System) -> Eraser:
    """Return an eraser, which finds a subject's cases in the record itself."""
    return Eraser(
        system.disputes,
        system.evidence,
        lambda subject: cases_of(system.database, subject),
    )


class ErasureJob(LeaderJob):
    """Carries out approved erasures, also those that another process left undone."""

    name = "erasures"
    lock = ERASING
    # What was approved is no event: it waits in rows of its own.
    channels = ()
    idle_seconds = 1.0
    reports_failures = True

    def __init__(self, url: str, system: System) -> None:
        super().__init__(url)
        self._keys = system.keys
        self._eraser = eraser(system)

    def take_up(self) -> None:
        """Complete what was left of the key file; the rows say how far each one is."""
        complete(self._keys)

    def work(self) -> int:
        """Carry out what is approved; return how many were."""
        done, failed = 0, None
        erasures = self._eraser.erasures
        undone = [(self._eraser.carry_out, one) for one in erasures.approved()]
        earlier = [(self._eraser.make_final, one) for one in erasures.unfinal()]
        for carry_out, erasure in (*earlier, *undone):
            # What one erasure fails at must not keep the others from being carried out.
            try:
                carry_out(erasure)
            except NotErasable:
                # Its row says so; nothing was erased.
                pass
            except Contended:
                # No fault: the next round tries again.
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

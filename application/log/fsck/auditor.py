"""The background audit: checks the whole record, round after round, at its leisure."""

from __future__ import annotations

import time
from collections.abc import Callable

from application.jobs.audit_pace import AuditPace
from application.jobs.leader import LeaderJob
from application.jobs.locks import AUDITING
from application.jobs.status import AUDITED, AUDITOR, report
from application.log.fsck.access_chain import AccessWalk
from application.log.fsck.event_sequence import EventSequences
from application.log.fsck.finding import Differs, Finding, Property
from application.log.fsck.record_rows import EVENTS
from application.log.fsck.rules import check_texts
from application.log.fsck.statements import Statements, statement_keys
from application.log.fsck.trusted_checkpoints import Kept, Trust, anchors
from application.log.fsck.verdict import covered
from application.log.fsck.walk import Walk
from application.operator_error import OperatorError
from domain.policy.events import RulesAdopted

QUIET_SHARE = 0.001
"""The share of one core while nothing is appended: a round of a million events takes
about a day so, and half an hour while events come."""

QUIET_EVENTS = 500
"""Events of a chunk while nothing is appended, if no batch has more."""

BETWEEN_SECONDS = 60.0
"""The pause between two rounds."""

UNSIGNED_SECONDS = 600.0
"""How long there may be entries without a signature: a signer has to start, too."""


class Auditor(LeaderJob):
    """Checks a chunk at a time, and reports how far it has come and what it found.

    A finding is reported until a whole round has found nothing; that is reported, too.
    """

    name = AUDITOR
    lock = AUDITING
    channels = ()

    def __init__(
        self,
        url: str,
        trust: Callable[[], Trust],
        kept: Callable[[], list[Kept]] = list,
    ) -> None:
        super().__init__(url)
        self._trust, self._kept = trust, kept
        self._walk: Walk | None = None
        self._sequences: EventSequences | None = None
        self._access: AccessWalk | None = None
        self._adopted: tuple[RulesAdopted, ...] = ()
        self._pace = AuditPace(QUIET_SHARE)
        self._problem: str | None = None
        self._is_signed = False
        self._unsigned_since: float | None = None

    def take_up(self) -> None:
        """Begin a round."""
        self._walk = self._sequences = self._access = None

    def work(self) -> int:
        """Check one chunk; return 1 while the round goes on."""
        began = time.monotonic()
        self._pace.look(self.connection)
        if self._pace.is_resting:
            self._report()
            return 1
        try:
            more = self._step()
        except (Differs, OperatorError) as problem:
            # Reported, and then the next round: a difference must not end the audit.
            self._problem = str(problem)
            more = self._ended()
        self._pace.spend(time.monotonic() - began, 0.0 if more else BETWEEN_SECONDS)
        return more

    def rest(self, done: int) -> float:
        """Leave the core to others, and wait before the next round."""
        del done
        return self._pace.rest()

    def _step(self) -> int:
        """Check the next chunk: record, sequences of events, access log, in turn."""
        events = QUIET_EVENTS if self._pace.is_quiet else EVENTS
        if self._access is not None:
            self._report()
            return self._access.step() or self._passed()
        if self._sequences is not None:
            self._report()
            if not self._sequences.step(events):
                check_texts(self.connection, self._adopted, ())
                self._access = AccessWalk(self.connection)
            return 1
        if self._walk is None:
            trust = self._trust()
            held = anchors(self.connection, trust, self._kept())
            statements = Statements(statement_keys(self.connection, trust))
            self._walk = Walk(self.connection, held, statements)
            self._is_signed = covered(held) > 0
        chunk = self._walk.read(self._walk.size, events)
        if chunk is not None:
            self._walk.step(chunk)
            if self._problem is None:
                self._report()
            return 1
        self._walk.finish()
        self._expect_signed(self._walk)
        self._adopted = tuple(self._walk.rules.adopted.values())
        self._sequences = EventSequences(self.connection)
        return 1

    def _expect_signed(self, walk: Walk) -> None:
        """Raise Differs if nothing has been signed for too long."""
        if self._is_signed or not walk.position:
            self._unsigned_since = None
            return
        now = time.monotonic()
        self._unsigned_since = since = self._unsigned_since or now
        if now - since >= UNSIGNED_SECONDS:
            said = "there is no signed checkpoint to compare the record with"
            raise Differs(Finding(property=Property.SIGNATURE, said=said))

    def _passed(self) -> int:
        self._problem = None
        # Beside the report on where the audit is now: when all of it was last in order.
        report(self.connection, AUDITED, self._walk.position if self._walk else 0, None)
        return self._ended()

    def _ended(self) -> int:
        self._report()
        self._walk = self._sequences = self._access = None
        return 0

    def _report(self) -> None:
        reached = self._walk.position if self._walk else 0
        report(self.connection, AUDITOR, reached, self._problem)

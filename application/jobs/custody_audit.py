"""Checks what is kept beside the record, round after round, at its leisure.

Data keys open in their own rows, and none is gone without an erasure; grants and
erasures are as the access log and the record say, and files of evidence are what was
handed in.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Protocol

from application.cases.evidence_files import EvidenceFiles
from application.cases.file_walk import FileWalk
from application.jobs.audit_pace import AuditPace
from application.jobs.leader import LeaderJob
from application.jobs.locks import FILE_AUDITING
from application.jobs.status import CUSTODY, ORPHANS, report
from application.log.fsck.erasure_rows import ErasureWalk
from application.log.fsck.finding import Differs
from application.log.fsck.grant_rows import GrantWalk
from application.log.fsck.key_destructions import DestructionWalk
from application.log.fsck.key_rows import KeyWalk
from application.operator_error import OperatorError
from application.privacy.data_keys import KeyStore

QUIET_SHARE = 0.0005
"""The share of one core while nothing is appended: a round of a million keys takes
about a day so."""

BETWEEN_SECONDS = 120.0
"""The pause between two rounds."""

REPORT_SECONDS = 60.0
"""How often it reports during a round, which can take hours."""


class Steps(Protocol):
    """A check that goes step by step; 0: it is through."""

    def step(self) -> int:
        """Do one step. Raises Differs."""


class KeyFileCheck:
    """Reads the key file as it is on the disk now.

    A process goes on with what it has in memory, and makes keys that a lost file would
    take along when it ends.
    """

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys

    def step(self) -> int:
        """Check the file. Raises KeyFileUnusable."""
        self._keys.check_file()
        return 0


class CustodyAudit(LeaderJob):
    """Checks one step at a time, and reports what it found until a round finds nothing.

    What is wrong with a file is noted among the flaws of files instead, for each one.
    """

    name = CUSTODY
    lock = FILE_AUDITING
    channels = ()

    def __init__(self, url: str, files: EvidenceFiles, keys: KeyStore) -> None:
        super().__init__(url)
        self._files, self._keys = files, keys
        self._walks: Iterator[Callable[[], Steps]] = iter(())
        self._walk: Steps | None = None
        self._problems: list[str] = []
        self._known: str | None = None
        self._checked = 0
        self._pace = AuditPace(QUIET_SHARE)
        self._next_round = 0.0
        self._reported = -REPORT_SECONDS

    def take_up(self) -> None:
        """Begin a round."""
        self._begin()

    def rest(self, done: int) -> float:
        """Leave the core to others, and wait before the next round."""
        del done
        return self._pace.rest()

    def work(self) -> int:
        """Do one step; return 1 while the round goes on."""
        began = time.monotonic()
        if began < self._next_round:
            return 0
        if began - self._reported > REPORT_SECONDS:
            self._report()
        self._pace.look(self.connection)
        if self._pace.is_resting:
            return 1
        more = self._step()
        seconds = time.monotonic() - began
        self._pace.spend(seconds, 0.0 if more else BETWEEN_SECONDS)
        self._next_round = 0.0 if more else began + BETWEEN_SECONDS
        return more

    def _step(self) -> int:
        if self._walk is None:
            make = next(self._walks, None)
            if make is None:
                return self._end()
            self._walk = make()
        try:
            more = self._walk.step()
        except (Differs, OperatorError) as problem:
            # Reported at once; the other checks of the round go on.
            self._problems.append(str(problem))
            self._known = "; ".join(self._problems)
            self._report()
            more = 0
        if not more:
            self._walk = None
        return 1

    def _begin(self) -> None:
        self._problems, self._walk, self._next_round = [], None, 0.0
        connection = self.connection
        self._walks = iter(
            (
                lambda: KeyFileCheck(self._keys),
                lambda: KeyWalk(self._keys),
                lambda: DestructionWalk(connection, self._keys),
                lambda: GrantWalk(connection),
                lambda: ErasureWalk(connection),
                self._file_walk,
            )
        )

    def _file_walk(self) -> FileWalk:
        self._files_walked = FileWalk(self.connection, self._files, self._keys)
        return self._files_walked

    def _end(self) -> int:
        walked = self._files_walked
        self._checked += walked.checked
        said = f"{walked.orphans} evidence files belong to no event"
        found = said if walked.orphans else None
        report(self.connection, ORPHANS, walked.orphans, found)
        self._known = "; ".join(self._problems) or None
        self._report()
        self._begin()
        return 0

    def _report(self) -> None:
        report(self.connection, CUSTODY, self._checked, self._known)
        self._reported = time.monotonic()

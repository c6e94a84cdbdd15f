"""Sweeps what killed processes left in folders: drafts, and evidence without an event.

Nothing that an event names is ever deleted, and nothing of which this installation does
not know the key.
"""

from __future__ import annotations

import logging
import re
import stat
import time
from collections.abc import Sequence
from pathlib import Path

from application.cases.evidence_files import EvidenceFiles
from application.cases.orphan_files import (
    OLD_SECONDS,
    OrphanFile,
    orphan_files,
    remove_orphan,
)
from application.jobs.leader import LeaderJob
from application.jobs.locks import SWEEPING
from application.privacy.data_keys import KeyStore

BETWEEN_SECONDS = 300.0
"""The pause between two looks at the drafts."""

ORPHANS_SECONDS = 24 * 3_600.0
"""The pause between two looks at all files of evidence."""

DRAFT_SECONDS = 3_600.0
"""How long nothing was written to a draft of which no process will make a file."""

MOST_ORPHANS = 10
"""More orphans than these tell of a lost record, such as after an old backup."""

_DRAFT = re.compile(r"\..{1,40}\.[0-9a-f]{16}")
_log = logging.getLogger(__name__)


def sweep_drafts(folder: Path, older: float = DRAFT_SECONDS) -> int:
    """Delete the drafts in a folder that nobody writes any more; return how many."""
    swept = 0
    for path in folder.glob(".*") if folder.is_dir() else ():
        if not _DRAFT.fullmatch(path.name):
            continue
        try:
            status = path.lstat()
            is_old = time.time() - status.st_mtime > older
            if is_old and stat.S_ISREG(status.st_mode):
                path.unlink()
                swept += 1
        except FileNotFoundError:
            # It became a file, or its own process has removed it.
            continue
    return swept


class FileSweep(LeaderJob):
    """Deletes drafts an hour after they were written, and orphans after a day."""

    name = "file-sweep"
    lock = SWEEPING
    channels = ()
    reports_failures = True

    def __init__(
        self, url: str, files: EvidenceFiles, keys: KeyStore, folders: Sequence[Path]
    ) -> None:
        super().__init__(url)
        self._files, self._keys = files, keys
        self._folders = (files.folder, *folders)
        # Not at once: a worker that starts again and again must not do it each time.
        self._orphans_at = time.monotonic() - ORPHANS_SECONDS + 3_600.0

    def take_up(self) -> None:
        """Do nothing: the folders say what is in them."""

    def rest(self, done: int) -> float:
        """Leave the folders alone for a while."""
        del done
        return BETWEEN_SECONDS

    def work(self) -> int:
        """Sweep the drafts, and once a day the orphans."""
        if swept := sum(sweep_drafts(folder) for folder in self._folders):
            _log.info("%s drafts were left behind by killed processes", swept)
        if time.monotonic() - self._orphans_at > ORPHANS_SECONDS:
            self.sweep_orphans()
            self._orphans_at = time.monotonic()
        return 0

    def sweep_orphans(self, older: float = OLD_SECONDS) -> int:
        """Delete evidence files that no event names; return how many."""
        query = "SELECT coalesce(max(notification_id), 0) FROM redress.events"
        row = self.connection.execute(query).fetchone()
        last = int(row[0]) if row else 0
        found = orphan_files(self._files, self.connection, older)
        ours = self._of_known_keys(found)
        if len(ours) > MOST_ORPHANS:
            _log.warning(
                "%s evidence files belong to no event: too many to be of killed"
                " processes; nothing was deleted",
                len(ours),
            )
            return 0
        done = sum(remove_orphan(one, self.connection, last) for one in ours)
        if done:
            _log.warning("%s evidence files belonged to no event; deleted", done)
        return done

    def _of_known_keys(self, found: Sequence[OrphanFile]) -> list[OrphanFile]:
        """Return the orphans whose keys were made here; others are of other records."""
        known = self._keys.known_ids(one.key for one in found)
        return [one for one in found if one.key in known]

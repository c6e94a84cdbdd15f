"""The evidence that a witness keeps of a fork: two signed trees of one log."""

from __future__ import annotations

import logging
from hashlib import sha256
from pathlib import Path

from application.log.format.checkpoint import Checkpoint
from application.log.sign.last_signed import LastSigned
from application.whole_files import write_once

MAX_EVIDENCE = 100
"""How many contradictions of each log are kept; one log takes no other's room."""

_log = logging.getLogger(__name__)


class ForkEvidence:
    """A folder of contradictions: each the request that shows it and the last note."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, checkpoint: Checkpoint, body: bytes, last: LastSigned) -> None:
        """Keep a proved contradiction, once, with the checkpoint that it contradicts.

        Call this only with a checkpoint that the log itself has signed. With anything
        else, anybody could fill the folder, and a real fork would not be kept.
        """
        log = sha256(checkpoint.origin.encode()).hexdigest()[:16]
        both = f"{checkpoint.text}{last.checkpoint.text}".encode()
        name = f"{log}-{checkpoint.size}-{sha256(both).hexdigest()[:16]}.txt"
        if (self._folder / name).exists():
            return
        if self._folder.exists():
            held = list(self._folder.glob(f"{log}-*"))
            if len(held) >= MAX_EVIDENCE:
                return
        write_once(self._folder / name, body + b"\n" + last.note.encode())
        _log.warning("%s contradicts itself: see %s", checkpoint.origin, name)

"""What a witness keeps of a log that contradicts itself: both trees, signed."""

from __future__ import annotations

import logging
from hashlib import sha256
from pathlib import Path

from application.log.format.checkpoint import Checkpoint
from application.log.sign.last_signed import LastSigned
from application.whole_files import write_once

MAX_EVIDENCE = 100
"""Of one log's contradictions, so many are kept."""

_log = logging.getLogger(__name__)


class ForkEvidence:
    """A folder of contradictions: the request that shows one, and what was cosigned."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, checkpoint: Checkpoint, body: bytes, last: LastSigned) -> None:
        """Keep a proved contradiction, once, with the checkpoint it contradicts.

        Only call this with what the log itself has signed: others must not fill it.
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

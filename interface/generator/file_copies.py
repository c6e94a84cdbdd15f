"""The pictures that parties of generated cases hand in: a few for each of them."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping

from application.cases.evidence_files import EvidenceFiles, Kept
from application.cases.sealed_file import SealingWriter, file_name
from application.whole_files import create, draft_beside
from interface.demo.player import picture
from interface.generator.generated_case import Sealed

REMEMBERED = 20_000
"""When so many are remembered they are all forgotten, and made once more."""


class FileCopies:
    """Keeps pictures where evidence is kept; a party's cases share its own.

    Nothing waits for the disk: `sync` does, once, at the end.
    """

    def __init__(self, files: EvidenceFiles, sealed: Mapping[str, Sealed]) -> None:
        self._files, self._sealed = files, sealed
        self._kept: dict[tuple[str, int], Kept] = {}

    def file(self, subject: str, number: int) -> Kept:
        """Return a party's n-th picture, which is on the disk."""
        kept = self._kept.get((subject, number))
        if kept is None:
            if len(self._kept) >= REMEMBERED:
                self._kept.clear()
            kept = self._keep(subject, number)
            self._kept[subject, number] = kept
        return kept

    def sync(self) -> None:
        """Wait until everything is on the disk."""
        os.sync()

    def _keep(self, subject: str, number: int) -> Kept:
        key, out = self._sealed[subject], io.BytesIO()
        writer = SealingWriter(out, key.cipher)
        writer.write(picture(f"{subject}/{number}".encode()))
        digest, sealed = writer.finish()
        name = file_name(digest, sealed, key.key)
        path = self._files.folder / name[:2] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = draft_beside(path)
        with os.fdopen(create(draft), "wb") as file:
            file.write(out.getvalue())
        draft.replace(path)
        return Kept(digest, writer.size, sealed)

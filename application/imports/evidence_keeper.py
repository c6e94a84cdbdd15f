"""Keeps files of evidence that come with an import, as uploaded ones are kept."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from application.cases.evidence_files import EvidenceFiles
from application.imports.cells import BadRow
from application.imports.mapping import FileMapping
from application.imports.source.evidence_source import EvidenceSource
from application.privacy.data_keys import KeyStore
from application.record.envelope import Recorded
from domain.evidence.events import EvidenceSubmitted
from domain.names import quoted

MOST_BYTES = 20 << 20
"""Up to how large a file of evidence may be, where nobody says it."""


class EvidencePlace(Struct, frozen=True):
    """Where files of evidence are kept, and up to how many bytes."""

    files: EvidenceFiles
    limit: int


class EvidenceKeeper:
    """Seals files of a source with the key of the event that names each."""

    def __init__(
        self, place: EvidencePlace, keys: KeyStore, source: EvidenceSource
    ) -> None:
        self._place = place
        self._keys = keys
        self._source = source

    def kept(self, recorded: Recorded, name: str) -> Recorded:
        """Return the event of a file once that is safely on the disk. Raises BadRow.

        What is not committed afterwards is found and deleted as a file that no event
        names.
        """
        event = recorded.event
        cipher = self._keys.cipher(recorded.key) if recorded.key else None
        if not isinstance(event, EvidenceSubmitted) or not recorded.key or not cipher:
            raise BadRow(f"file: {quoted(name)} has no key to be sealed with")
        files, limit = self._place.files, self._place.limit
        with files.receiving(recorded.key, cipher, limit) as received:
            for chunk in self._source.chunks(name):
                received.incoming.write(chunk)
            kept = received.finish()
            if kept.sha256 != event.sha256:
                raise BadRow(f"file: {quoted(name)} was changed while it was imported")
            received.place(kept)
        return replace(recorded, event=replace(event, sealed=kept.sealed))


def evidence_of(
    mapping: FileMapping, folder: Path, place: EvidencePlace | None
) -> EvidenceSource | None:
    """Open the files of evidence that a mapping names. Raises MappingError."""
    named = mapping.source.evidence
    if named is None:
        return None
    limit = place.limit if place is not None else MOST_BYTES
    return EvidenceSource(folder / named, limit)

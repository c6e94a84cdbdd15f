"""The files of a case: the list that its events give, and the files themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial

from msgspec import Struct

from application.bundle.archive import Member, streamed
from application.cases.case_files import stored_files
from application.cases.evidence_files import EvidenceFiles
from application.privacy.data_keys import KeyStore
from application.record.envelope import Recorded
from domain.evidence.events import EvidenceSubmitted
from domain.negotiation.events import MessagePosted

ATTACHMENT = "attachment"


class ListedFile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that came with an event: whose, of which kind, its digest and size.

    `sealed` is the digest of its sealed form, which proves a sealed file of a bundle; a
    file of an earlier version has none.
    """

    version: int
    number: int
    by: str
    kind: str
    sha256: str
    size: int
    media_type: str
    sealed: str | None = None


def listed_files(events: Sequence[Recorded]) -> tuple[ListedFile, ...]:
    """List the files of a case, in order."""
    return tuple(file for recorded in events for file in _files_of(recorded))


def file_members(
    events: Sequence[Recorded],
    store: EvidenceFiles,
    keys: KeyStore,
    opened: Collection[int],
) -> Iterator[tuple[str, Member]]:
    """Yield the member of each file whose key there is: sealed, and opened too.

    `opened`: the versions whose files are opened. Raises FileDamaged.
    """
    for file in stored_files(events):
        cipher = keys.cipher(file.key)
        if cipher is None:
            continue
        name = f"files/{file.version:06d}"
        yield f"{name}.sealed", streamed(partial(store.sealed, file, cipher))
        if file.version in opened:
            yield f"{name}.opened", streamed(partial(store.read, file, cipher))


def _files_of(recorded: Recorded) -> Iterator[ListedFile]:
    match recorded.event:
        case EvidenceSubmitted() as event:
            yield ListedFile(
                version=recorded.version,
                number=event.number,
                by=event.by,
                kind=event.kind,
                sha256=event.sha256,
                size=event.size,
                media_type=event.media_type,
                sealed=event.sealed,
            )
        case MessagePosted(attachment=file) as message if file is not None:
            yield ListedFile(
                version=recorded.version,
                number=message.number,
                by=message.by,
                kind=ATTACHMENT,
                sha256=file.sha256,
                size=file.size,
                media_type=file.media_type,
                sealed=file.sealed,
            )

"""The files of a case: a list that its events tell, and the files themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from msgspec import Struct

from application.cases.evidence_files import EvidenceFiles, FileDamaged
from application.privacy.data_keys import KeyStore
from application.record.envelope import Recorded
from domain.evidence.events import EvidenceSubmitted
from domain.negotiation.events import MessagePosted

ATTACHMENT = "attachment"


class Exhibit(Struct, frozen=True, kw_only=True):
    """A file that came with an event: whose, of which kind, its digest and size."""

    version: int
    number: int
    by: str
    kind: str
    sha256: str
    size: int
    media_type: str


def exhibits(facts: Sequence[Recorded]) -> tuple[Exhibit, ...]:
    """List the files of a case, in order."""
    return tuple(one for fact in facts for one in _of(fact))


def files(
    facts: Sequence[Recorded],
    store: EvidenceFiles,
    keys: KeyStore,
    opened: Collection[int],
) -> Iterator[tuple[str, bytes]]:
    """Yield the member of each file whose key there is: sealed, and opened too.

    `opened`: the versions whose files are opened. Raises FileDamaged.
    """
    by_version = {fact.version: fact.key for fact in facts}
    for one in exhibits(facts):
        key = by_version[one.version]
        cipher = None if key is None else keys.cipher(key)
        if key is None or cipher is None:
            continue
        name = f"files/{one.version:06d}"
        yield f"{name}.sealed", _sealed(store, one.sha256, key)
        if one.version in opened:
            yield f"{name}.opened", b"".join(store.read(one.sha256, key, cipher))


def _sealed(store: EvidenceFiles, digest: str, key: UUID) -> bytes:
    path = store.path(digest, key)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FileDamaged(f"{path.name} is missing") from None


def _of(fact: Recorded) -> Iterator[Exhibit]:
    match fact.event:
        case EvidenceSubmitted() as event:
            yield Exhibit(
                version=fact.version,
                number=event.number,
                by=event.by,
                kind=event.kind,
                sha256=event.sha256,
                size=event.size,
                media_type=event.media_type,
            )
        case MessagePosted(attachment=file) as message if file is not None:
            yield Exhibit(
                version=fact.version,
                number=message.number,
                by=message.by,
                kind=ATTACHMENT,
                sha256=file.sha256,
                size=file.size,
                media_type=file.media_type,
            )

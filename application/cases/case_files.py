"""The files that the events of a case tell of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from application.cases.sealed_file import StoredFile
from application.record.envelope import Recorded
from domain.evidence.events import EvidenceSubmitted
from domain.negotiation.events import Attachment, MessagePosted

FILE_TOPICS = ("evidence-submitted", "message-posted")
"""The topics of events that can tell of a file."""


def stored_file(recorded: Recorded) -> StoredFile | None:
    """Return the file that came with an event, None without one."""
    file = _told(recorded)
    if file is None or recorded.key is None:
        return None
    return StoredFile(
        case=recorded.case,
        version=recorded.version,
        sha256=file.sha256,
        size=file.size,
        key=recorded.key,
        sealed=file.sealed,
    )


def stored_files(events: Sequence[Recorded]) -> Iterator[StoredFile]:
    """Yield the files of a case, in order."""
    return (one for one in map(stored_file, events) if one is not None)


def _told(recorded: Recorded) -> EvidenceSubmitted | Attachment | None:
    match recorded.event:
        case EvidenceSubmitted() as event if not event.missing:
            return event
        case MessagePosted(attachment=attachment):
            return attachment
        case _:
            return None

"""What became of erasures: a history apart from the cases."""

from __future__ import annotations

from uuid import UUID

from domain.case.event import Event


class ErasureFinal(Event, frozen=True, kw_only=True, tag="erasure-final"):
    """Nothing in the installation opens what was erased: not the data keys `keys`.

    `buckets` names the bucket keys that were made then, in the place of those that had
    wrapped them: bucket and generation, such as "17.3".
    """

    erasure: UUID
    keys: tuple[UUID, ...]
    buckets: tuple[str, ...]

"""What can happen to imported history: it is corrected, or set aside."""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

from msgspec import Struct

from domain.case.event import Event
from domain.identifiers import Identifier
from domain.money import Money


class Correction(Struct, frozen=True, kw_only=True, gc=False):
    """What a field was recorded as, and as what the source states it now.

    `field` is a field of the event, such as `claim.kind`, or `at`, when it happened,
    or `precision`, how exactly the source tells that. None: nothing was said. Times
    are RFC 3339 in UTC.
    """

    field: str
    recorded: str | Money | None
    stated: str | Money | None


class Corrected(Event, frozen=True, kw_only=True, tag="corrected"):
    """The source says something else of an imported event than it did before.

    `corrects` is the version of that event, `kind` is its kind. The event stays as it
    is recorded; the case goes on as the source states it now.
    """

    corrects: int
    kind: str
    corrections: tuple[Correction, ...]


class ImportWithdrawn(Event, frozen=True, kw_only=True, tag="import-withdrawn"):
    """The import that a case came with was set aside, and the case with it.

    The case stays in the record and can be proved; no queue, list or figure has it any
    more. `run` is the import, `basis` why; the actor asked for it, and `approver` is
    the second person. The case is `number` out of `cases`.
    """

    run: UUID
    basis: str
    approver: Identifier[str]
    number: int
    cases: int


ImportEvent: TypeAlias = Corrected | ImportWithdrawn

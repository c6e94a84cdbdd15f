"""What can happen to imported history: it is set aside."""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

from domain.case.event import Event
from domain.identifiers import Identifier


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


ImportEvent: TypeAlias = ImportWithdrawn

"""The deadline ledger of a case: who had until when, by which rule, and was late."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from domain.deadlines.ledger import deadline_ledger
from domain.deadlines.ledger_entry import Entry
from interface.api.openapi.case_examples import DEADLINES
from interface.api.openapi.operations import READ_PROBLEMS, Reading, answering
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext


class LedgerShown(Struct, frozen=True, kw_only=True):
    """Every limit of a case that ran, in the order in which they began."""

    dispute: UUID
    policy: str | None
    deadlines: tuple[Entry, ...]


class LedgersController(Controller):
    """Deadlines, recomputed from the events."""

    path = "/v1/disputes"
    tags = ("disputes",)

    @get(
        "/{dispute_id:uuid}/deadlines",
        operation_class=answering(Reading, DEADLINES),
        responses=READ_PROBLEMS,
        operation_id="readDeadlines",
        summary="Read the deadline ledger",
        sync_to_thread=True,
        opt=read_of(Read.DEADLINES),
    )
    def read(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
    ) -> LedgerShown:
        """Return start, rule, clock, calendar, pauses, extensions, due and lateness.

        Recomputed from the events at each call, for whoever may see the case.
        """
        case = context.read(dispute_id)
        return LedgerShown(
            dispute=dispute_id,
            policy=case.dispute.policy,
            deadlines=deadline_ledger(case.events),
        )

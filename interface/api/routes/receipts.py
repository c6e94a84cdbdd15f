"""Receipts of one's own acts."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.cases.case import Case
from application.log.receipts import Receipt, of_actor, receipts
from application.record.row_scope import Beyond, beyond
from interface.api.cursors import Page, whole
from interface.api.openapi.operations import READ_PROBLEMS, Reading, answering
from interface.api.openapi.receipt_examples import RECEIPT, RECEIPTS
from interface.api.problems import Failure
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext


class Receipts(Page[Receipt], frozen=True, kw_only=True):
    """The receipts of what the caller did in a case, in the order of its events."""


class ReceiptController(Controller):
    """For whoever has acted in a case."""

    path = "/v1/disputes/{dispute_id:uuid}/receipts"
    tags = ("parties",)

    @get(
        operation_class=answering(Reading, RECEIPTS),
        responses=READ_PROBLEMS,
        operation_id="listReceipts",
        summary="Receipts of what one has done",
        sync_to_thread=True,
        opt=read_of(Read.OTHER),
    )
    def receipts(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
    ) -> Receipts:
        """Return a receipt for each event of the case that the caller brought about.

        `event` has the stored bytes (base64) with the statement that the platform has
        signed; `proof` is `null` until the log has signed a tree that holds them. Keep
        a receipt as a file: the verifier of bundles reads it, without this API.
        """
        case = context.read(dispute_id)
        own = [one.version for one in of_actor(case, context.actor)]
        return whole(Receipts, _made(context, case, own))

    @get(
        "/{version:int}",
        operation_class=answering(Reading, RECEIPT),
        responses=READ_PROBLEMS,
        operation_id="readReceipt",
        summary="The receipt of one act",
        sync_to_thread=True,
        opt=read_of(Read.OTHER),
    )
    def receipt(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
        version: FromPath[int],
    ) -> Response[Receipt]:
        """Return the receipt of one event that the caller brought about, as a file."""
        case = context.read(dispute_id)
        if version not in {one.version for one in of_actor(case, context.actor)}:
            raise Failure("no-such-page")
        (receipt,) = _made(context, case, [version])
        name = f"receipt-{dispute_id}-{version}.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(receipt, headers=headers)


def _made(
    context: RequestContext, case: Case, versions: list[int]
) -> tuple[Receipt, ...]:
    log = context.system.settings.log
    with (
        beyond(Beyond.LOG),
        context.system.database.get_connection() as connection,
    ):
        return receipts(connection, case, versions, log.origin, log.kinds)

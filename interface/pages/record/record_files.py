"""What a case gives to take away: its bundle, and the evidence in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from application.bundle.maker import BundleRequest
from interface.api.bulkheads import Work, work
from interface.api.file_transfer import given_out
from interface.api.recorded_reads import Read
from interface.api.request_context import RequestContext
from interface.api.routes.bundles import case_bundle
from interface.api.routes.evidence import exhibit_file
from interface.api.routes.proofs import proof_answer
from interface.pages.record.record_page import CASE, record_of


@get(
    f"{CASE}/bundle",
    sync_to_thread=True,
    opt=record_of(Read.BUNDLE) | work(Work.BUNDLE),
)
def record_bundle(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    dispute_id: FromPath[UUID],
) -> Stream:
    """Return a case with its proofs in one file; `files` and `opened` are ticked."""
    ticked = request.query_params
    asked = BundleRequest(
        files="files" in ticked,
        opened="opened" in ticked,
        reader=context.actor,
    )
    return case_bundle(context, dispute_id, asked)


@get(
    f"{CASE}/evidence/{{number:int}}",
    sync_to_thread=True,
    opt=record_of(Read.EVIDENCE),
)
def record_evidence(
    context: NamedDependency[RequestContext],
    dispute_id: FromPath[UUID],
    number: FromPath[int],
) -> Stream | Response[bytes]:
    """Return a piece of evidence."""
    file, recorded = exhibit_file(context, context.read(dispute_id), number)
    return given_out(context.system, file, recorded)


@get(
    f"{CASE}/proof/{{version:int}}",
    sync_to_thread=True,
    opt=record_of(Read.PROOF),
)
def record_proof(
    context: NamedDependency[RequestContext],
    dispute_id: FromPath[UUID],
    version: FromPath[int],
) -> Response[str]:
    """Return the proof that one fact is in the log, as text."""
    return proof_answer(context, dispute_id, version)

"""Erasures over the API: a supervisor asks, another one approves, the worker erases."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg, FromPath, QueryParameter

from application.privacy.erasure import NotErasable, NothingToErase
from application.privacy.erasure_decisions import NotRecorded
from application.privacy.erasure_obstacles import Obstacle
from application.privacy.erasure_requests import (
    ErasureRequest,
    ErasureRequests,
    Place,
    Subject,
)
from application.record.row_scope import Beyond, beyond
from domain.names import BadName
from domain.refusals import Invalid, Problem
from domain.roles import Party, Role
from interface.api.commands.id_fields import bad_name
from interface.api.commands.privacy import ErasureBody
from interface.api.cursors import opened, page
from interface.api.idempotency import once
from interface.api.openapi.operations import (
    READ_PROBLEMS,
    WRITE_PROBLEMS,
    Reading,
    Writing,
    answering,
    example,
)
from interface.api.openapi.oversight_examples import APPROVED, ERASURE
from interface.api.openapi.text_forms import Cursor
from interface.api.problems import Failure
from interface.api.recorded_reads import Read, only_by, read_of
from interface.api.request_context import RequestContext
from interface.api.responses.erasure_state import (
    ErasureShown,
    ErasuresPage,
    erasure_shown,
)
from interface.api.routes.replay import AUDITORS
from interface.run.erasure_job import eraser

REQUEST = example(
    "A buyer asks for erasure",
    {"subject": "b-1", "role": "buyer", "basis": "Request 2026-12"},
)


class ErasuresController(Controller):
    """The end of personal data."""

    path = "/v1/erasures"
    tags = ("privacy",)

    @post(
        operation_class=answering(Writing, ERASURE),
        responses=WRITE_PROBLEMS,
        operation_id="requestErasure",
        summary="Ask for an erasure",
        status_code=201,
        sync_to_thread=True,
        opt=only_by(Role.SUPERVISOR),
    )
    def request(
        self,
        context: NamedDependency[RequestContext],
        data: Annotated[ErasureBody, BodyKwarg(examples=[REQUEST])],
    ) -> ErasureShown:
        """Ask that a party's data be erased in all of its cases (supervisor).

        409 names each case that forbids it: live, under legal hold, or to be kept by
        law; with `restrict`, the closed ones among them are then restricted.
        """
        return requested(context, data)

    @post(
        "/{erasure_id:uuid}/approval",
        operation_class=answering(Writing, APPROVED),
        responses=WRITE_PROBLEMS,
        operation_id="approveErasure",
        summary="Approve an erasure",
        status_code=200,
        sync_to_thread=True,
        opt=only_by(Role.SUPERVISOR),
    )
    def approve(
        self,
        context: NamedDependency[RequestContext],
        erasure_id: FromPath[UUID],
    ) -> ErasureShown:
        """Approve, as another supervisor; the worker then erases. Takes no body."""
        return approved(context, erasure_id)

    @get(
        "/{erasure_id:uuid}",
        operation_class=answering(Reading, ERASURE),
        responses=READ_PROBLEMS,
        operation_id="readErasure",
        summary="Read an erasure",
        sync_to_thread=True,
        opt=read_of(Read.ERASURES, by=AUDITORS),
    )
    def read(
        self,
        context: NamedDependency[RequestContext],
        erasure_id: FromPath[UUID],
    ) -> ErasureShown:
        """Return how far an erasure is (supervisors, auditors, regulators)."""
        return erasure_shown(_found(context, erasure_id))

    @get(
        operation_class=answering(Reading, {"items": [ERASURE], "next": None}),
        responses=READ_PROBLEMS,
        operation_id="listErasures",
        summary="List erasures",
        sync_to_thread=True,
        opt=read_of(Read.ERASURES, by=AUDITORS),
    )
    def list(
        self,
        context: NamedDependency[RequestContext],
        limit: Annotated[int, QueryParameter(ge=1, le=1_000)] = 200,
        cursor: Cursor = None,
    ) -> ErasuresPage:
        """List erasures, the last requested first."""
        requests = ErasureRequests(context.system.database)
        platform = context.caller.platform
        return page(
            ErasuresPage,
            lambda after, many: requests.listed(platform, many, after),
            erasure_shown,
            lambda one: (one.requested_at, one.erasure_id),
            limit,
            opened(cursor, Place, context.list_name),
        )


def requested(context: RequestContext, data: ErasureBody) -> ErasureShown:
    """Ask for an erasure, once under the request's key. Raises Invalid or Failure."""
    subject = _subject(context, data)
    wanted = ErasureRequest(
        erasure_id=context.command_id(),
        platform=subject.platform,
        party=subject.party,
        subject=subject.id,
        basis=data.basis,
        requested_by=context.caller.subject,
        requested_at=context.system.clock(),
    )
    return once(
        context,
        data,
        ErasureShown,
        lambda: erasure_shown(_requested(context, wanted, restrict=data.restrict)),
    )


def approved(context: RequestContext, erasure_id: UUID) -> ErasureShown:
    """Approve an erasure, once under the request's key. Raises Failure."""
    erasure = _found(context, erasure_id)
    return once(
        context,
        None,
        ErasureShown,
        lambda: erasure_shown(_approved(context, erasure)),
    )


def _subject(context: RequestContext, data: ErasureBody) -> Subject:
    platform = context.caller.platform or ""
    given = Subject(platform=platform, party=Party(data.role), id=data.subject)
    try:
        subject = eraser(context.system).known(given)
    except BadName as error:
        raise Invalid([bad_name("/subject", error)]) from None
    case = subject.case
    # A subject that is named by its case: it could be one of another platform.
    if case is not None:
        found = context.system.disputes.find(case)
        if not found.events or not context.caller.may_see(found.dispute):
            raise Failure("nothing-to-erase")
    return subject


def _requested(
    context: RequestContext, wanted: ErasureRequest, *, restrict: bool
) -> ErasureRequest:
    """Note a request. Raises Failure if the subject cannot be erased."""
    try:
        with beyond(Beyond.ERASURE):
            return eraser(context.system).request(wanted, restrict=restrict)
    except NothingToErase:
        # Bundles of other logs may name the person. They are not the platform's record,
        # and are forgotten one by one.
        whose, imported = wanted.whose, context.system.imported_bundles
        if found := imported.cases_of(whose.platform, whose.party, whose.id):
            cases = ", ".join(map(str, found))
            raise Failure("only-taken-over", cases=cases) from None
        raise Failure("nothing-to-erase") from None
    except NotErasable as error:
        faults = [_fault(one) for one in error.obstacles]
        raise Failure("not-erasable", faults=faults) from None
    except NotRecorded:
        raise Failure("erasure-not-recorded") from None


def _approved(context: RequestContext, erasure: ErasureRequest) -> ErasureRequest:
    approvals, now = eraser(context.system).approvals, context.system.clock()
    try:
        with beyond(Beyond.ERASURE):
            return approvals.approve(erasure, context.caller.subject, now)
    except NotRecorded:
        raise Failure("erasure-not-recorded") from None


def _fault(obstacle: Obstacle) -> Problem:
    details = {"dispute": str(obstacle.case), "holds": ", ".join(obstacle.holds)}
    if obstacle.until is not None:
        details["until"] = obstacle.until.isoformat()
    return Problem("/subject", f"case-{obstacle.why}", details)


def _found(context: RequestContext, erasure_id: UUID) -> ErasureRequest:
    erasure = ErasureRequests(context.system.database).find(erasure_id)
    here = {None, erasure.platform if erasure else None}
    if erasure is None or context.caller.platform not in here:
        raise Failure("no-such-erasure")
    return erasure

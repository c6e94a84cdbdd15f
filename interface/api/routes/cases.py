"""Filing, reading and listing cases."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg, FromPath, FromQuery, QueryParameter

from application.cases.eligibility import first_case, foresee
from application.cases.next_case import next_case
from domain.case.dispute import Phase
from domain.filing.commands import Reopen
from domain.names import same
from domain.refusals import Invalid, NotNow, Problem, Stale
from domain.roles import STAFF, Party
from interface.api.commands.filing import (
    FILING_EXAMPLE,
    REOPENING_EXAMPLE,
    FilingBody,
    ReopeningBody,
)
from interface.api.commands.id_fields import in_one_form
from interface.api.compression import COMPRESSED
from interface.api.openapi.case_examples import CASES, ELIGIBILITY
from interface.api.openapi.operations import (
    ACT_PROBLEMS,
    CASE_ANSWER,
    NEW_CASE_ANSWER,
    READ_PROBLEMS,
    WRITE_PROBLEMS,
    Acting,
    Reading,
    Writing,
    answering,
    example,
    problems,
)
from interface.api.openapi.text_forms import Cursor
from interface.api.parameters import category as known_category
from interface.api.parameters import name_of
from interface.api.preconditions import expected_versions
from interface.api.read_your_writes import After, waits_for
from interface.api.recorded_reads import Read, read_of, unrecorded
from interface.api.request_context import RequestContext
from interface.api.responses.case import BuyerCase, SellerCase
from interface.api.responses.case_list import CasesPage, listing, own
from interface.api.responses.eligibility import EligibilityShown, eligibility_shown
from interface.api.tenancy import asked_platform
from projections.queue import QUEUE, Sort

FILING = example("A kettle that leaks", FILING_EXAMPLE)
REOPENING = example("It broke again", REOPENING_EXAMPLE)


class DisputesController(Controller):
    """Cases."""

    path = "/v1/disputes"
    tags = ("disputes",)

    @post(
        operation_class=answering(Writing, NEW_CASE_ANSWER),
        responses=WRITE_PROBLEMS,
        summary="File a dispute",
        sync_to_thread=True,
        opt=unrecorded("a case that begins shows nothing of another"),
    )
    def file(
        self,
        context: NamedDependency[RequestContext],
        data: Annotated[FilingBody, BodyKwarg(examples=[FILING])],
    ) -> Response[SellerCase]:
        """File as a buyer, or as the platform or its staff for the named buyer.

        Answers 201 with the case; `Location` is where it is, `ETag` its version.
        """
        platform = context.caller.platform or ""
        data = in_one_form(data)
        command = data.filing(platform, _buyer(context, data))
        return context.file(first_case(command), command)

    @post(
        "/eligibility",
        operation_class=answering(Reading, ELIGIBILITY),
        responses=READ_PROBLEMS | problems(422),
        summary="Would a filing be accepted",
        status_code=200,
        sync_to_thread=True,
        opt=unrecorded("it is about a filing that is not there yet"),
    )
    def eligibility(
        self,
        context: NamedDependency[RequestContext],
        data: Annotated[FilingBody, BodyKwarg(examples=[FILING])],
    ) -> EligibilityShown:
        """Say what filing this would lead to, until when, and what is missing.

        Nothing is recorded, and no Idempotency-Key is needed.
        """
        data = in_one_form(data)
        command = data.filing(context.caller.platform or "", _buyer(context, data))
        found = foresee(context.system.disputes, context.actor, command)
        return eligibility_shown(found, context.language)

    @post(
        "/{dispute_id:uuid}/reopening",
        operation_class=answering(Acting, NEW_CASE_ANSWER),
        responses=ACT_PROBLEMS,
        summary="Re-open with new facts",
        sync_to_thread=True,
    )
    def reopen(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
        data: Annotated[ReopeningBody, BodyKwarg(examples=[REOPENING])],
    ) -> Response[SellerCase]:
        """File an ended case once more, because of new facts (buyer).

        Answers 201 with the new case, which names the ended one.
        """
        command = Reopen(new_facts=data.new_facts, evidence_note=data.evidence_note)
        return _reopened(context, dispute_id, command)

    @get(
        "/{dispute_id:uuid}",
        operation_class=answering(Reading, CASE_ANSWER),
        responses=READ_PROBLEMS,
        summary="Read a dispute",
        sync_to_thread=True,
        opt=read_of(Read.CASE),
    )
    def read(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
    ) -> Response[BuyerCase]:
        """Return a case as it is now: its parties' own, or any to staff and auditors.

        What is shown depends on the role; `actions` is what the caller can do now.
        """
        return context.answer(context.read(dispute_id))  # type: ignore[return-value]

    @get(
        operation_class=answering(Reading, CASES),
        responses=READ_PROBLEMS,
        summary="List disputes",
        sync_to_thread=True,
        opt=read_of(Read.CASES) | waits_for(QUEUE) | COMPRESSED,
    )
    def list(
        self,
        context: NamedDependency[RequestContext],
        phase: FromQuery[Phase | None] = None,
        category: FromQuery[str | None] = None,
        overdue: FromQuery[bool | None] = None,
        live: FromQuery[bool | None] = None,
        seller: FromQuery[str | None] = None,
        buyer: FromQuery[str | None] = None,
        platform: FromQuery[str | None] = None,
        sort: FromQuery[Sort] = "opened",
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
        cursor: Cursor = None,
        after: After = None,
    ) -> CasesPage:
        """List one's own cases (parties) or all (staff), the last opened first.

        `after=<case>:<version>` waits, bounded, until the list knows that version. Who
        sees all platforms names the `platform` of a `buyer` or `seller`.
        """
        del after  # the guard has waited
        filters = own(
            context,
            {
                "phase": phase,
                "category": known_category(context.system.rulebooks.codes, category),
                "overdue": overdue,
                "live": live,
                "seller": name_of("seller", seller),
                "buyer": name_of("buyer", buyer),
                "platform": asked_platform(
                    context.caller, platform, buyer=buyer, seller=seller
                ),
            },
        )
        return listing(context.system, filters, sort, limit, cursor)


def _reopened(
    context: RequestContext, ended: UUID, command: Reopen
) -> Response[SellerCase]:
    """File the next case on the issue of an ended one."""
    case = context.read(ended)
    # Checked here: no event is appended to the ended case, which would find out.
    versions = expected_versions(context.headers)
    if versions is not None and case.version not in versions:
        raise context.refused(ended, Stale(version=str(case.version)))
    try:
        new, filing = next_case(context.system.disputes, case, context.actor, command)
    except NotNow as refusal:
        raise context.refused(ended, refusal) from refusal
    return context.file(new, filing)


def _buyer(context: RequestContext, body: FilingBody) -> str:
    """Return the buyer: the caller, or the person whom the platform names."""
    caller = context.caller
    for_another = context.actor.on_behalf_of is Party.BUYER or caller.role in STAFF
    if for_another:
        if body.buyer is None:
            raise Invalid([Problem("/buyer", "required", {"for": caller.role})])
        return body.buyer
    if body.buyer is not None and not same(body.buyer, caller.subject):
        raise Invalid([Problem("/buyer", "not-yours")])
    return caller.subject

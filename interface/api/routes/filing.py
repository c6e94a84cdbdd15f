"""What comes before a case and after one: eligibility, and filing once more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg, FromPath

from application.cases.eligibility import foresee
from application.cases.next_case import next_case
from application.cases.order_line import LineCase
from domain.case_number import case_number
from domain.filing.commands import FileDispute, Reopen
from domain.names import same
from domain.refusals import (
    AlreadyFiled,
    Conflicted,
    Invalid,
    NotFound,
    NotNow,
    Problem,
    Stale,
)
from domain.roles import STAFF, Party, Role
from interface.api.commands.filing import (
    FILING_EXAMPLE,
    REOPENING_EXAMPLE,
    FilingBody,
    ReopeningBody,
)
from interface.api.commands.id_fields import in_one_form
from interface.api.openapi.case_examples import ELIGIBILITY
from interface.api.openapi.operations import (
    ACT_PROBLEMS,
    NEW_CASE_ANSWER,
    READ_PROBLEMS,
    Acting,
    Reading,
    answering,
    example,
    problems,
)
from interface.api.preconditions import expected_versions
from interface.api.recorded_reads import unrecorded
from interface.api.request_context import RequestContext
from interface.api.responses.case import CaseShown
from interface.api.responses.eligibility import EligibilityShown, eligibility_shown

FILING = example("A kettle that leaks", FILING_EXAMPLE)
REOPENING = example("It broke again", REOPENING_EXAMPLE)


class FilingController(Controller):
    """Whether a filing would be accepted, and filing an ended case again."""

    path = "/v1/disputes"
    tags = ("disputes",)

    @post(
        "/eligibility",
        operation_class=answering(Reading, ELIGIBILITY),
        responses=READ_PROBLEMS | problems(422),
        operation_id="checkEligibility",
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
        command = data.filing(context.caller.platform or "", buyer_of(context, data))
        found = foresee(context.system.disputes, context.actor, command)
        return eligibility_shown(found, context.language)

    @post(
        "/{dispute_id:uuid}/reopening",
        operation_class=answering(Acting, NEW_CASE_ANSWER),
        responses=ACT_PROBLEMS,
        operation_id="reopenDispute",
        summary="Re-open with new facts",
        sync_to_thread=True,
    )
    def reopen(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
        data: Annotated[ReopeningBody, BodyKwarg(examples=[REOPENING])],
    ) -> Response[CaseShown]:
        """File an ended case once more, because of new facts (buyer).

        Answers 201 with the new case, which names the ended one.
        """
        command = Reopen(new_facts=data.new_facts, evidence_note=data.evidence_note)
        return reopened(context, dispute_id, command)


def reopened(
    context: RequestContext, ended: UUID, command: Reopen
) -> Response[CaseShown]:
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
    return filed(context, new, filing)


def filed(
    context: RequestContext, case: UUID, command: FileDispute
) -> Response[CaseShown]:
    """File; where the case is there already, say which it is to who may see it."""
    try:
        return context.file(case, command)
    except AlreadyFiled as refusal:
        try:
            refused = context.refused(case, refusal)
        except (NotFound, Conflicted):
            raise refusal from None
        there = context.system.disputes.find(case)
        refused.there = {
            "dispute": str(case),
            "href": f"/v1/disputes/{case}",
            "case_number": case_number(case, there.events[0].at),
        }
        raise refused from refusal


def check_named_buyer(
    context: RequestContext, command: FileDispute, there: Iterable[LineCase]
) -> None:
    """Raise Invalid for a buyer whose order it is not, as far as the record knows.

    It knows an order line's buyers from the cases on it. Who files in person is asked
    nothing, and told nothing of others: whoever filed first would keep them out.
    """
    buyers = [one.buyer for one in there if one.buyer is not None]
    if not names_another(context) or not buyers:
        return
    if not any(same(one, command.buyer) for one in buyers):
        raise Invalid([Problem("/buyer", "order-of-another")])


def names_another(context: RequestContext) -> bool:
    """Tell whether the caller files for somebody whom the body names."""
    if context.actor.for_id is not None:
        return False
    return context.actor.on_behalf_of is Party.BUYER or context.caller.role in STAFF


def buyer_of(context: RequestContext, body: FilingBody) -> str:
    """Return the buyer: the caller, or the person whom the platform names."""
    caller = context.caller
    # Or the person that the platform's client names beside the side.
    if context.actor.for_id is not None:
        if body.buyer is not None and not same(body.buyer, caller.subject):
            raise Invalid([Problem("/buyer", "other-than-named")])
        return caller.subject
    if names_another(context):
        if body.buyer is None:
            raise Invalid([Problem("/buyer", "required", {"for": caller.role})])
        return body.buyer
    if body.buyer is not None and not same(body.buyer, caller.subject):
        # A program files for nobody until it says for which side it acts.
        is_program = caller.role is Role.PLATFORM
        raise Invalid(
            [Problem("/buyer", "name-the-side" if is_program else "not-yours")]
        )
    return caller.subject

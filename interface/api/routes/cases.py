"""Filing, reading and listing cases."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg, FromPath, FromQuery, QueryParameter

from application.cases.order_line import line_filed, numbered_case
from domain.case.dispute import Phase
from domain.case.outcome import Outcome
from domain.roles import Party
from interface.api.case_filters import (
    CaseNumber,
    ChangedSince,
    SearchText,
    case_filters,
)
from interface.api.commands.filing import (
    FilingBody,
)
from interface.api.commands.id_fields import in_one_form
from interface.api.compression import COMPRESSED
from interface.api.csv_tables import Format
from interface.api.openapi.case_examples import CASES
from interface.api.openapi.operations import (
    CASE_ANSWER,
    NEW_CASE_ANSWER,
    READ_PROBLEMS,
    WRITE_PROBLEMS,
    Answer,
    Reading,
    Writing,
    answering,
)
from interface.api.openapi.text_forms import Cursor
from interface.api.read_your_writes import After, waits_for
from interface.api.recorded_reads import Read, read_of, unrecorded
from interface.api.request_context import RequestContext
from interface.api.responses.case import CaseShown
from interface.api.responses.case_list import CasesPage
from interface.api.responses.case_sample import Seed
from interface.api.responses.listed_cases import Listed, listed
from interface.api.routes.filing import FILING, buyer_of, check_named_buyer, filed
from projections.queue.case_pages import Sort
from projections.queue.queue_view import QUEUE


class DisputesController(Controller):
    """Cases."""

    path = "/v1/disputes"
    tags = ("disputes",)

    @post(
        operation_class=answering(Writing, NEW_CASE_ANSWER),
        responses=WRITE_PROBLEMS,
        operation_id="fileDispute",
        summary="File a dispute",
        sync_to_thread=True,
        opt=unrecorded("a case that begins shows nothing of another"),
    )
    def file(
        self,
        context: NamedDependency[RequestContext],
        data: Annotated[FilingBody, BodyKwarg(examples=[FILING])],
    ) -> Response[CaseShown]:
        """File as a buyer, or as the platform or its staff for the named buyer.

        Where cases on the order line are all of other buyers, nobody else is named.
        Answers 201 with the case; `Location` is where it is, `ETag` its version.
        """
        platform = context.caller.platform or ""
        data = in_one_form(data)
        command = data.filing(platform, buyer_of(context, data))
        there = context.lines.cases_on(line_filed(command))
        check_named_buyer(context, command, there)
        case = numbered_case(there, command)
        return filed(context, case, command)

    @get(
        "/{dispute_id:uuid}",
        operation_class=answering(Reading, CASE_ANSWER),
        responses=READ_PROBLEMS,
        operation_id="readDispute",
        summary="Read a dispute",
        sync_to_thread=True,
        opt=read_of(Read.CASE),
    )
    def read(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
    ) -> Response[CaseShown]:
        """Return a case as it is now: its parties' own, or any to staff and auditors.

        What is shown depends on the role; `actions` is what the caller can do now.
        """
        return context.answer(context.read(dispute_id))

    @get(
        operation_class=answering(Reading, Answer(CASES, tables=("text/csv",))),
        responses=READ_PROBLEMS,
        operation_id="listDisputes",
        summary="List disputes",
        sync_to_thread=True,
        opt=read_of(Read.CASES) | waits_for(QUEUE) | COMPRESSED,
    )
    def list(
        self,
        context: NamedDependency[RequestContext],
        phase: FromQuery[Phase | None] = None,
        category: FromQuery[str | None] = None,
        reason: FromQuery[str | None] = None,
        overdue: FromQuery[bool | None] = None,
        live: FromQuery[bool | None] = None,
        seller: FromQuery[str | None] = None,
        buyer: FromQuery[str | None] = None,
        party: FromQuery[str | None] = None,
        order: FromQuery[str | None] = None,
        assignee: FromQuery[str | None] = None,
        case_number: CaseNumber = None,
        waiting_on: FromQuery[Party | None] = None,
        changed_since: ChangedSince = None,
        text: SearchText = None,
        tag: FromQuery[str | None] = None,
        outcome: FromQuery[Outcome | None] = None,
        decider: FromQuery[str | None] = None,
        liability: FromQuery[str | None] = None,
        min_amount: FromQuery[str | None] = None,
        max_amount: FromQuery[str | None] = None,
        currency: FromQuery[str | None] = None,
        closed_since: FromQuery[datetime | None] = None,
        closed_until: FromQuery[datetime | None] = None,
        platform: FromQuery[str | None] = None,
        count: FromQuery[bool | None] = None,
        sample: Annotated[int | None, QueryParameter(ge=1, le=200)] = None,
        seed: Seed = None,
        sort: FromQuery[Sort] = "opened",
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
        cursor: Cursor = None,
        format: Format = None,  # noqa: A002 - the parameter's name
        after: After = None,
    ) -> Response[CasesPage]:
        """List one's own cases (parties) or all (staff), the last opened first.

        `waiting_on=seller` also finds what waits for both parties. `count=true` adds
        how many there are in all. `sort=changed` puts the longest unchanged first.
        `decider` has refused, ruled, or decided an appeal; amounts are claimed ones.
        `sample=20&seed=…` draws that many at random, the same again with the same seed.
        `format=csv` answers a table. `after=<case>:<version>` waits, bounded, until the
        list knows that version. Who sees all platforms names a party's `platform`.
        """
        del after  # the guard has waited
        filters = case_filters(
            context,
            phase=phase,
            category=category,
            reason=reason,
            overdue=overdue,
            live=live,
            seller=seller,
            buyer=buyer,
            party=party,
            order=order,
            assignee=assignee,
            case_number=case_number,
            waiting_on=waiting_on,
            changed_since=changed_since,
            text=text,
            tag=tag,
            outcome=outcome,
            decider=decider,
            liability=liability,
            amounts=(min_amount, max_amount, currency),
            closed=(closed_since, closed_until),
            platform=platform,
        )
        how = Listed(sort, limit, cursor, count=bool(count), sample=sample, seed=seed)
        return listed(context, filters, how, format)

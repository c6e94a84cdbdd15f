"""Filing, reading and listing cases."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg, FromPath, FromQuery, QueryParameter

from domain.case.dispute import Phase
from domain.refusals import Invalid, Problem
from domain.roles import STAFF, Party
from interface.api.commands.requests import FilingBody, ReopeningBody
from interface.api.context import Asking, asking
from interface.api.eligibility import EligibilityShown, case_of, foreseen, reopened
from interface.api.openapi.operations import (
    ACT_PROBLEMS,
    READ_PROBLEMS,
    WRITE_PROBLEMS,
    Acting,
    Reading,
    Writing,
    example,
)
from interface.api.parameters import category as known_category
from interface.api.read_your_writes import caught_up
from interface.api.responses.case import BuyerCase, SellerCase
from interface.api.responses.case_list import CasesPage, listing, own
from interface.bootstrap import System
from projections.queue import QUEUE, Sort

FILING = example(
    "A kettle that leaks",
    {
        "seller": "s-1",
        "order": {
            "id": "o-1001",
            "line": "1",
            "paid": {"amount": "129.00", "currency": "CNY"},
            "received_at": "2026-11-20T09:30:00+08:00",
        },
        "category": "quality",
        "reason": "defect",
        "claim": {
            "kind": "refund",
            "amount": {"amount": "129.00", "currency": "CNY"},
        },
        "facts": "The kettle leaks at the handle since the first day.",
        "contact": "buyer@example.com",
        "evidence_note": "Two photos will follow.",
        "channel": "order-page",
    },
)

REOPENING = example(
    "It broke again",
    {"new_facts": "After the repair it leaks again.", "evidence_note": "A video."},
)


class DisputesController(Controller):
    """Cases."""

    path = "/v1/disputes"
    tags = ("disputes",)

    @post(
        operation_class=Writing,
        responses=WRITE_PROBLEMS,
        summary="File a dispute",
        sync_to_thread=True,
    )
    def file(
        self,
        request: Request[Any, Any, Any],
        system: NamedDependency[System],
        data: Annotated[FilingBody, BodyKwarg(examples=[FILING])],
    ) -> Response[SellerCase]:
        """File as a buyer, or as the platform or its staff for the named buyer.

        Answers 201 with the case; `Location` is where it is, `ETag` its version.
        """
        asked = asking(request, system)
        platform = asked.caller.platform or ""
        command = data.command(platform, _buyer(asked, data))
        return asked.file(case_of(command), command)

    @post(
        "/eligibility",
        operation_class=Reading,
        responses=READ_PROBLEMS,
        summary="Would a filing be accepted",
        status_code=200,
        sync_to_thread=True,
    )
    def eligibility(
        self,
        request: Request[Any, Any, Any],
        system: NamedDependency[System],
        data: Annotated[FilingBody, BodyKwarg(examples=[FILING])],
    ) -> EligibilityShown:
        """Say what filing this would lead to, until when, and what is missing.

        Nothing is recorded, and no Idempotency-Key is needed.
        """
        asked = asking(request, system)
        command = data.command(asked.caller.platform or "", _buyer(asked, data))
        return foreseen(asked, command)

    @post(
        "/{dispute_id:uuid}/reopening",
        operation_class=Acting,
        responses=ACT_PROBLEMS,
        summary="Re-open with new facts",
        sync_to_thread=True,
    )
    def reopen(
        self,
        request: Request[Any, Any, Any],
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        data: Annotated[ReopeningBody, BodyKwarg(examples=[REOPENING])],
    ) -> Response[SellerCase]:
        """File an ended case once more, because of new facts (buyer).

        Answers 201 with the new case, which names the ended one.
        """
        return reopened(asking(request, system), dispute_id, data.command())

    @get(
        "/{dispute_id:uuid}",
        operation_class=Reading,
        responses=READ_PROBLEMS,
        summary="Read a dispute",
        sync_to_thread=True,
    )
    def read(
        self,
        request: Request[Any, Any, Any],
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
    ) -> Response[BuyerCase]:
        """Return a case as it is now: its parties' own, or any to staff and auditors.

        What is shown depends on the role; `actions` is what the caller can do now.
        """
        asked = asking(request, system)
        return asked.answer(asked.read(dispute_id))  # type: ignore[return-value]

    @get(
        operation_class=Reading,
        responses=READ_PROBLEMS,
        summary="List disputes",
        sync_to_thread=True,
    )
    def list(
        self,
        request: Request[Any, Any, Any],
        system: NamedDependency[System],
        phase: FromQuery[Phase | None] = None,
        category: FromQuery[str | None] = None,
        overdue: FromQuery[bool | None] = None,
        live: FromQuery[bool | None] = None,
        seller: FromQuery[str | None] = None,
        buyer: FromQuery[str | None] = None,
        sort: FromQuery[Sort] = "opened",
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
        cursor: FromQuery[str | None] = None,
        after: FromQuery[str | None] = None,
    ) -> CasesPage:
        """List one's own cases (parties) or all (staff), the last opened first.

        `after=<case>:<version>` waits, bounded, until the list knows that version.
        """
        asked = asking(request, system)
        caught_up(system, QUEUE, after)
        asked.viewed()
        filters = own(
            asked,
            {
                "phase": phase,
                "category": known_category(system.disputes.books.codes, category),
                "overdue": overdue,
                "live": live,
                "seller": seller,
                "buyer": buyer,
            },
        )
        return listing(system, filters, sort, limit, cursor)


def _buyer(asked: Asking, body: FilingBody) -> str:
    """Return for whom it is filed: oneself, or whom the platform names."""
    caller = asked.caller
    for_another = asked.actor.on_behalf_of is Party.BUYER or caller.role in STAFF
    if for_another:
        if body.buyer is None:
            raise Invalid([Problem("/buyer", "required", {"for": caller.role})])
        return body.buyer
    if body.buyer not in {None, caller.subject}:
        raise Invalid([Problem("/buyer", "not-yours")])
    return caller.subject

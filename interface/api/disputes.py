"""Filing, reading and listing cases."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg, FromPath, FromQuery, QueryParameter

from domain.dispute import Phase
from domain.identity import natural_key
from domain.refusals import Invalid, Problem
from domain.roles import Party, Role
from interface.api.asking import Asking, asking
from interface.api.documentation import (
    READ_PROBLEMS,
    WRITE_PROBLEMS,
    Reading,
    Writing,
    example,
)
from interface.api.listing import CaseListed, listing, own
from interface.api.pages import Page
from interface.api.queries import category as known_category
from interface.api.representations import BuyerCase, SellerCase
from interface.api.requests import FilingBody
from interface.api.waiting import caught_up
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
        """File as a buyer, or as the platform for the buyer that the body names.

        Answers 201 with the case; `Location` is where it is, `ETag` its version.
        """
        asked = asking(request, system)
        platform = asked.caller.platform or ""
        command = data.command(platform, _buyer(asked, data))
        order, issue = command.order, command.reason
        case = natural_key(platform, order.id, order.line, issue, 1)
        return asked.file(case, command)

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
    ) -> Page[CaseListed]:
        """List one's own cases (parties) or all (staff), the last opened first.

        `after=<case>:<version>` waits, bounded, until the list knows that version.
        """
        asked = asking(request, system)
        caught_up(system, QUEUE, after)
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
    if caller.role is Role.PLATFORM and asked.actor.on_behalf_of is Party.BUYER:
        if body.buyer is None:
            raise Invalid([Problem("/buyer", "required", {"for": "platform"})])
        return body.buyer
    if body.buyer not in {None, caller.subject}:
        raise Invalid([Problem("/buyer", "not-yours")])
    return caller.subject

"""A case of the queue that is given to somebody, or that has just been."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from msgspec import Struct

from interface.api.presentation import shown
from interface.api.request_context import RequestContext
from interface.api.responses.case import StaffCase
from interface.pages.desk.mediator_choice import known_people, workload


class GivenCase(Struct, frozen=True, kw_only=True):
    """A case, who has it, and the people to whom it can be given, in words.

    `is_done`: it has just been given to its `assignee`. `to` and `flaw`: who was
    chosen, and why they cannot have it; `status` is that of the page then.
    """

    case: UUID
    number: str
    version: int
    assignee: str
    people: tuple[tuple[str, str], ...]
    is_done: bool
    to: str = ""
    flaw: str = ""
    status: int = 200


def given_case(context: RequestContext, case: UUID, *, is_done: bool) -> GivenCase:
    """Return a case as the queue gives it away. Raises NotFound."""
    found = context.read(case)
    told = cast(
        "StaffCase", shown(context.system, found, context.viewer, context.lines)
    )
    out = {told.buyer, told.seller, told.assignee}
    people = () if is_done else tuple(known_people(context).items())
    return GivenCase(
        case=case,
        number=told.case_number,
        version=told.version,
        assignee=told.assignee or "",
        people=tuple(
            (name, workload(name, many, context.language))
            for name, many in people
            if name not in out
        ),
        is_done=is_done,
    )

"""The filters by which cases are found, listed and counted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from litestar.params import QueryParameter

from domain.case.dispute import Phase
from domain.case.outcome import Outcome
from domain.case_number import typed
from domain.money import LARGEST, parse
from domain.names import same
from domain.refusals import NotAllowed
from domain.roles import READERS, Party, Role
from interface.api.openapi.text_forms import formed
from interface.api.parameters import aware, check_span, name_of, one_of
from interface.api.parameters import category as known_category
from interface.api.parameters import reason as known_reason
from interface.api.problems import malformed
from interface.api.request_context import RequestContext
from interface.api.tenancy import recorded_platform
from interface.callers.caller import Caller
from projections.queue.case_conditions import Filters

CaseNumber = Annotated[
    str | None,
    QueryParameter(
        max_length=60,
        schema_extra=formed(r"^([ -]*[0-9]){20}[ -]*$"),
        description="A case number, with or without spaces and hyphens.",
    ),
]
SearchText = Annotated[
    str | None,
    QueryParameter(
        min_length=2,
        max_length=200,
        description=(
            "Part of a case number, order id, title, SKU, shop, or party's id. Facts"
            " and messages are sealed, and not searched."
        ),
    ),
]
ChangedSince = Annotated[
    datetime | None,
    QueryParameter(
        description="Cases with an event at or after this time; see sort=changed."
    ),
]


def case_filters(
    context: RequestContext,
    *,
    category: str | None,
    reason: str | None,
    seller: str | None,
    buyer: str | None,
    party: str | None,
    order: str | None,
    assignee: str | None,
    case_number: str | None,
    waiting_on: Party | None,
    changed_since: datetime | None,
    platform: str | None,
    phase: Phase | None,
    live: bool | None,
    overdue: bool | None,
    text: str | None,
    tag: str | None,
    outcome: Outcome | None,
    decider: str | None,
    liability: str | None,
    amounts: tuple[str | None, str | None, str | None],
    closed: tuple[datetime | None, datetime | None],
) -> Filters:
    """Return what is asked for, limited to what the caller may see.

    `amounts`: the least and the most that is claimed, and the currency; `closed`: since
    when and until when.

    Raises NotAllowed, or Failure for what names no such thing and for a party that
    asks for another party's cases.
    """
    check_span(("closed_since", closed[0]), ("closed_until", closed[1]))
    people = {"buyer": buyer, "seller": seller, "party": party}
    parties = {name: name_of(name, value) for name, value in people.items()}
    return Filters(
        **{
            "now": context.system.clock(),
            "category": known_category(context.system.rulebooks.codes, category),
            "reason": known_reason(context.system.rulebooks.codes, reason),
            **parties,
            "assignee": assignee_named(context.caller, assignee),
            "order": name_of("order", order),
            "number": _number(case_number),
            "waiting_party": waiting_on,
            "changed_since": aware("changed_since", changed_since),
            "platform": recorded_platform(
                context, platform, **parties, decider=decider
            ),
            "phase": phase,
            "live": live,
            "overdue": overdue,
            "text": text,
            "tag": tag,
            "outcome": outcome,
            "decider": name_of("decider", decider),
            "liability": _liability(context, liability),
            "closed_since": closed[0],
            "closed_until": closed[1],
            **_amounts(*amounts),
            **_own(context, parties, assignee or tag or decider),
        }
    )


def _liability(context: RequestContext, code: str | None) -> str | None:
    return one_of("liability", code, tuple(context.system.rulebooks.codes.liabilities))


def _amounts(
    least: str | None, most: str | None, currency: str | None
) -> dict[str, Any]:
    """Return the bounds of claimed amounts, in minor units. Raises Failure."""
    if currency is None and least is None and most is None:
        return {}
    # 100.00 of one currency is not 100.00 of another.
    if currency is None:
        raise malformed("currency", "required")
    bounds: dict[str, Any] = {"currency": currency}
    if least is None and most is None:
        least = "0"
    for name, amount in (("min_amount", least), ("max_amount", most)):
        try:
            bounds |= {name: parse(amount, currency).amount} if amount else {}
        except ValueError as error:
            code = str(error)
            at = "currency" if code == "currency-code" else name
            raise malformed(at, code, limit=str(LARGEST)) from None
    if least and most and bounds["max_amount"] < bounds["min_amount"]:
        raise malformed("max_amount", "too-small", limit=least)
    return bounds


def assignee_named(caller: Caller, assignee: str | None) -> str | None:
    """Return whose cases are asked for: "me" is the caller, "none" nobody, as "" is.

    Raises Failure.
    """
    words = {"me": caller.subject, "none": ""}
    if assignee in words:
        return words[assignee]
    return name_of("assignee", assignee)


def _own(
    context: RequestContext, parties: dict[str, str | None], of_the_desk: str | None
) -> dict[str, Any]:
    """Return the limits of what the caller may see."""
    caller = context.caller
    limits: dict[str, Any] = {"reader": context.actor}
    if caller.role in {Role.BUYER, Role.SELLER}:
        side = str(caller.role)
        asked = parties[side]
        # Passed over, it would give a list that looks like the other's.
        if asked and not same(asked, caller.subject):
            raise malformed(side, "not-own-cases")
        if of_the_desk is not None:
            raise NotAllowed(role=caller.role)
        limits["buyer" if caller.role is Role.BUYER else "heard_by"] = caller.subject
    elif caller.role not in READERS:
        raise NotAllowed(role=caller.role)
    return limits


def _number(text: str | None) -> str | None:
    try:
        return None if text is None else typed(text)
    except ValueError as error:
        raise malformed("case_number", str(error)) from None

"""Which cases are asked for, and the same in SQL, on rows of `queue q`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from domain.roles import Actor
from projections.queue.barred_cases import hidden_from


class Filters(Struct, frozen=True, kw_only=True):
    """Which cases to find; None: any. `overdue` is judged at `now` (UTC).

    `party` is the buyer or the seller. `text` is looked for in what the case is found
    by: number, order, title, SKU, shop and parties; never in sealed texts. `heard_by`
    is a seller, who finds the cases from their admission on. `without_appeals` leaves
    out what waits for a supervisor. `decider` has refused, ruled, or decided an appeal.
    Amounts are claimed ones, in minor units of `currency`, both ends included;
    `opened_until` and `closed_until` are not included. `language` finds also the cases
    of buyers who asked for none.

    `second_look` finds the cases whose ruling waits for a second person. `reader` is
    who looks at the list: staff is not shown the cases that staff may not read.
    """

    now: datetime
    platform: str | None = None
    live: bool | None = None
    phase: str | None = None
    category: str | None = None
    categories: tuple[str, ...] | None = None
    reason: str | None = None
    assignee: str | None = None
    waiting_party: str | None = None
    overdue: bool | None = None
    buyer: str | None = None
    seller: str | None = None
    party: str | None = None
    heard_by: str | None = None
    order: str | None = None
    number: str | None = None
    changed_since: datetime | None = None
    text: str | None = None
    tag: str | None = None
    without_appeals: bool | None = None
    outcome: str | None = None
    decider: str | None = None
    liability: str | None = None
    currency: str | None = None
    min_amount: int | None = None
    max_amount: int | None = None
    opened_since: datetime | None = None
    opened_until: datetime | None = None
    closed_since: datetime | None = None
    closed_until: datetime | None = None
    language: str | None = None
    second_look: bool | None = None
    reader: Actor | None = None


_CONDITIONS = {
    "platform": "platform = %(platform)s",
    "phase": "phase = %(phase)s",
    "category": "category = %(category)s",
    "categories": "category = ANY(%(categories)s)",
    "reason": "reason = %(reason)s",
    # Most buyers ask for no language: whoever takes their cases speaks either.
    "language": "coalesce(language, '') IN (%(language)s, '')",
    "unclaimed": "assignee IS NULL",
    "assignee": "assignee = %(assignee)s",
    # What waits for both waits for each of them.
    "waiting_party": "(waiting_party = %(waiting_party)s OR waiting_party = 'both'"
    " AND %(waiting_party)s IN ('buyer', 'seller'))",
    "party": "(buyer = %(party)s OR seller = %(party)s)",
    "heard_by": "seller = %(heard_by)s AND seller_since IS NOT NULL",
    "order": "order_id = %(order)s",
    "number": "case_number = %(number)s",
    "changed_since": "changed_at >= %(changed_since)s",
    "second_look": "drafted_by IS NOT NULL",
    "tag": "tags @> ARRAY[%(tag)s]",
    "without_appeals": "phase <> 'appeal'",
    # strpos, not LIKE: a text may hold % and _.
    "text": "strpos(lower(concat_ws(' ', case_number, order_id, title, sku, shop,"
    " buyer, seller)), lower(%(text)s)) > 0",
    "buyer": "buyer = %(buyer)s",
    "seller": "seller = %(seller)s",
    "outcome": "outcome = %(outcome)s",
    "currency": "currency = %(currency)s",
    "min_amount": "claim_amount >= %(min_amount)s",
    "max_amount": "claim_amount <= %(max_amount)s",
    "opened_since": "opened_at >= %(opened_since)s",
    "opened_until": "opened_at < %(opened_until)s",
    "closed_since": "closed_at >= %(closed_since)s",
    "closed_until": "closed_at < %(closed_until)s",
    # Who decided, and against whom, stands in the rows that figures are counted from.
    "decider": "case_id IN (SELECT case_id FROM transparency"
    " WHERE decider = %(decider)s OR appeal_decider = %(decider)s)",
    "liability": "case_id IN (SELECT case_id FROM transparency"
    " WHERE liability = %(liability)s)",
}
_LIVE = {True: "phase <> 'closed'", False: "phase = 'closed'"}
DUE = "urgency"
# What is closed is due for nobody.
OVERDUE = {True: f"{DUE} < %(now)s", False: f"{DUE} >= %(now)s"}

IN_A_CELL = (
    "platform",
    "phase",
    "category",
    "categories",
    "reason",
    "language",
    "outcome",
    "waiting_party",
)
"""What all cases of a cell have in common, beside being live, and unclaimed."""


def given_values(filters: Filters) -> dict[str, Any]:
    """Return what is asked for by name; nobody's cases are `unclaimed` ones."""
    given = {
        name: value
        for name, value in msgspec.structs.asdict(filters).items()
        if value is not None and name != "reader"
    }
    # What is closed is never overdue, and its cells need not be asked.
    if filters.overdue and filters.live is None:
        given["live"] = True
    if filters.categories is not None:
        # A tuple would be sent as a row.
        given["categories"] = list(filters.categories)
    if given.get("assignee") == "":
        del given["assignee"]
        given["unclaimed"] = True
    return given


def conditions_of(
    filters: Filters, *, without: Collection[str] = ()
) -> tuple[list[str], dict[str, Any]]:
    """Return the conditions of filters, and the values that they name.

    `without`: filters that are met otherwise.
    """
    given = given_values(filters)
    asked = given.keys() - set(without)
    conditions = [sql for name, sql in _CONDITIONS.items() if name in asked]
    conditions += [_LIVE[given["live"]]] if "live" in asked else []
    conditions += [OVERDUE[given["overdue"]]] if "overdue" in asked else []
    conditions += hidden_from(filters.reader, given)
    return conditions, given


def cell_conditions(filters: Filters) -> list[str]:
    """Return the conditions on rows of `queue_cells`."""
    given = given_values(filters)
    conditions = [_CONDITIONS[name] for name in IN_A_CELL if name in given]
    conditions += [_LIVE[given["live"]]] if "live" in given else []
    conditions += ["NOT claimed"] if "unclaimed" in given else []
    conditions += ["phase <> 'appeal'"] if "without_appeals" in given else []
    return ["cases > 0", *conditions]


OF_SOMEBODY = frozenset(
    {"assignee", "buyer", "heard_by", "number", "order", "party", "seller"}
)
"""The filters that find a person's cases, or those of an order: a list of its own."""

CELLULAR = frozenset({*IN_A_CELL, "live", "unclaimed", "without_appeals"})
"""The filters that cells answer as a whole."""

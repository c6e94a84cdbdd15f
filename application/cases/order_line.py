"""The cases on one order line, found in the record itself, and what they granted.

A rule about money or about doubled filings goes by the events, and by no table beside
them, which may lag or be changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from application.cases.case import Case
from application.record.database import Database
from application.record.prepared import prepared
from application.record.row_scope import Beyond, beyond
from domain.case.dispute import Dispute
from domain.filing.commands import FileDispute
from domain.identity import natural_key
from domain.names import same
from domain.roles import Actor, Party

# The expressions are those of the indexes in 0016_order_lines.sql.
_FILED = prepared(r"""
SELECT notification_id, originator_id, state FROM events
WHERE topic = 'filed'
    AND left(substring(encode(state, 'escape') FROM '"order":"([^"]*)"'), 200)
        = left(encode($1, 'escape'), 200)
UNION
SELECT notification_id, originator_id, state FROM events
WHERE topic = 'filed'
    AND encode(state, 'escape') ~ '"order"(\s|:\s)|"order":"[^"]*\\\\'
ORDER BY notification_id
""")
# Of two that decide about money on one line, the second waits for the first.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(%s)"


class OrderLineId(Struct, frozen=True):
    """An order line of a platform."""

    platform: str
    order: str
    line: str


class LineCase(Struct, frozen=True, kw_only=True):
    """A case on an order line, as it was filed."""

    case: UUID
    buyer: str | None
    seller: str | None
    reason: str
    number: int


class _Filed(Struct, frozen=True):
    platform: str
    reason: str
    order: str | None = None
    line: str | None = None
    buyer: str | None = None
    seller: str | None = None
    number: int = 1


class _Filing(Struct, frozen=True):
    event: _Filed


_decode = msgspec.json.Decoder(_Filing).decode


def line_of(case: Case) -> OrderLineId | None:
    """Return the order line that a case is about; None if its source did not say."""
    filed: Any = case.events[0].event if case.events else None
    order, line = getattr(filed, "order", None), getattr(filed, "line", None)
    return OrderLineId(filed.platform, order, line) if order and line else None


def line_filed(command: FileDispute) -> OrderLineId:
    """Return the order line that a filing is about."""
    return OrderLineId(command.platform, command.order.id, command.order.line)


def cases_on(database: Database, line: OrderLineId) -> tuple[LineCase, ...]:
    """Return every case on an order line, in the order of filing."""
    # The order's id as it stands between the quotes of the event's bytes.
    order = msgspec.json.encode(line.order)[1:-1]
    with beyond(Beyond.ORDER_LINE):
        rows = database.rows(_FILED, (order,))
    return tuple(_on(line, rows))


def _on(
    line: OrderLineId, rows: Iterable[tuple[int, UUID, bytes]]
) -> Iterator[LineCase]:
    for _, case, state in rows:
        filed = _decode(state).event
        if OrderLineId(filed.platform, filed.order or "", filed.line or "") == line:
            yield LineCase(
                case=case,
                buyer=filed.buyer,
                seller=filed.seller,
                reason=filed.reason,
                number=filed.number,
            )


def numbered_case(there: Iterable[LineCase], command: FileDispute) -> UUID:
    """Return the id of the case that a filing begins, or has begun already.

    `there` are the cases on its order line. Those of before this version had ids
    without the buyer; the record tells of them.
    """
    same_issue = (
        one.case
        for one in there
        if same(one.buyer, command.buyer)
        and (one.reason, one.number) == (command.reason, command.number)
    )
    order = command.order
    return next(same_issue, None) or natural_key(
        command.platform,
        command.buyer,
        order.id,
        order.line,
        command.reason,
        command.number,
    )


def siblings(there: Iterable[LineCase], case: UUID, actor: Actor) -> tuple[UUID, ...]:
    """Return the other cases on an order line, as far as the actor may know of them."""
    others = (one for one in there if one.case != case)
    return tuple(one.case for one in others if _may_know(one, actor))


def _may_know(one: LineCase, actor: Actor) -> bool:
    # A party is told nothing of cases that are not its own, not even by a refusal.
    match actor.party:
        case Party.BUYER:
            return same(one.buyer, actor.id)
        case Party.SELLER:
            return same(one.seller, actor.id)
        case _:
            return True


def granted(disputes: Iterable[Dispute], currency: str) -> int:
    """Sum the money that cases have granted the buyer, in minor units of a currency."""
    return sum(
        terms.amount.amount
        for dispute in disputes
        for terms in dispute.granted
        if terms.amount is not None and terms.amount.currency == currency
    )


@contextmanager
def one_at_a_time(database: Database, line: OrderLineId) -> Iterator[None]:
    """Let nobody else decide about money on the order line meanwhile."""
    name = msgspec.json.encode([line.platform, line.order, line.line])
    key = int.from_bytes(sha256(b"order-line" + name).digest()[:8], "big", signed=True)
    with database.get_connection() as connection, connection.transaction():
        connection.execute(_ONE_AT_A_TIME, (key,))
        yield

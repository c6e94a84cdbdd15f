"""What other cases on an order line have granted, told to decisions about money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from msgspec import Struct

from application.cases.case import Case, read_case
from application.cases.order_line import (
    OrderLineId,
    granted,
    line_filed,
    line_of,
    one_at_a_time,
    siblings,
)
from application.record.database import Database
from application.record.record import Record
from application.record.row_scope import Beyond, beyond
from domain.appeal.commands import DecideAppeal
from domain.case.command import Command
from domain.conflicts_of_interest import is_concerned
from domain.filing.commands import FileDispute
from domain.negotiation.commands import AcceptOffer, MakeOffer, RespondToClaim
from domain.roles import Actor
from domain.ruling.commands import ApproveRuling, DraftRuling, Rule

GRANTING = (AcceptOffer, ApproveRuling, DecideAppeal, RespondToClaim, Rule)
"""After these the buyer is owed money; two at once may not both count the same rest."""

WEIGHED = (*GRANTING, DraftRuling, FileDispute, MakeOffer)
"""The commands that say an amount, so that the order line's other cases matter."""


class LineMoney(Struct, frozen=True):
    """The order line's other cases that the actor may know of, and its currency."""

    others: tuple[Case, ...] = ()
    currency: str = ""

    def granted(self) -> int:
        """Return what they have granted the buyer, in minor units."""
        return granted((one.dispute for one in self.others), self.currency)

    def price(self) -> int | None:
        """Return the least price that a case says which granted money; minor units."""
        prices = (
            one.dispute.paid.amount
            for one in self.others
            if one.dispute.paid is not None
            and one.dispute.paid.currency == self.currency
            and granted((one.dispute,), self.currency)
        )
        return min(prices, default=None)


ALONE = LineMoney()
"""A case that is the only one on its order line."""


@contextmanager
def line_money(
    database: Database, record: Record, case: Case, actor: Actor, command: Command
) -> Iterator[LineMoney]:
    """Read the order line's other cases; none of them grants money meanwhile."""
    if not isinstance(command, WEIGHED):
        yield ALONE
    elif isinstance(command, FileDispute):
        line, currency = line_filed(command), command.order.paid.currency
        others = siblings(database, line, case.case, actor)
        yield _read(record, others, currency, actor)
    else:
        about, currency = line_of(case), _currency(case)
        others = _others(database, about, case, actor)
        # Most lines have one case, which needs no lock and no second connection.
        if about is None or not others or not isinstance(command, GRANTING):
            yield _read(record, others, currency, actor)
        else:
            with one_at_a_time(database, about):
                yield _read(record, others, currency, actor)


def known_line_money(
    database: Database, record: Record, case: Case, actor: Actor
) -> LineMoney:
    """Return the order line's other cases for somebody who looks at a case."""
    others = _others(database, line_of(case), case, actor)
    return _read(record, others, _currency(case), actor)


def _others(
    database: Database, line: OrderLineId | None, case: Case, actor: Actor
) -> tuple[UUID, ...]:
    return () if line is None else siblings(database, line, case.case, actor)


def _read(
    record: Record, others: Iterable[UUID], currency: str, actor: Actor
) -> LineMoney:
    # Also what the actor may not read, such as a case in which a mediator was recused:
    # its money counts all the same.
    with beyond(Beyond.ORDER_LINE):
        read = [read_case(record, one) for one in others]
    # A seller is not told of a case that was not admitted.
    known = tuple(one for one in read if is_concerned(actor, one.dispute))
    return LineMoney(known, currency)


def _currency(case: Case) -> str:
    paid = case.dispute.paid
    return paid.currency if paid else ""

"""What other cases on an order line have granted, told to decisions about money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

import msgspec
from msgspec import Struct

from application.cases.case import Case, read_case
from application.cases.order_line import (
    LineCase,
    OrderLineId,
    cases_on,
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


class LineReader:
    """Reads the cases on order lines for one request, each line and each case once.

    The answer to a command is made from what it was decided by.
    """

    def __init__(self, database: Database, record: Record) -> None:
        self.database = database
        self._record = record
        self._lines: dict[bytes, tuple[LineCase, ...]] = {}
        self._cases: dict[UUID, Case] = {}

    def cases_on(self, line: OrderLineId) -> tuple[LineCase, ...]:
        """Return every case on an order line, in the order of filing."""
        # By its bytes: what a caller in this process sent was held to no type yet.
        key = msgspec.json.encode(line)
        found = self._lines.get(key)
        if found is None:
            found = self._lines[key] = cases_on(self.database, line)
        return found

    def others(self, case: Case, actor: Actor) -> tuple[UUID, ...]:
        """Return the other cases on a case's line that an actor may know of."""
        line = line_of(case)
        if line is None:
            return ()
        return siblings(self.cases_on(line), case.case, actor)

    def money(self, others: Iterable[UUID], currency: str, actor: Actor) -> LineMoney:
        """Return what these cases have granted, as far as an actor may know."""
        # Also what the actor may not read, such as a case in which a mediator was
        # recused: its money counts all the same.
        with beyond(Beyond.ORDER_LINE):
            read = [self._case(one) for one in others]
        # A seller is not told of a case that was not admitted.
        known = tuple(one for one in read if is_concerned(actor, one.dispute))
        return LineMoney(known, currency)

    def forget(self) -> None:
        """Read everything anew: others have appended since."""
        self._lines.clear()
        self._cases.clear()

    def _case(self, case: UUID) -> Case:
        found = self._cases.get(case)
        if found is None:
            found = self._cases[case] = read_case(self._record, case)
        return found


@contextmanager
def line_money(
    reader: LineReader, case: Case, actor: Actor, command: Command
) -> Iterator[LineMoney]:
    """Read the order line's other cases; none of them grants money meanwhile."""
    if not isinstance(command, WEIGHED):
        yield ALONE
    elif isinstance(command, FileDispute):
        line, currency = line_filed(command), command.order.paid.currency
        others = siblings(reader.cases_on(line), case.case, actor)
        yield reader.money(others, currency, actor)
    else:
        about, currency = line_of(case), _currency(case)
        others = reader.others(case, actor)
        # Most lines have one case, which needs no lock and no second connection.
        if about is None or not others or not isinstance(command, GRANTING):
            yield reader.money(others, currency, actor)
        else:
            with one_at_a_time(reader.database, about):
                yield reader.money(others, currency, actor)


def known_line_money(reader: LineReader, case: Case, actor: Actor) -> LineMoney:
    """Return the order line's other cases for somebody who looks at a case."""
    return reader.money(reader.others(case, actor), _currency(case), actor)


def _currency(case: Case) -> str:
    paid = case.dispute.paid
    return paid.currency if paid else ""

"""The lake's table of obligations: what was owed, and how far it was performed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from msgspec.structs import replace

from domain.case.dispute import Duty
from projections.lake.case_rows import OfCase
from projections.lake.lake_row import MINOR, CaseHistory, told
from projections.placed_events import Placed


class ObligationRow(OfCase, frozen=True, kw_only=True):
    """An obligation under an agreement or a decision of a case."""

    basis: Annotated[
        int, told("The event that it was agreed or ruled by", source="events.version")
    ]
    number: Annotated[int, told("Its number under that agreement or decision")]
    debtor: Annotated[
        str, told("Who owes it", "buyer, seller or platform", codes="parties")
    ]
    duty: Annotated[str, told("What is owed", "code", codes="duties")]
    limit: Annotated[
        str, told("The limit for it in the policy", "code", codes="limits")
    ]
    amount: Annotated[int | None, told("How much money", MINOR)]
    currency: Annotated[str | None, told("In which currency", "ISO 4217")]
    after: Annotated[int | None, told("The obligation to be confirmed before it")]
    owed_at: Annotated[datetime, told("Since when it is owed", "UTC")]
    state: Annotated[
        str,
        told(
            "owed, reported, defaulted, confirmed, enforced, failed, replaced",
            "code",
            codes="obligation-states",
        ),
    ]
    contested: Annotated[int, told("How often a report was contested", "times")]
    paid: Annotated[int, told("What enforcement has paid of it", MINOR)]
    over_at: Annotated[
        datetime | None, told("When it was confirmed, enforced or given up", "UTC")
    ]


def obligation_rows(of: CaseHistory) -> Iterator[ObligationRow]:
    """Yield the obligations of a case, also those that another decision replaced."""
    rows: dict[tuple[int, int], ObligationRow] = {}
    basis = 0
    for one in of.placed:
        if getattr(one.recorded.event, "obligations", ()):
            basis = one.recorded.version
        _note(of, rows, one, basis)
    yield from rows.values()


def _note(
    of: CaseHistory,
    rows: dict[tuple[int, int], ObligationRow],
    placed: Placed,
    basis: int,
) -> None:
    """Bring the rows to what is owed after an event."""
    duties = placed.after.dispute.duties
    standing = {(basis, duty.owed.number) for duty in duties}
    for key, row in rows.items():
        if key not in standing and row.over_at is None:
            rows[key] = replace(row, state="replaced", over_at=placed.recorded.at)
    for duty in duties:
        # Numbers begin anew with the next decision: only with it they name one.
        key = basis, duty.owed.number
        row = rows.get(key) or _owed(of, duty, basis, placed.recorded.at)
        over = placed.recorded.at if duty.is_over and row.over_at is None else None
        rows[key] = replace(
            row,
            state=_state(duty),
            contested=duty.contested,
            paid=duty.paid,
            over_at=over or row.over_at,
        )


def _owed(of: CaseHistory, duty: Duty, basis: int, at: datetime) -> ObligationRow:
    owed = duty.owed
    return ObligationRow(
        **of.place,
        basis=basis,
        number=owed.number,
        debtor=owed.debtor,
        duty=owed.duty,
        limit=owed.limit,
        amount=owed.amount.amount if owed.amount else None,
        currency=owed.amount.currency if owed.amount else None,
        after=owed.after,
        owed_at=at,
        state="owed",
        contested=0,
        paid=0,
        over_at=None,
    )


def _state(duty: Duty) -> str:
    flags = {
        "enforced": duty.enforced,
        "confirmed": duty.confirmed,
        "failed": duty.failed,
        "defaulted": duty.defaulted,
        "reported": duty.reported,
    }
    return next((name for name, holds in flags.items() if holds), "owed")

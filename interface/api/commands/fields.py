"""The kinds of fields that requests are made of, bounded and described."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from domain import money
from domain.refusals import Invalid, Problem
from domain.roles import Party
from domain.terms import Terms

Id = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=128,
        pattern=r"^(?=\s*\S)[^\x00-\x1f\x7f]+$(?!\n)",
        description="An id of the platform's own: 1-128 visible characters.",
    ),
]
SAYS = r"^(?=\s*\S)[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+$"
"""Texts that are not blank, without control characters but tabs and line ends."""

Text = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=5_000,
        pattern=SAYS,
        description="1-5,000 characters.",
    ),
]
Code = Annotated[
    str,
    Meta(min_length=1, max_length=64, description="A code; GET /v1/codes lists them."),
]
Time = Annotated[datetime, Meta(tz=True, description="RFC 3339, with its offset.")]
Number = Annotated[int, Meta(ge=1, le=1_000_000)]


def utc(moment: datetime | None, at: str) -> datetime | None:
    """Return a time in UTC. Raises Invalid, naming the place, where UTC has no year."""
    try:
        return None if moment is None else moment.astimezone(UTC)
    except OverflowError:
        raise Invalid([Problem(at, "outside-years")]) from None


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a request carries."""


class MoneyBody(Body, frozen=True, kw_only=True):
    """An amount such as {"amount": "129.00", "currency": "CNY"}."""

    amount: Annotated[
        str, Meta(max_length=20, description="A plain decimal, not negative.")
    ]
    currency: Annotated[str, Meta(max_length=3, description="ISO 4217.")]

    def inside(self, at: str) -> money.Money:
        """Return integer minor units. Raises Invalid, naming the place."""
        try:
            return money.parse(self.amount, self.currency)
        except ValueError as error:
            code = str(error)
            field = "currency" if code == "currency-code" else "amount"
            limit = {"limit": f"{money.LARGEST:,}"}
            raise Invalid([Problem(f"{at}/{field}", code, limit)]) from None


class TermsBody(Body, frozen=True, kw_only=True):
    """What is claimed, offered or ruled."""

    kind: Code
    amount: MoneyBody | None = None
    freight: Literal["buyer", "seller"] | None = None

    def inside(self, at: str) -> Terms:
        """Return the terms with their amount in minor units."""
        return Terms(
            kind=self.kind,
            amount=self.amount.inside(f"{at}/amount") if self.amount else None,
            freight=Party(self.freight) if self.freight else None,
        )

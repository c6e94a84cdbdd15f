"""The order line as the client showed it when the case was filed."""

from __future__ import annotations

from msgspec import Struct

from domain.identifiers import Identifier
from domain.money import Money
from domain.personal import Personal


class OrderSnapshot(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the client told of the order line; all of it may be missing.

    `picture` is a link. Nothing is decided by it: it is kept as filed, and shown.
    """

    title: str | None = None
    sku: str | None = None
    quantity: int | None = None
    unit_price: Money | None = None
    picture: Identifier[str] | None = None
    shop: Identifier[str] | None = None
    carrier: str | None = None
    # Whoever has it can follow a person's parcel.
    tracking_number: Personal[str] | None = None

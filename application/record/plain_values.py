"""Events and states as plain values for readers: money as decimals, hashes as hex.

What is stored and hashed counts money in minor units. Nobody else has to know how many
of them a currency's unit has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct, structs

from domain.case.dispute import Dispute
from domain.enforcement.case_ledger import Posting
from domain.money import Money


def plain(value: Any, currency: str = "") -> Any:
    """Return a value made of JSON's kinds; `currency` is that of a case's postings."""
    match value:
        case Money():
            return {"amount": str(value), "currency": value.currency}
        case Posting():
            amount = plain(Money(value.amount, currency))
            return {"payer": value.payer, "payee": value.payee, "amount": amount}
        case Dispute():
            return _fields(value, currency_of(value))
        case Struct():
            return _fields(value, currency)
        case bytes():
            return value.hex()
        case tuple() | list() | frozenset() | set():
            return [plain(one, currency) for one in value]
        case Mapping():
            named = msgspec.to_builtins(dict.fromkeys(value), str_keys=True)
            parts = (plain(one, currency) for one in value.values())
            return dict(zip(named, parts, strict=True))
        case _:
            return msgspec.to_builtins(value)


def currency_of(dispute: Dispute) -> str:
    """Return the currency of a case's money; none is moved before it has one."""
    return dispute.paid.currency if dispute.paid else ""


def _fields(value: Struct, currency: str) -> dict[str, Any]:
    config = value.__struct_config__
    made = {config.tag_field: config.tag} if config.tag_field is not None else {}
    for field in structs.fields(value):
        held = getattr(value, field.name)
        if config.omit_defaults and held == field.default:
            continue
        made[field.encode_name] = plain(held, currency)
    return made

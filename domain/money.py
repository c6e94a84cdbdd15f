"""Money: integer minor units and an ISO 4217 code."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec import Struct

# ISO 4217, "minor unit" column: every code with none or three; all others have two.
_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_EXPONENTS = dict.fromkeys(_NO_DECIMALS.split(), 0) | dict.fromkeys(
    _THREE_DECIMALS.split(), 3
)
CURRENCIES_BY_DECIMALS = {0: _NO_DECIMALS.split(), 3: _THREE_DECIMALS.split()}
"""The currencies that have no decimals, or three; all others have two."""

LARGEST = 999_999_999_999
"""Whole units of any currency; minor units and their sums then fit 64 bits."""

LARGEST_MINOR = (LARGEST + 1) * 1_000 - 1
"""Minor units of any currency: no currency has more than three decimals."""

_AMOUNT = re.compile(r"(?P<whole>\d+)(\.(?P<fraction>\d+))?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


class Money(Struct, frozen=True, gc=False):
    """`amount` is in minor units of `currency` (fen, cents), never negative."""

    amount: int
    currency: str

    def __str__(self) -> str:
        return str(Decimal(self.amount).scaleb(-decimals(self.currency)))


def is_currency(code: str) -> bool:
    """Tell whether a text has the form of an ISO 4217 code."""
    return _CURRENCY.fullmatch(code) is not None


def decimals(currency: str) -> int:
    """Return how many decimals a currency's smallest unit has."""
    return _EXPONENTS.get(currency, 2)


def parse(amount: str, currency: str) -> Money:
    """Read a decimal amount such as "129.00".

    Raises ValueError, naming what is wrong: not a plain decimal, negative, too
    large, or finer than the currency's smallest unit.
    """
    if not _CURRENCY.fullmatch(currency):
        raise ValueError("currency-code")
    if amount.startswith("-"):
        raise ValueError("negative")
    match = _AMOUNT.fullmatch(amount)
    if match is None:
        raise ValueError("not-a-decimal")
    # Counting digits bounds the number before it is made of a text of any length.
    if len(match["whole"].lstrip("0")) > len(str(LARGEST)):
        raise ValueError("too-large")
    exponent = decimals(currency)
    fraction = match["fraction"] or ""
    if len(fraction) > exponent:
        raise ValueError("too-fine")
    return Money(int(match["whole"] + fraction.ljust(exponent, "0")), currency)

"""Reads amounts of money as a source writes them: 1.129,90 as well as 1129.90."""

from __future__ import annotations

import re

from application.texts import say
from domain import money
from domain.money import Money


class BadAmount(ValueError):
    """A text is no amount of a currency; the message says why."""


def read_amount(text: str, currency: str, decimal: str, grouping: str) -> Money:
    """Read an amount. Raises BadAmount."""
    plain = plain_number(text, decimal, grouping)
    if plain is None:
        written = f"with {decimal!r} before the fraction"
        if grouping:
            written += f" and {grouping!r} between thousands"
        raise BadAmount(f"is not an amount written {written}")
    try:
        return money.parse(_without_idle_zeros(plain, currency), currency)
    except ValueError as error:
        limit = f"{money.LARGEST:,}"
        raise BadAmount(say("faults", str(error), "en", limit=limit)) from None


def plain_number(text: str, decimal: str, grouping: str) -> str | None:
    """Return a number with a point and without groups; None if it is written otherwise.

    A separator between thousands stands where thousands end, or the number is not
    written so: 1.129,90 is right with "." and ",", and 129.90 is not.
    """
    sign = "-" if text.startswith("-") else ""
    whole, comma, fraction = text.removeprefix("-").partition(decimal)
    if comma and not fraction:
        return None
    if grouping and grouping in whole:
        groups = whole.split(grouping)
        ends = all(re.fullmatch(r"\d{3}", one, re.ASCII) for one in groups[1:])
        if not ends or not re.fullmatch(r"\d{1,3}", groups[0], re.ASCII):
            return None
        whole = "".join(groups)
    if decimal != "." and "." in whole + fraction:
        return None
    return f"{sign}{whole}.{fraction}" if comma else f"{sign}{whole}"


def _without_idle_zeros(text: str, currency: str) -> str:
    """Drop zeros that are finer than the currency: 5800.00 JPY is 5800 JPY."""
    whole, point, fraction = text.partition(".")
    if not point or not fraction.isdigit():
        return text
    exponent = money.decimals(currency)
    while len(fraction) > exponent and fraction.endswith("0"):
        fraction = fraction[:-1]
    return f"{whole}.{fraction}" if fraction else whole

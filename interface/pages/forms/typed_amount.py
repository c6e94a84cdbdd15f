"""An amount as people type it, or copy it from a page: ¥1,299.00 as well as 1299.

The API takes plain decimals only. Forms take what pages print, and what a Chinese
keyboard gives: full-width digits, commas and points.
"""

from __future__ import annotations

import re

from application.cases.readable_values import amount_in_words
from domain.money import parse

_HALF_WIDTH = str.maketrans("０１２３４５６７８９，．。￥", "0123456789,..¥")  # noqa: RUF001
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?", re.ASCII)
_SIGNS = {"CNY": ("¥", "CNY"), "JPY": ("¥", "JPY")}
"""What may stand before an amount; of other currencies it is their code."""


def plain_amount(text: str, currency: str) -> str:
    """Return an amount as the API takes it; what is none is left to be refused.

    A comma stands where thousands end, or the amount is not written so: 12,34 may be
    twelve yuan to one reader, and a thousand to another.
    """
    typed = text.translate(_HALF_WIDTH).strip()
    for sign in _SIGNS.get(currency, (currency,)):
        if sign and typed.upper().startswith(sign):
            typed = typed[len(sign) :].lstrip()
            break
    return typed.replace(",", "") if _GROUPED.fullmatch(typed) else typed


def typed_in_words(text: str, currency: str) -> str:
    """Return a typed amount as pages print it; what is none stays as it is."""
    try:
        return amount_in_words(parse(plain_amount(text, currency), currency))
    except ValueError:
        return text

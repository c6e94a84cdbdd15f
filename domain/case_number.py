"""The number of a case that people read out, type and print; machines use the id.

20 digits: the day of filing (YYYYMMDD, UTC+8), eleven digits drawn from the id, and a
check digit. It follows from the record, so it is stored nowhere, and cases of before
have one too. It tells nobody how many cases there are, and is no secret: who may see a
case is asked all the same.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from functools import reduce
from hashlib import sha256
from uuid import UUID

DIGITS = 20
CHINA = timezone(timedelta(hours=8))
"""One zone for all, so that a number never depends on a setting."""

LAST = datetime(9999, 12, 31, tzinfo=UTC)

# Damm's table: it finds every single wrong digit and every swap of two neighbours.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def case_number(case: UUID, filed: datetime) -> str:
    """Return the number of a case; `filed` is when that happened."""
    # In the last hours of year 9999 it is no year any more in China.
    day = min(filed, LAST).astimezone(CHINA).strftime("%Y%m%d")
    drawn = sha256(b"redress-case-number/1\n" + case.bytes).digest()
    # 10 to the 11: with 10,000 cases a day, two of one day share a number once in
    # about five years, and a search shows both.
    digits = f"{day:0>8}{int.from_bytes(drawn, 'big') % 10**11:011}"
    return digits + _check(digits)


def typed(text: str) -> str:
    """Return the number that somebody typed, without spaces and hyphens.

    Raises ValueError, with the code of the problem: "case-number-length" or
    "case-number-check".
    """
    # NFKC: a Chinese keyboard types digits in full width.
    digits = re.sub(r"[\s\-\u2010-\u2015]", "", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(f"[0-9]{{{DIGITS}}}", digits):
        raise ValueError("case-number-length")
    if _check(digits[:-1]) != digits[-1]:
        raise ValueError("case-number-check")
    return digits


def _check(digits: str) -> str:
    return reduce(lambda row, digit: _DAMM[int(row)][int(digit)], digits, "0")

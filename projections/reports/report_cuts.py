"""By what a report is cut into groups, in SQL over the rows of `transparency`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.money import CURRENCIES_BY_DECIMALS
from projections.figures.sql_dialect import POSTGRES, Dialect
from projections.reports.period import CALENDAR_CUTS, FREE_CUT, Question

_BANDS = (100, 500, 2_000, 10_000)
"""Where bands of claimed amounts begin, in whole units of the currency."""

_SIZES = {1_000: "1000+", 100: "100-999", 10: "10-99", 1: "1-9"}
"""Bands of sellers, by the number of their cases from which on they are in one."""

LONGEST = 300
"""Bytes of a name of a group or a part; of a longer one its beginning and a hash."""

_COLUMNS = {
    "reason": "category || '/' || reason",
    "mediator": "decider",
}


def place_of(question: Question, dated: str, dialect: Dialect = POSTGRES) -> str:
    """Return the SQL for the names of a row's group, a text for each cut.

    Raises BadQuestion.
    """
    names = [_name(cut, dated, dialect) for cut in question.cuts] or ["'all'"]
    return dialect.names(names)


def local(dated: str, dialect: Dialect = POSTGRES) -> str:
    """Return the SQL for a local time: a month begins at midnight at home."""
    # Decision 14: of the case, not of whoever asks.
    return dialect.local(dated)


def natural_order(place: Sequence[str]) -> list[list[tuple[bool, int, str]]]:
    """Return by what groups are sorted: numbers within their names by size."""
    parts = [re.split(r"(\d+)", name, flags=re.ASCII) for name in place]
    return [
        [(not one.isdecimal(), int(one) if one.isdecimal() else 0, one) for one in name]
        for name in parts
    ]


def _name(cut: str, dated: str, dialect: Dialect) -> str:
    if cut in CALENDAR_CUTS:
        return dialect.calendar(cut, local(dated, dialect))
    if free := FREE_CUT.fullmatch(cut):
        column = dialect.free_field("extra", free[1])
    elif cut == "amount":
        column = amount_band(dialect)
    elif cut == "seller-size":
        column = _size()
    else:
        column = _COLUMNS.get(cut, cut)
    return bounded(f"coalesce({column}, 'unknown')", dialect)


def bounded(name: str, dialect: Dialect = POSTGRES) -> str:
    """Return the SQL for a name that groups are told apart by, however long it is."""
    # Codes are short; what another system calls a thing may be a whole text.
    short = f"left({name}, 60) || '…' || md5({name})"
    too_long = f"{dialect.octets(name)} > {LONGEST}"
    return f"CASE WHEN {too_long} THEN {short} ELSE {name} END"


def part_of(broken_down: str, dialect: Dialect = POSTGRES) -> str:
    """Return the SQL for the part of a figure that a row belongs to."""
    return bounded(f"coalesce({broken_down}, 'unknown')", dialect)


def _size() -> str:
    """Return the band of the seller, by how many cases of theirs are counted."""
    bands = (
        f"WHEN seller_cases >= {number} THEN '{name}'"
        for number, name in _SIZES.items()
    )
    return f"CASE {' '.join(bands)} END"


def amount_band(dialect: Dialect) -> str:
    """Return the SQL for the band in which the claimed amount lies, with currency."""
    units = "".join(
        f" WHEN currency IN ({', '.join(map(repr, codes))}) THEN {10**decimals}"
        for decimals, codes in CURRENCIES_BY_DECIMALS.items()
    )
    # Integer division: a band begins at a whole unit, and takes in its cents.
    whole = dialect.whole("claimed", f"CASE{units} ELSE 100 END")
    bands = zip((0, *_BANDS), (*_BANDS, None), strict=True)
    # From the highest band down: the first that an amount reaches is its own.
    cases = "".join(
        f" WHEN {whole} >= {lower} THEN '{lower}-{upper or ''}'"
        for lower, upper in sorted(bands, reverse=True)
    )
    return f"currency || ' ' || CASE{cases} END"

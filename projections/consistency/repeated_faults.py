"""Sellers who were found at fault again and again, in cases ruled in a period."""

from __future__ import annotations

from msgspec import Struct

from projections.consistency.figure_rows import FigureRows
from projections.consistency.wilson_interval import Share, share

MOST_SELLERS = 100
"""Sellers that a report lists, those with the most faults first."""

REPEATED = 3
"""From how many faults on a seller is listed."""


class SellerFaults(Share, frozen=True, kw_only=True):
    """A seller of a platform with at least `REPEATED` faults.

    Of `ruled` cases against them, `faults` hold them liable, alone or with the buyer,
    as it stands after appeals. `unanswered`: they let the time to answer pass;
    `defaulted`: they did not perform; `sanctioned`: a sanction followed.
    """

    platform: str
    seller: str
    ruled: int
    faults: int
    unanswered: int
    defaulted: int
    sanctioned: int


class RepeatedFaults(Struct, frozen=True, kw_only=True):
    """How many sellers have repeated faults, and those with the most."""

    sellers: int
    listed: tuple[SellerFaults, ...]


def repeated_faults(rows: FigureRows, least: int) -> RepeatedFaults:
    """Count the faults of sellers by the cases that were ruled."""
    # As it stands after appeals: a fault that was taken back is none.
    found = rows.ask(
        "SELECT platform, seller, ruled, faults, unanswered, defaulted, sanctioned"
        " FROM (SELECT platform, seller, count(*) AS ruled,"
        " count(*) FILTER (WHERE liability IN ('seller', 'both')) AS faults,"
        " count(*) FILTER (WHERE response_missed) AS unanswered,"
        " count(*) FILTER (WHERE defaulted) AS defaulted,"
        " count(*) FILTER (WHERE sanctions > 0) AS sanctioned,"
        " min(ruled_at) AS first_ruled"
        f" FROM transparency WHERE {rows.where('ruled_at')} AND seller IS NOT NULL"
        f" GROUP BY 1, 2) AS sellers WHERE faults >= {REPEATED}"
        # By what a lake has too: there a seller has another name.
        " ORDER BY faults DESC, ruled, platform, first_ruled, seller"
    )
    listed = []
    for row in found[:MOST_SELLERS]:
        told = share(row["faults"], row["ruled"], least)
        listed.append(SellerFaults(**row, rate=told.rate, low=told.low, high=told.high))
    return RepeatedFaults(sellers=len(found), listed=tuple(listed))

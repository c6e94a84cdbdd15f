"""What the figure cube keeps of a case, in SQL made once from `metrics.toml`.

A row of `transparency` adds to one cell for each date that it has and for each slice:
a slice is a cut by which cells can be added up again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby

from msgspec import Struct

from projections.figures.metrics import FigureUnit, Metric, metrics
from projections.reports.report_cuts import bounded

SLICES = ("reason", "channel", "outcome")
"""By what cells are cut; each slice holds every case once.

A cut is a number: of a value of a slice, on one platform, from one system.
"""

SLICED = {
    "reason": ("key_reason", "key_category"),
    "channel": ("key_channel", "''"),
    "outcome": ("key_outcome", "''"),
}
"""The value and the category of a case's cut in each slice."""

KEYS = {
    "platform": "platform",
    "system": "system",
    "category": "category",
    "reason": "category || '/' || reason",
    "channel": "channel",
    "outcome": "coalesce(outcome, 'unknown')",
}
"""What tells cells apart."""

NO_MONTH = "0001-01-01"
"""The month of cases whose source does not give the date of a milestone."""

DAY = 86_400_000_000
"""Microseconds of a day."""

FINE, COARSE = 32, 48
"""Buckets of lengths of time: 48 rows of 32, each bucket 1.1 % wide."""

BOUNDS = tuple(round(10_000_000 * 2 ** (k / 64)) for k in range(FINE * COARSE))
"""Where buckets begin, in microseconds: from 10 seconds to 5 years, 64 to a doubling.

Below the first lies bucket 0.
"""


class Series(Struct, frozen=True):
    """Lengths of time that are kept together: `micros` is SQL over `lengths`."""

    number: int
    name: str
    dated: str
    micros: str


def dated_metrics() -> Iterator[tuple[str, list[Metric]]]:
    """Yield each date column of the figures, with the figures dated by it."""
    by_date = sorted(metrics(), key=lambda metric: metric.dated)
    for dated, alike in groupby(by_date, key=lambda metric: metric.dated):
        yield dated, list(alike)


def month(dated: str) -> str:
    """Return the column with the month of a date, where its case is at home."""
    return f"month_{dated}"


def keys() -> dict[str, str]:
    """Return the columns by which cells are named, worked out once a row."""
    # An index takes no entry of the length that an imported text may have.
    return {f"key_{name}": bounded(sql) for name, sql in KEYS.items()}


def months() -> dict[str, str]:
    """Return the columns with the months of dates, worked out once a row."""
    return {
        month(dated): f"coalesce(date_trunc('month', {dated} AT TIME ZONE zone)::date,"
        f" '{NO_MONTH}')"
        for dated, _ in dated_metrics()
    }


def counts(metric: Metric) -> dict[str, str]:
    """Return the columns of a figure: the name of each, and what it counts."""
    name = metric.id.replace("-", "_")
    columns = {f"n_{name}": metric.counted}
    if metric.out_of:
        columns[f"d_{name}"] = metric.out_of
    return columns


def outside(metric: Metric) -> str:
    """Return the name of how many cases of a cell a figure leaves out."""
    return f"o_{metric.id.replace('-', '_')}"


def total(metric: Metric) -> str | None:
    """Return the column of the sum of a figure's lengths of time, if it has one."""
    if metric.unit is not FigureUnit.DAYS:
        return None
    return f"t_{metric.id.replace('-', '_')}"


def micros(metric: Metric) -> str:
    """Return the SQL for a figure's length of time in microseconds."""
    seconds = str(metric.measured).removesuffix(" / 86400")
    return f"CASE WHEN {metric.counted} THEN round(({seconds}) * 1000000)::bigint END"


def lengths() -> dict[str, str]:
    """Return the SQL for every length of time, by the names that series use."""
    found = (one for one in metrics() if one.unit is FigureUnit.DAYS)
    return {str(total(one)): micros(one) for one in found}


@cache
def series() -> tuple[Series, ...]:
    """Return what lengths are kept: what gross and net have in common once for both."""
    days = [one for one in metrics() if one.unit is FigureUnit.DAYS]
    nets = {one.net_of: one for one in days if one.net_of}
    found = []
    for gross in days:
        whole, net = total(gross), nets.get(gross.id)
        if net is not None:
            less = total(net)
            same = f"CASE WHEN {whole} = {less} THEN {whole} END"
            found.append((f"{gross.id} {net.id}", gross.dated, same))
            for one, column in ((gross, whole), (net, less)):
                value = f"CASE WHEN {whole} <> {less} THEN {column} END"
                found.append((one.id, gross.dated, value))
        elif gross.net_of is None:
            found.append((gross.id, gross.dated, str(whole)))
    return tuple(Series(number, *one) for number, one in enumerate(found))


def series_of(metric: Metric) -> Sequence[int]:
    """Return the series whose values together are those of a figure."""
    return [one.number for one in series() if metric.id in one.name.split(" ")]

"""Reports with given numbers, as they are published."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from msgspec.structs import replace

from domain.policy import codes
from interface.pages.charts.public_words import Wording
from projections.figures.metrics import FigureUnit
from projections.reports.figure import Figure
from projections.reports.public_figures import made_public
from projections.reports.public_report import PublicGroup, PublicReport
from projections.reports.report import Group, Report

CATEGORIES = ("quality", "delivery", "service", "return-refund", "invoice", "other")


CODES = codes.load(files("domain.policy").joinpath("codes.toml").read_text("utf-8"))


def wording(language: str) -> Wording:
    return Wording(language, CODES)


def cases(name: str, number: int, parts: dict[str, int] | None = None) -> Figure:
    return Figure(
        id=name, unit=FigureUnit.CASES, value=number, numerator=number, parts=parts
    )


def share(name: str, counted: int, of: int) -> Figure:
    value = counted / of if of else None
    return Figure(
        id=name,
        unit=FigureUnit.SHARE,
        value=value,
        numerator=counted,
        denominator=of,
    )


def days(name: str, median: float, of: int) -> Figure:
    value = median if of else None
    late = median * 3 if of else None
    return Figure(id=name, unit=FigureUnit.DAYS, value=value, numerator=of, p90=late)


def published(by: str, groups: Mapping[str, tuple[Figure, ...]]) -> PublicReport:
    report = Report(
        period="2026",
        zone=None,
        by=by,
        category=None,
        system=None,
        position=1,
        left_out={},
        groups=tuple(
            Group(key=key, figures=figures) for key, figures in groups.items()
        ),
    )
    return made_public(report)


def uncut(filed: int = 480, escalated: int = 150, appealed: int = 45) -> PublicReport:
    figures = (
        cases("opened", filed),
        share("admitted", filed - 40, filed - 20),
        share("admission-in-time", filed - 60, filed - 20),
        share("response-in-time", 300, 370),
        share("response-in-time-with-pending", 390, 420),
        cases("escalated", escalated),
        share("reached-ruling", 110, filed),
        share("reached-performance", 205, filed),
        share("reached-appeal", appealed, filed),
        share("ruling-in-time", 90, 112),
        share("closed-in-time", 281, 290),
        share("performed-in-time", 0, 3),
        cases("appealed", 48),
        cases("appeals-decided", 40, {"upheld": 24, "varied": 6, "set-aside": 10}),
        cases("appeals-refused", 2),
        cases("seller-appeals-decided", 22, {"upheld": 12, "set-aside": 10}),
    )
    return published("none", {"all": figures})


def with_left_out(
    report: PublicReport, outside: Mapping[str, int], undated: Mapping[str, int]
) -> PublicReport:
    """Return a report whose figures leave out so many cases."""
    known = {"settlement-rate": share("settlement-rate", 60, 90)}
    known |= {"claim-met-rate": share("claim-met-rate", 40, 80)}
    (group,) = report.groups
    figures = tuple(
        replace(known.get(name) or plain(group, name), outside=number)
        for name, number in outside.items()
    )
    counted = Report(
        period="2026",
        zone=None,
        by="none",
        category=None,
        system=None,
        position=1,
        left_out=dict(undated),
        groups=(Group(key="all", figures=figures),),
    )
    return made_public(counted)


def plain(group: PublicGroup, name: str) -> Figure:
    found = next(one for one in group.figures if one.id == name)
    if found.denominator is None:
        return cases(name, found.numerator or 0)
    return share(name, found.numerator or 0, found.denominator)


def by_reason() -> PublicReport:
    numbers = {
        "delivery/not-received": {"settled": 40, "ruled": 20, "withdrawn": 3},
        "delivery/wrong-item": {"settled": 30, "ruled": 10, "withdrawn": 3},
        "quality/defect": {"settled": 30, "ruled": 25, "withdrawn": 4},
        "quality/malfunction": {"settled": 30, "ruled": 3, "withdrawn": 4},
        "quality/unknown": {"settled": 5, "ruled": 3},
        "other/other": {"settled": 12, "ruled": 6},
    }
    return published(
        "reason",
        {key: (cases("closed", sum(p.values()), p),) for key, p in numbers.items()},
    )


def by_month() -> PublicReport:
    numbers = {"01": (400, 90), "02": (310, 3), "03": (520, 505), "05": (500, 500)}
    return published(
        "month",
        {
            f"2026-{month}": (cases("opened", filed), cases("closed", closed))
            for month, (filed, closed) in numbers.items()
        },
    )


def by_category() -> PublicReport:
    outcomes = {"settled": 60, "ruled": 30, "withdrawn": 22, "enforced": 12}
    liable = {"seller": 40, "buyer": 22, "both": 12, "third-party": 8, "none": 3}
    groups = {
        code: (
            cases("closed", sum(outcomes.values()) + n, outcomes | {"refused": n}),
            cases("ruled", sum(liable.values()), liable),
            days("days-open", 6.2 + n / 3, 124 if n else 8),
            days("days-open-net", 5.1 + n / 3, 124 if n else 8),
        )
        for n, code in enumerate((*CATEGORIES, "unknown"))
    }
    return published("category", groups)

"""The figures of a published period, and the definitions that they have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from interface.api.bulkheads import Work, work
from interface.api.parameters import name_of
from interface.api.problems import Failure
from interface.bootstrap import System
from interface.pages.charts.chart import Gap
from interface.pages.charts.public_words import Wording
from interface.pages.page_options import public_page
from interface.pages.public.drawn_chart import charts_of, edition_address
from interface.pages.public.figure_card import HEADLINES, WAYS, FigureCard, card
from interface.pages.public.missing_charts import missing_charts
from interface.pages.public.part_labels import group_label
from interface.pages.public.public_page import public_page_of, wording_of
from interface.pages.public.published_period import (
    Chosen,
    PublishedPeriod,
    periods,
    platforms,
    published_period,
)
from projections.figures.metrics import metrics
from projections.reports.edition_manifests import (
    all_manifests,
    last_of_each,
)
from projections.reports.report_edition import Manifest

PUBLIC = public_page("the reports are published") | work(Work.BUNDLE)


@get("/figures", sync_to_thread=True, opt=PUBLIC)
def figures_page(
    request: Request[Any, Any, Any], system: NamedDependency[System]
) -> Response[str]:
    """Show a period: the last one that is published, or the one in the address."""
    words = wording_of(request)
    with system.database.get_connection() as connection:
        every = all_manifests(connection)
        chosen = _chosen(request, last_of_each(every))
        if chosen is None:
            return public_page_of(request, "no_figures.html")
        period = published_period(connection, last_of_each(every), chosen)
    edition, group = period.edition, period.group
    charts = charts_of(period, words)
    shown = None if edition is None else edition.manifest
    return public_page_of(
        request,
        "figures.html",
        period=period,
        chosen=chosen,
        manifest=shown,
        address=None if shown is None else edition_address(shown),
        title=words.period(chosen.period),
        choices=_choices(period, every, words),
        cards=_cards(period, HEADLINES, words),
        ways=[_cards(period, pair, words) for pair in WAYS],
        charts=charts,
        missing=missing_charts(period, {one.chart.id for one in charts}, words),
        is_empty=group is None,
        corrections=_corrections(every, chosen),
        reports=last_of_each(every),
        edition_address=edition_address,
        withheld=Gap.WITHHELD,
    )


@get(
    "/figures/definitions",
    sync_to_thread=False,
    opt=public_page("how figures are counted is public"),
)
def definitions_page(request: Request[Any, Any, Any]) -> Response[str]:
    """Show what each figure counts, out of what, and by which date."""
    return public_page_of(request, "definitions.html", metrics=metrics())


def _chosen(request: Request[Any, Any, Any], last: Sequence[Manifest]) -> Chosen | None:
    """Return what is asked for; None where nothing is published. Raises Failure.

    What no report has is no page: its address would promise figures.
    """
    if not last:
        return None
    asked = request.query_params
    known = platforms(last)
    platform = name_of("platform", asked.get("platform")) or known[0]
    found = periods(last, platform)
    period = asked.get("period") or (found[0] if found else "")
    if period not in found:
        raise Failure("no-such-page")
    return Chosen(
        period=period,
        platform=platform,
        category=asked.get("category", ""),
        channel=asked.get("channel", ""),
    )


def _choices(
    period: PublishedPeriod, every: Sequence[Manifest], words: Wording
) -> dict[str, list[tuple[str, str]]]:
    """Return what the form offers: for each field its values with their labels."""
    chosen = period.chosen
    found = {
        "platform": [(one, one) for one in platforms(every)],
        "period": [(one, words.period(one)) for one in periods(every, chosen.platform)],
    }
    for cut in ("category", "channel"):
        keys = [(key, group_label(cut, key, words)) for key in period.keys_of(cut)]
        if keys:
            found[cut] = [("", words.say("figures", f"any-{cut}")), *keys]
    if found["platform"] == [("", "")]:
        del found["platform"]
    return found


def _cards(
    period: PublishedPeriod, names: Sequence[str], words: Wording
) -> list[FigureCard]:
    edition, group = period.edition, period.group
    if edition is None or group is None:
        return []
    before = period.group_before
    found = (card(edition, group, name, words, before) for name in names)
    return [one for one in found if one is not None]


def _corrections(every: Sequence[Manifest], chosen: Chosen) -> list[Manifest]:
    return [
        one
        for one in every
        if one.corrects is not None
        and one.period == chosen.period
        and (one.platform or "") == chosen.platform
    ]

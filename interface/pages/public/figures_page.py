"""The figures of a published period, and the definitions that they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from msgspec.structs import replace

from interface.api.bulkheads import Work, work
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

CUTS_CHOSEN = ("category", "channel")
"""By what one chooses among the reports of a period."""

PUBLIC = public_page("the reports are published") | work(Work.BUNDLE)


@get("/figures", sync_to_thread=True, opt=PUBLIC)
def figures_page(
    request: Request[Any, Any, Any], system: NamedDependency[System]
) -> Response[str]:
    """Show a period: the last one that is published, or the one in the address."""
    words = wording_of(request)
    with system.database.get_connection() as connection:
        every = all_manifests(connection)
        last = last_of_each(every)
        if not last:
            return public_page_of(request, "no_figures.html")
        chosen = _chosen(request, last)
        period = published_period(connection, last, chosen)
    choices = _choices(period, every, words)
    unknown = _unknown(request, choices, words)
    if unknown:
        # What nobody knows is told where it is chosen, and not answered with all.
        period = replace(period, editions={}, before=None)
    edition, group = period.edition, period.group
    charts = charts_of(period, words)
    shown = None if edition is None else edition.manifest
    return public_page_of(
        request,
        "figures.html",
        status=400 if unknown else 200,
        period=period,
        chosen=chosen,
        manifest=shown,
        numbers_at=None if shown is None else edition_address(shown),
        title=words.period(chosen.period),
        heading=_heading(chosen, words, unknown),
        choices=choices,
        unknown=unknown,
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
    """Show what each figure counts, out of what, and by which date.

    `show=sql` adds the conditions by which they are counted.
    """
    sql = request.query_params.get("show") == "sql"
    return public_page_of(request, "definitions.html", metrics=metrics(), sql=sql)


def _heading(chosen: Chosen, words: Wording, unknown: Mapping[str, str]) -> str:
    if unknown:
        return words.say("figures", "none-title")
    return words.say("figures", "title", period=words.period(chosen.period))


def _chosen(request: Request[Any, Any, Any], last: Sequence[Manifest]) -> Chosen:
    """Return what is asked for; the first there is in place of what there is not."""
    asked = request.query_params
    known = platforms(last)
    platform = asked.get("platform", "")
    platform = platform if platform in known else known[0]
    found = periods(last, platform)
    period = asked.get("period", "")
    return Chosen(
        period=period if period in found else found[0],
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
        "platform": [
            (one, one or words.say("figures", "all")) for one in platforms(every)
        ],
        "period": [(one, words.period(one)) for one in periods(every, chosen.platform)],
    }
    for cut in CUTS_CHOSEN:
        keys = [(key, group_label(cut, key, words)) for key in period.keys_of(cut)]
        if keys:
            found[cut] = [("", words.say("figures", f"any-{cut}")), *keys]
    if platforms(every) == [""]:
        del found["platform"]
    return found


def _unknown(
    request: Request[Any, Any, Any],
    choices: dict[str, list[tuple[str, str]]],
    words: Wording,
) -> dict[str, str]:
    """Return each value of the address that there is not, and offer what there is.

    A category or channel of the codes is known, also where no report is cut by it.
    """
    unknown: dict[str, str] = {}
    for field in ("platform", "period", *CUTS_CHOSEN):
        value = request.query_params.get(field, "")
        known = [*choices.get(field, ()), *_coded(field, words)]
        if value and value not in dict(known):
            unknown[field] = value
            choices.setdefault(field, list(dict(known).items()))
    return unknown


def _coded(field: str, words: Wording) -> list[tuple[str, str]]:
    if field not in CUTS_CHOSEN:
        return []
    return [(code, group_label(field, code, words)) for code in words.codes_of(field)]


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

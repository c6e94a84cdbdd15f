"""A chart as a page shows it: its drawings, its table, and its files."""

from __future__ import annotations

from urllib.parse import urlencode

from msgspec import Struct

from interface.pages.charts.chart import Chart, DataTable
from interface.pages.charts.chart_picture import can_be_drawn
from interface.pages.charts.public_words import Wording
from interface.pages.charts.report_charts import CHARTS, charts
from interface.pages.public.published_period import WHOLE, PublishedPeriod, alone
from projections.reports.edition_manifests import EditionRead
from projections.reports.public_report import PublicReport
from projections.reports.report_edition import Manifest


class DrawnChart(Struct, frozen=True, kw_only=True):
    """A chart with the addresses of its files; `svgs` are written by our code alone.

    `png` is None where our font lacks a character.
    """

    chart: Chart
    svgs: tuple[str, ...]
    csv: str
    svg: str
    png: str | None

    @property
    def table(self) -> DataTable:
        """Return the data that it is drawn from."""
        return self.chart.table


def edition_address(manifest: Manifest) -> str:
    """Return the address of the page of an edition."""
    return f"/figures/{manifest.name}/editions/{manifest.edition}"


def drawn_charts(
    edition: EditionRead, report: PublicReport, words: Wording, key: str = ""
) -> list[DrawnChart]:
    """Draw what a report has; `key` names the group that alone is drawn."""
    above = edition_address(edition.manifest)
    asked = {"lang": words.language} | ({"group": key} if key else {})
    return [_drawn(one, above, f"?{urlencode(asked)}") for one in charts(report, words)]


def _drawn(chart: Chart, above: str, query: str) -> DrawnChart:
    svgs = tuple(chart.svg(drawing) for drawing in chart.drawings)
    files = {kind: f"{above}/{chart.id}.{kind}{query}" for kind in ("csv", "svg")}
    # What is in no drawing is in our own words, which the font has.
    png = f"{above}/{chart.id}.png{query}" if can_be_drawn("".join(svgs)) else None
    return DrawnChart(chart=chart, svgs=svgs, png=png, **files)


def charts_of(period: PublishedPeriod, words: Wording) -> list[DrawnChart]:
    """Draw a period: the charts of each of its reports, or of the group asked for."""
    asked, edition = period.chosen.keys, period.edition
    if not asked:
        cuts = (WHOLE, *(frozenset({one}) for one in ("month", "category", "reason")))
        found = [period.editions[one] for one in cuts if one in period.editions]
        drawn = [
            chart for one in found for chart in drawn_charts(one, one.report, words)
        ]
        order = list(CHARTS)
        return sorted(drawn, key=lambda one: order.index(one.chart.id))
    group = period.group
    if edition is None or group is None:
        return []
    report = alone(edition.report, group.key)
    return [] if report is None else drawn_charts(edition, report, words, group.key)

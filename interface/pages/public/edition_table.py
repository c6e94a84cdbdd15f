"""All numbers of an edition as CSV: one line for each figure and each of its parts.

Codes instead of words, and an empty field for what is not shown.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from projections.reports.edition_manifests import EditionRead
from projections.reports.public_report import PublicFigure
from projections.reports.spreadsheet_text import as_text

COLUMNS = (
    *("period", "edition", "group", "figure", "version", "part", "unit", "value"),
    *("p90", "numerator", "denominator", "amount", "currency", "suppressed", "outside"),
)


def figures_csv(edition: EditionRead) -> str:
    """Write an edition as CSV."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    manifest = edition.manifest
    for group in edition.report.groups:
        for figure in group.figures:
            version = manifest.definitions.get(figure.id, 1)
            named = (as_text(group.key), figure.id, version)
            place = (manifest.period, manifest.edition, *named)
            rows.writerows((*place, *line) for line in _lines(figure))
    return text.getvalue()


def _lines(figure: PublicFigure) -> Iterator[tuple[object, ...]]:
    amount = figure.amount
    yield (
        "",
        figure.unit,
        _field(figure.value),
        _field(figure.p90),
        _field(figure.numerator),
        _field(figure.denominator),
        "" if amount is None else amount.amount,
        "" if amount is None else amount.currency,
        "true" if figure.suppressed else "false",
        _field(figure.outside),
    )
    for part, number in (figure.parts or {}).items():
        hidden = "true" if number is None else "false"
        yield (
            as_text(part),
            figure.unit,
            _field(number),
            "",
            _field(number),
            "",
            "",
            "",
            hidden,
            "",
        )


def _field(number: float | None) -> object:
    return "" if number is None else f"{number:g}" if number % 1 else int(number)

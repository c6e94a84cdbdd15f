"""Charts as files: an SVG that needs no style sheet, and the table as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from importlib.resources import files

from interface.pages.charts.chart import Cell, Chart, DataTable, Drawing, Gap
from interface.pages.charts.public_words import Wording
from interface.pages.charts.svg_marks import Text, width_of, written
from projections.reports.spreadsheet_text import FOR_SPREADSHEETS, as_text

HEAD, FOOT_LINE, EDGE = 44.0, 18.0, 16.0
"""Room for the heading, for a line of the source, and around all, in user units."""

SERIES = frozenset({"c1", "c2", "c3", "c4", "c5", "c6"})

# As in public.css. {name} is a token; {c} the colour of the series.
_PAINTED: Mapping[str, Mapping[str, str]] = {
    "text": {"fill": "{muted}", "font-size": "13"},
    "t-ink": {"fill": "{ink}"},
    "t-b": {"font-weight": "600"},
    "t-s": {"font-size": "12"},
    "t-h": {"fill": "{ink}", "font-size": "18", "font-weight": "700"},
    "t-end": {"text-anchor": "end"},
    "t-mid": {"text-anchor": "middle"},
    "halo": {
        "stroke": "{paper}",
        "stroke-width": "4",
        "stroke-linejoin": "round",
        "paint-order": "stroke",
    },
    "grid": {"stroke": "{line}"},
    "axis": {"stroke": "{line-strong}"},
    "fill": {"fill": "{c}"},
    "stroke": {"stroke": "{c}"},
    "line": {"fill": "none", "stroke-width": "2.25", "stroke-linejoin": "round"},
    "dash": {"stroke-dasharray": "5 4"},
    "hollow": {"fill": "{paper}", "stroke": "{c}", "stroke-width": "2"},
    "on-fill": {"fill": "{paper}"},
    "hatch": {"stroke": "{muted}"},
    "hatch-line": {"stroke": "{muted}", "stroke-width": "1.5"},
}


@cache
def light_tokens() -> Mapping[str, str]:
    """Return the values of the design's tokens on a light ground, by their names."""
    css = files("interface.pages").joinpath("static", "tokens.css").read_text("utf-8")
    first = css[css.index(":root {") :].partition("}")[0]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", first))


def by_colours(kind: str) -> str:
    """Return a mark's colours as attributes: away from the page no class has any."""
    names, found = kind.split(), {}
    tokens = light_tokens()
    series = next((one for one in names if one in SERIES), "c1")
    for name in names:
        for attribute, value in _PAINTED.get(name, {}).items():
            token = series if value == "{c}" else value.strip("{}")
            found[attribute] = tokens.get(token, value)
    # On the amber of the second series, paper is too pale to be read.
    if "on-fill" in names and series == "c2":
        found["fill"] = tokens["focus-ink"]
    return "".join(f' {one}="{escape(value)}"' for one, value in found.items())


def chart_file(chart: Chart, told: str) -> str:
    """Write the wide drawing of a chart as a file; `told` says of which edition."""
    drawing: Drawing = chart.drawings[0]
    wide = drawing.frame.width + 2 * EDGE
    feet = [told, *_lines(chart.source, drawing.frame.width)]
    below = drawing.height + HEAD + EDGE
    high = below + len(feet) * FOOT_LINE + EDGE / 2
    tokens = light_tokens()
    head = Text(EDGE, 28, chart.heading, "t-h").svg(by_colours)
    foot = "\n".join(
        Text(EDGE, below + n * FOOT_LINE + 10, words, "t-s").svg(by_colours)
        for n, words in enumerate(feet)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" role="img"'
        f' viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}"'
        f' font-family="{escape(tokens["font"])}">\n'
        f"<title>{escape(chart.heading)}</title>\n<desc>{escape(chart.seen)}</desc>\n"
        f'<rect width="{wide:g}" height="{high:g}" fill="{tokens["paper"]}"/>\n'
        f'{head}\n<g transform="translate({EDGE:g} {HEAD:g})">\n'
        f"{written(drawing.marks, by_colours)}\n</g>\n{foot}\n</svg>\n"
    )


def _lines(words: str, width: float) -> Iterator[str]:
    """Break words into lines that fit: an SVG does not do it by itself."""
    line = ""
    for part in re.findall(r"[^,\u3001]+[,\u3001]?\s*", words):
        if line and width_of(line + part, "t-s") > width:
            yield line.rstrip()
            line = ""
        line += part
    yield line.rstrip()


def table_file(table: DataTable, wording: Wording) -> str:
    """Write a table as CSV: numbers without their signs, gaps as words."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(map(as_text, table.head))
    rows.writerows([_plain(one, wording) for one in row] for row in table.rows)
    return FOR_SPREADSHEETS + text.getvalue()


def _plain(cell: Cell, wording: Wording) -> str:
    match cell:
        case Gap():
            return wording.say("gaps", cell)
        case float():
            return f"{round(cell, 4):g}"
        case _:
            return as_text(cell) if isinstance(cell, str) else str(cell)

"""The notebook opens a lake, checks it, counts the quarter again and draws charts."""

from __future__ import annotations

import altair as alt
from msgspec import Struct

from projections.lake.lake_store import Lake
from projections.lake.lake_verification import LakeStatus, LakeVerdict
from projections.reports.period import Question
from projections.reports.public_figures import made_public
from projections.reports.report import report
from projections.reports.report_edition import canonical, digest
from tests.docs.markdown import ROOT
from tests.lake.notebook import shown
from tests.lake.written_record import CASES, WrittenRecord

NOTEBOOK = ROOT / "docs" / "notebooks" / "quarter.ipynb"


class Drawn(Struct):
    """A chart as it is drawn: what of, and how."""

    rows: list[dict[str, object]]
    mark: str


def drawn(chart: alt.Chart) -> Drawn:
    whole = chart.to_dict()
    (rows,) = whole["datasets"].values()
    mark = whole["mark"]
    return Drawn(rows, mark if isinstance(mark, str) else mark["type"])


def test_it_shows_what_the_record_says(written: WrittenRecord, lake: Lake) -> None:
    keys = [one.vkey for one in written.keys.verifiers]
    cells = shown(NOTEBOOK, {"LAKE": lake.place, "KEYS": keys, "QUARTER": "2026-Q3"})
    _, verdict, found, figures, *charts = cells
    assert isinstance(verdict, LakeVerdict)
    assert verdict.status is LakeStatus.INTACT
    with written.session() as connection:
        counted = report(connection, Question(period="2026-Q3"))
    assert found == digest(canonical(made_public(counted)))
    assert figures["opened"] == counted.groups[0]["opened"].value
    assert figures["opened"] > 0

    over_time, funnel, days, outcomes, late = map(drawn, charts)
    filed = [one["cases"] for one in over_time.rows if one["what"] == "filed"]
    assert sum(map(int, map(str, filed))) == CASES
    stages = [one["stage"] for one in funnel.rows]
    assert stages == ["filed", "admitted", "answered", "escalated", "ruled", "appealed"]
    numbers = [int(str(one["cases"])) for one in funnel.rows]
    assert numbers[0] == CASES > numbers[1] > numbers[-1] > 0
    assert len(days.rows) > 3
    assert {one["outcome"] for one in outcomes.rows} > {"settled", "ruled"}
    assert {one["party"] for one in late.rows} >= {"seller", "platform"}
    assert {one.mark for one in (over_time, funnel, days)} == {"line", "bar", "point"}


def test_it_holds_no_output_of_anybodys_record() -> None:
    """Cells are committed as they are written, and shown by who runs them."""
    assert '"outputs": []' in NOTEBOOK.read_text("utf-8")
    assert '"execution_count": null' in NOTEBOOK.read_text("utf-8")
    assert "image/png" not in NOTEBOOK.read_text("utf-8")

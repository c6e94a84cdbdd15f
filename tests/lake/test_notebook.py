"""The notebook opens a lake, checks it, counts the quarter again and draws charts."""

from __future__ import annotations

import json
from pathlib import Path

import altair as alt
import pytest
from msgspec import Struct

from projections.lake.lake_query import opened_lake
from projections.lake.lake_store import Lake
from projections.lake.lake_verification import LakeStatus, LakeVerdict
from projections.reports.period import Question
from projections.reports.public_figures import made_public
from projections.reports.report import report
from projections.reports.report_edition import canonical, digest
from tests.docs.markdown import ROOT
from tests.lake.notebook import shown
from tests.lake.written_record import WrittenRecord

MONTHS = {"2026-07", "2026-08", "2026-09"}
# Every case is at home in Shanghai.
LATE = """
SELECT count(*) FROM deadlines WHERE late IS NOT NULL
AND due >= '2026-06-30 16:00+00' AND due < '2026-09-30 16:00+00'
"""
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


def cases(rows: list[dict[str, object]]) -> int:
    return sum(int(str(one["cases"])) for one in rows)


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
    for what, figure in (("filed", "opened"), ("closed", "closed")):
        of = [one for one in over_time.rows if one["what"] == what]
        assert cases(of) == figures[figure]
        assert {one["month"] for one in of} <= MONTHS
    stages = [one["stage"] for one in funnel.rows]
    assert stages == ["filed", "admitted", "answered", "escalated", "ruled", "appealed"]
    numbers = [int(str(one["cases"])) for one in funnel.rows]
    assert numbers[0] == figures["opened"] > numbers[1] > numbers[-1] > 0
    assert 0 < cases(days.rows) == cases(outcomes.rows) == figures["closed"]
    assert len(days.rows) > 3
    assert {one["outcome"] for one in outcomes.rows} > {"settled", "ruled"}
    assert {one["party"] for one in late.rows} >= {"seller"}
    with opened_lake(lake) as (connection, _):
        ((due,),) = connection.sql(LATE).fetchall()
    assert 0 < sum(int(str(one["limits"])) for one in late.rows) == due
    assert {one.mark for one in (over_time, funnel, days)} == {"line", "bar", "point"}


def test_without_a_key_it_warns_and_says_how_to_get_one(
    lake: Lake, tmp_path: Path
) -> None:
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    opening = [one for one in cells if one["cell_type"] == "code"][:2]
    begun = tmp_path / "begun.ipynb"
    begun.write_text(json.dumps({"cells": opening}), encoding="utf-8")
    with pytest.warns(UserWarning, match=r"NOT CHECKED: .*/v1/log/keys"):
        _, verdict = shown(begun, {"LAKE": lake.place, "KEYS": []})
    assert verdict.status is LakeStatus.NOT_SIGNED


def test_it_holds_no_output_of_anybodys_record() -> None:
    """Cells are committed as they are written, and shown by who runs them."""
    assert '"outputs": []' in NOTEBOOK.read_text("utf-8")
    assert '"execution_count": null' in NOTEBOOK.read_text("utf-8")
    assert "image/png" not in NOTEBOOK.read_text("utf-8")

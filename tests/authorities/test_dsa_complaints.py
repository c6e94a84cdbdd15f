"""Part 7 of the DSA's templates: the rows that the Commission published, and ours."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from domain.policy.codes import Codes
from projections.authorities.dsa_complaints import COLUMNS
from projections.reports.report import Report
from tests.authorities.form_reading import figure, lines
from tests.docs.markdown import ROOT

TEMPLATES = ROOT.parent / "shared" / "data" / "dsa_annex_i"
"""The templates belong to the Commission and are not part of the project."""

FIXED = ("Applicability", "Section", "Indicator", "Scope")


@pytest.mark.skipif(
    not TEMPLATES.is_dir(), reason="the Commission's templates are not beside the tree"
)
def test_the_rows_are_those_of_the_template(
    reports: dict[str, Report], codes: Codes
) -> None:
    (path,) = TEMPLATES.glob("*Part_7*.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        official = [tuple(row[name] for name in FIXED) for row in rows if any(row)]
        assert tuple(rows.fieldnames or ()) == COLUMNS
    found = lines("dsa", reports["dsa"], codes)
    assert [tuple(row[name] for name in FIXED) for row in found] == official


def test_appeals_are_told_with_what_was_counted(
    reports: dict[str, Report], codes: Codes
) -> None:
    counted = reports["dsa"]
    decided = figure(counted, "appeals-decided").parts or {}
    median = figure(counted, "days-to-appeal-decision").value
    assert median is not None
    found = lines("dsa", counted, codes)
    own = {one["Scope"]: one for one in found if one["Value"]}
    assert len(own) == len([one for one in found if one["Value"]]) == 6
    assert {scope: one["Value"] for scope, one in own.items()} == {
        "Total number": str(figure(counted, "appealed").numerator),
        "Decisions upheld": str(decided["upheld"]),
        "Decisions partially reversed": str(decided["varied"]),
        "Decisions reversed": str(decided["set-aside"]),
        "Median time": f"{round(24 * median, 2):g}",
        "Decision omitted": str(figure(counted, "appeals-refused").numerator),
    }
    for one in own.values():
        assert (
            "whether it is a complaint within Article 20"
            in (one["Contextual Information"])
        )
    why = Counter(one["Contextual Information"] for one in found if not one["Value"])
    assert all(one.startswith("not recorded: ") for one in why)
    assert sum(why.values()) == len(found) - 6

"""A workbook holds the report: read here without the package that wrote it."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

from msgspec.structs import replace

from projections.figures.metrics import metrics
from projections.reports.report import Report
from projections.reports.report_workbook import DEFINITIONS, FIGURES, workbook
from tests.authorities.form_reading import figure

NAMES = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
SHEETS = ("figures", "definitions", "about")


def sheet(content: bytes, name: str) -> list[list[Any]]:
    """Return the cells of a sheet, by the format's own description."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        strings = [
            "".join(one.itertext())
            for one in ET.fromstring(package.read("xl/sharedStrings.xml"))  # noqa: S314 - our own
        ]
        place = f"xl/worksheets/sheet{SHEETS.index(name) + 1}.xml"
        root = ET.fromstring(package.read(place))  # noqa: S314 - our own
    assert not root.findall(".//s:f", NAMES)
    rows = []
    for row in root.iterfind(".//s:row", NAMES):
        cells: dict[str, Any] = {}
        for cell in row.iterfind("s:c", NAMES):
            letters = re.sub(r"\d", "", str(cell.get("r")))
            text = cell.findtext("s:v", namespaces=NAMES)
            assert text is not None
            is_text = cell.get("t") == "s"
            cells[letters] = strings[int(text)] if is_text else float(text)
        rows.append([cells.get(chr(ord("A") + n)) for n in range(len(FIGURES))])
    return rows


def test_numbers_are_those_of_the_report(reports: dict[str, Report]) -> None:
    counted = reports["cn12315"]
    heading, *rows = sheet(workbook(counted), "figures")
    assert heading == [*FIGURES]
    found = [dict(zip(FIGURES, row, strict=True)) for row in rows]
    whole = {one["figure"]: one for one in found if one["part"] is None}
    assert whole.keys() == {one.id for one in metrics()}
    for name, line in whole.items():
        of = figure(counted, name)
        numbers = ("value", "numerator", "denominator", "p90", "mean", "before")
        assert [line[one] for one in numbers] == [getattr(of, one) for one in numbers]
    for line in found:
        of = figure(counted, line["figure"])
        if line["unit"] == "money" and line["part"]:
            amounts = {one.currency: float(one.amount) for one in of.amounts or ()}
            assert line["value"] == amounts[line["part"]]
        elif line["part"]:
            assert line["value"] == (of.parts or {})[line["part"]]


def test_definitions_and_what_was_counted_are_beside_them(
    reports: dict[str, Report],
) -> None:
    content = workbook(reports["adr"])
    heading, *rows = sheet(content, "definitions")
    assert heading[: len(DEFINITIONS)] == [*DEFINITIONS]
    assert [row[0] for row in rows] == [one.id for one in metrics()]
    about = {row[0]: row[1] for row in sheet(content, "about")}
    assert (about["period"], about["position"]) == ("2026", reports["adr"].position)


def test_the_same_report_is_the_same_bytes(reports: dict[str, Report]) -> None:
    assert workbook(reports["adr"]) == workbook(reports["adr"])


def test_what_a_source_wrote_is_no_formula(reports: dict[str, Report]) -> None:
    (group,) = reports["adr"].groups
    named = replace(group, key='=HYPERLINK("http://example.com")')
    content = workbook(replace(reports["adr"], groups=(named,)))
    assert sheet(content, "figures")[1][0] == named.key

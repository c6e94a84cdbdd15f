"""Forms of authorities, tables and workbooks from a lake are those of the record."""

from __future__ import annotations

import csv
import io

import pytest
from click.testing import CliRunner

from interface.cli.main import redress
from interface.cli.report_output import FORMATS
from projections.authorities.forms import FORMS
from projections.lake.lake_store import Lake
from tests.lake.written_record import WrittenRecord


def written_as(written: WrittenRecord, *arguments: str) -> bytes:
    settings = {
        "DATABASE_URL": written.system.url,
        "REDRESS_HOME": str(written.system.settings.home),
    }
    done = CliRunner().invoke(redress, ["report", *arguments], env=settings)
    assert done.exit_code == 0, done.output
    return done.stdout_bytes


@pytest.mark.parametrize(
    ("form", "asked"),
    [
        *((form, ("2026",)) for form in FORMATS),
        ("dsa", ("2026-Q3", "--platform", "shop")),
        ("cn12315", ("1999", "--category", "delivery")),
    ],
)
def test_a_form_is_the_same_bytes_from_a_lake(
    written: WrittenRecord, lake: Lake, form: str, asked: tuple[str, ...]
) -> None:
    asked = (*asked, "--format", form)
    found = written_as(written, *asked, "--from", lake.place)
    assert found == written_as(written, *asked)


@pytest.mark.parametrize("form", FORMS)
def test_there_is_something_to_be_compared(
    written: WrittenRecord, lake: Lake, form: str
) -> None:
    text = written_as(written, "2026", "--format", form, "--from", lake.place)
    rows = list(csv.DictReader(io.StringIO(text.decode())))
    (name,) = {"Value", "数值"} & set(rows[0])
    assert sum(row[name] not in {"", "0"} for row in rows) > 5
    # Whoever lost the lake's figures would still write a row for each.
    assert any(row[name] == "" for row in rows)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_of_a_time_before_the_record_says_so(
    written: WrittenRecord, lake: Lake, form: str
) -> None:
    text = written_as(written, "1999", "--format", form)
    assert text == written_as(written, "1999", "--format", form, "--from", lake.place)
    rows = list(csv.DictReader(io.StringIO(text.decode())))
    (value,) = {"Value", "数值"} & set(rows[0])
    (note,) = {"Note", "说明", "Contextual Information"} & set(rows[0])
    assert {row[value] for row in rows} == {""}
    begins = ("the record begins on", "记录自")
    assert any(words in row[note] for row in rows for words in begins)

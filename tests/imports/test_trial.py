"""A trial says what an import would do, and writes nothing."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from application.cases.disputes import Disputes
from application.imports.mapping import MappingError
from application.imports.mapping_text import with_values
from application.imports.mapping_validation import load
from application.imports.trial import Summary, tried
from interface.cli.import_summary import print_summary
from interface.cli.main import redress
from tests.imports.conftest import GOOD, HEADER, MAPPING, Import
from tests.imports.test_following_an_export import LOG, LOG_ROWS
from tests.samples import BOOKS

ROWS = (
    HEADER
    + GOOD
    + GOOD
    + GOOD.replace("b-9", "b-8")
    + "2,2025-01-02 10:00:00,,burnt,b,x,1\n"
    + "3,2025-01-02 10:00:00,,burnt,b,x,1\n"
    + "4,2025-01-02 10:00:00,,broken,b,x,1.234\n"
    + "5,2025-01-02 10:00:00,,broken,b,x,5\n"
)


def trial(disputes: Disputes, tmp_path: Path, text: str, content: str) -> Summary:
    (tmp_path / "file.csv").write_text(content, encoding="utf-8")
    return tried(disputes, load(text, BOOKS.codes), [tmp_path / "file.csv"])


def test_a_trial_counts_as_an_import_does_and_writes_nothing(
    disputes: Disputes, run_import: Import, tmp_path: Path, url: str
) -> None:
    found = trial(disputes, tmp_path, MAPPING, ROWS)
    with psycopg.connect(url) as connection:
        for table in ("redress.events", "redress.imports", "redress_keys.data_keys"):
            count = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert count == (0,), table
    names = ("rows", "cases", "grown", "events", "present", "skipped", "rejected")
    counts = [getattr(found, name) for name in names]
    assert counts == [7, 2, 0, 3, 1, 0, 4]
    assert found.kinds == {"filed": 2, "closed": 1}
    assert found.unmapped == {"reasons": {"burnt": 2}}
    assert [(one.rows, one.places) for one in found.reasons.values()] == [
        (2, ["5", "6"]),
        (1, ["7"]),
        (1, ["4"]),
    ]
    assert (found.duplicates, found.contradictions) == (1, 1)
    assert found.filed == {"2025": 2}
    assert (found.outcomes, found.median_days) == ({"decided-elsewhere": 1}, 31.6)
    done = run_import(ROWS)
    assert [getattr(done, name) for name in names] == counts


def test_a_trial_knows_what_is_recorded_and_what_stands_far_above(
    disputes: Disputes, run_import: Import, tmp_path: Path
) -> None:
    run_import(HEADER + GOOD)
    between = "".join(GOOD.replace("1,", f"{n},", 1) for n in range(100, 700))
    again = GOOD.replace("1,", "100,", 1) + GOOD.replace("1,", "101,", 1).replace(
        "It broke", "It burnt"
    )
    found = trial(disputes, tmp_path, MAPPING, HEADER + GOOD + between + again)
    assert (found.cases, found.present, found.rejected) == (600, 2, 1)
    assert "has another facts" in next(iter(found.reasons))


def test_a_summary_tells_reasons_figures_and_cases_in_words(
    disputes: Disputes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = ROWS.replace("burnt", "burnt\x1b[31m")
    found = trial(disputes, tmp_path, MAPPING, content)
    print_summary(found, load(MAPPING, BOOKS.codes))
    said = capsys.readouterr().out
    assert "7 rows of desk: 2 new cases, 0 grown, 1 there already" in said
    assert "2 x category: 'burnt\\x1b[31m' is not in codes.reasons (line 5, 6)" in said
    assert "not in codes.reasons: burnt\ufffd[31m 2" in said
    assert "\x1b" not in said
    assert "filed: 2025 2; closed: 2025 1" in said
    assert "2025-01-02 02:00Z buyer filed: channel phone, category quality" in said
    assert "2025-02-02 16:00Z (day) platform closed: outcome decided-elsewhere" in said


def test_rows_of_one_case_are_tried_together(
    disputes: Disputes, tmp_path: Path
) -> None:
    found = trial(disputes, tmp_path, LOG, LOG_ROWS)
    assert (found.rows, found.cases, found.events, found.rejected) == (8, 2, 8, 0)


def test_values_are_set_in_a_mapping() -> None:
    text = MAPPING.replace('system = "desk"', 'system = "${company}"')
    set_so = with_values(text, {"company": 'a"b\\'})
    assert 'system = "a\\"b\\\\"' in set_so
    with pytest.raises(MappingError, match="company: say it by --set NAME=VALUE"):
        with_values(text, {})
    with pytest.raises(MappingError, match="--set place: the mapping has no such name"):
        with_values(text, {"company": "x", "place": "y"})


def test_nobody_is_asked_where_nobody_can_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file.csv").write_text(HEADER + GOOD, encoding="utf-8")
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(redress, ["import", "file.csv", "--mapping", "m.toml"])
    assert told.exit_code == 2
    assert "nobody can be asked here: say --yes, or --check" in told.output

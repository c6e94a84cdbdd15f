"""Files with broken lines: each costs itself, and no other."""

from __future__ import annotations

import csv
from pathlib import Path

import psycopg
import pytest

from application.imports.mapping import MappingError
from tests.imports.conftest import GOOD, HEADER, MAPPING, Import


def numbered(first: int, last: int) -> str:
    return "".join(GOOD.replace("1,", f"{n},", 1) for n in range(first, last + 1))


def rejects(tmp_path: Path) -> list[list[str]]:
    with (tmp_path / "rejects.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


@pytest.mark.parametrize(
    "broken",
    [
        '11,2025-01-02 10:00:00,2025-02-03,broken,b-9,"It broke.,12.90',
        '11,2025-01-02 10:00:00,2025-02-03,broken,"b-9,It broke.,12.90',
        '"11,2025-01-02 10:00:00,2025-02-03,broken,b-9,It broke.,12.90',
    ],
)
@pytest.mark.parametrize(
    "after", ["", '999,2025-01-02 10:00:00,,broken,b-9,"It ""broke"".",12.90\n']
)
def test_a_stray_quote_costs_only_its_line(
    run_import: Import, tmp_path: Path, url: str, broken: str, after: str
) -> None:
    content = HEADER + numbered(1, 10) + broken + "\n" + numbered(12, 900) + after
    done = run_import(content)
    assert (done.cases, done.rejected) == (899 + bool(after), 1)
    ((line, reason, *cells),) = rejects(tmp_path)
    assert (line, cells) == ("12", [broken])
    assert reason.startswith("not CSV")
    with psycopg.connect(url) as connection:
        count = connection.execute(
            "SELECT count(DISTINCT originator_id) FROM redress.events"
        ).fetchone()
    assert count == (done.cases,)


def test_a_quote_at_the_end_of_the_file_costs_only_its_line(
    run_import: Import, tmp_path: Path
) -> None:
    done = run_import(HEADER + numbered(1, 3) + '4,"')
    assert (done.cases, done.rejected) == (3, 1)
    assert rejects(tmp_path)[0][2:] == ['4,"']


def test_a_text_may_go_over_several_lines(run_import: Import) -> None:
    text = '1,2025-01-02 10:00:00,,broken,b-9,"It\n\nbroke, ""twice"".\n",12.90\n'
    done = run_import(HEADER + text + numbered(2, 3))
    assert (done.cases, done.rejected) == (3, 0)


def test_a_short_record_of_several_lines_loses_none_of_the_following(
    run_import: Import, tmp_path: Path
) -> None:
    done = run_import(HEADER + '1,"a\nb",c\n' + numbered(2, 3))
    assert done.cases == 2
    assert [row[0] for row in rejects(tmp_path)] == ["2", "3"]
    assert [row[2:] for row in rejects(tmp_path)] == [['1,"a'], ['b"', "c"]]


def test_lines_are_counted_on_behind_a_broken_one(
    run_import: Import, tmp_path: Path
) -> None:
    run_import(HEADER + '1,"a\n' + numbered(2, 3) + "5,x\n")
    assert [row[0] for row in rejects(tmp_path)] == ["2", "5"]


def test_bytes_that_no_decoder_takes_stop_the_import_with_the_line(
    run_import: Import,
) -> None:
    content = (HEADER + numbered(1, 3)).encode("utf-16")[:-1]
    with pytest.raises(MappingError, match=r"line \d"):
        run_import(content, 'encoding = "utf-16"\n' + MAPPING)


LIBRARY = ("Expected", "`", "$", "codec", "{'", "expected after")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("x,2025-01-02 10:00:00,,broken,b,x,1.234", "has more decimal places"),
        ('x,2025-01-02 10:00:00,,broken,b,"quo"te,1', "there is text between"),
        ("x,2025-01-02 10:00:00,,broken,b," + "长" * 40_000 + ",1", "too large"),
        ("x,2025-01-02 10:00:00,,broken,b", "has 5 fields"),
    ],
)
def test_rejects_speak_the_words_of_people(
    run_import: Import, tmp_path: Path, cells: str, said: str
) -> None:
    run_import(HEADER + cells + "\n")
    ((_, reason, *_),) = rejects(tmp_path)
    assert said in reason
    assert not any(word in reason for word in LIBRARY), reason


def test_a_value_of_another_kind_is_named_by_its_field(
    run_import: Import, tmp_path: Path
) -> None:
    text = MAPPING.replace(
        'paid = { column = "paid", money = "CNY" }', 'number = { column = "paid" }'
    )
    run_import(HEADER + GOOD, text)
    ((_, reason, *_),) = rejects(tmp_path)
    assert reason == "number: '12.90' is no whole number"


def test_a_mark_at_the_beginning_of_the_file_is_no_part_of_a_name(
    run_import: Import,
) -> None:
    mark = "\ufeff"
    for encoding in ("utf-8", "UTF8", "utf-8-sig"):
        text = MAPPING.replace("id = ", f'encoding = "{encoding}"\nid = ', 1)
        assert run_import(mark + HEADER + GOOD, text).rejected == 0


def test_a_file_in_another_encoding_is_said_in_words(run_import: Import) -> None:
    text = MAPPING.replace("id = ", 'encoding = "utf-16"\nid = ', 1)
    with pytest.raises(MappingError, match="say the file's encoding"):
        run_import((HEADER + GOOD).encode(), text)

"""Sources of many shapes: files of several formats, several files, a query."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from application.cases.disputes import Disputes
from application.imports.mapping import MappingError
from application.imports.source.json_lines import opened_json_lines
from domain.filing.events import Filed
from domain.identity import imported_key
from domain.ruling.events import Ruled
from tests.imports.conftest import Import
from tests.imports.test_importer import rejected

SHORT = """
system = "desk"
zone = "Etc/UTC"
id = "id"
{more}
[[events]]
type = "filed"
actor = "buyer"
at = {{ column = "opened" }}
[events.fields]
channel = {{ value = "unknown" }}
category = {{ value = "quality" }}
reason = {{ value = "defect" }}
seller = {{ column = "seller" }}
paid = {{ column = "paid", money = "CNY" }}
"""
PLAIN = SHORT.format(more="")
ROWS = [
    {"id": "1", "opened": "2024-01-02", "seller": "店一", "paid": "12.90"},
    {"id": "2", "opened": "2024-01-03", "seller": "s-2", "paid": ""},
]
CSV = "id,opened,seller,paid\n1,2024-01-02,店一,12.90\n2,2024-01-03,s-2,\n"


def sellers(disputes: Disputes, *records: str) -> list[tuple[str | None, str]]:
    found = []
    for record in records:
        filed = disputes.find(imported_key("desk", record)).events[0].event
        assert isinstance(filed, Filed)
        found.append((filed.seller, str(filed.paid)))
    return found


BOTH = [("店一", "12.90"), ("s-2", "None")]


def written(path: Path) -> None:
    """Write the two rows in the format that the file's name says."""
    if path.name.endswith(".csv.gz"):
        path.write_bytes(gzip.compress(CSV.encode()))
    elif path.name.endswith(".csv.zst"):
        from backports import zstd

        path.write_bytes(zstd.compress(CSV.encode()))
    elif path.suffix == ".tsv":
        path.write_text(CSV.replace(",", "\t"), "utf-8")
    elif path.suffix == ".jsonl":
        path.write_text("\n".join(map(json.dumps, ROWS)) + "\n", "utf-8")
    elif path.suffix == ".json":
        path.write_text(json.dumps(ROWS), "utf-8")
    elif path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.Table.from_pylist(ROWS), path)
    else:
        sheet(path)


def sheet(path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        page: Any = book.add_worksheet("cases")
        page.write_row(0, 0, list(ROWS[0]))
        page.write_row(1, 0, [1, "2024-01-02", "店一", 12.9])
        page.write_row(2, 0, [2, "2024-01-03", "s-2"])


@pytest.mark.parametrize(
    "name",
    ["a.csv.gz", "a.csv.zst", "a.tsv", "a.jsonl", "a.json", "a.parquet", "a.xlsx"],
)
def test_files_of_each_format_are_read(
    run_files: Import, disputes: Disputes, tmp_path: Path, name: str
) -> None:
    written(tmp_path / name)
    done = run_files(PLAIN, name)
    assert (done.rows, done.cases, done.rejected) == (2, 2, 0)
    assert sellers(disputes, "1", "2") == BOTH


def test_several_files_are_one_source(
    run_files: Import, disputes: Disputes, tmp_path: Path
) -> None:
    (tmp_path / "part-1.csv").write_text("id,opened,seller,paid\n1,2024-01-02,a,1\n")
    (tmp_path / "part-2.csv").write_text("seller,id,paid,opened\nb,2,2,2024-01-02\nc\n")
    text = SHORT.format(more='[source]\nfiles = "part-*.csv"\n')
    done = run_files(text)
    assert (done.cases, done.rejected) == (2, 1)
    assert sellers(disputes, "1", "2") == [("a", "1.00"), ("b", "2.00")]
    assert rejected(tmp_path) == [("part-2.csv:3", "has 1 fields, the header has 4")]
    (tmp_path / "part-3.csv").write_text("id,day\n")
    with pytest.raises(
        MappingError, match=r"part-3.csv: has other columns than part-1"
    ):
        run_files(text)


def test_a_query_joins_tables_and_reads_what_no_option_can(
    run_files: Import, disputes: Disputes, tmp_path: Path
) -> None:
    (tmp_path / "cases.csv").write_text(
        "nr;day;shop\n1;45293,5;店一\n2;45294;s-2\n3;nothing", "gb18030"
    )
    (tmp_path / "paid.jsonl").write_text('{"nr": 1, "sum": "1.012,90"}\nno JSON\n')
    more = """
[source]
sql = '''
SELECT nr AS id,
       DATE '1899-12-30' + floor(replace(day, ',', '.')::double)::int AS opened,
       shop AS seller, replace(replace(sum, '.', ''), ',', '.') AS paid, cases._line
FROM cases LEFT JOIN paid USING (nr) ORDER BY nr
'''
[source.tables]
cases = { files = "cases.csv", delimiter = ";", encoding = "gb18030" }
paid = { files = "paid.jsonl" }
"""
    done = run_files(SHORT.format(more=more))
    assert (done.cases, done.rejected) == (2, 2)
    assert sellers(disputes, "1", "2") == [("店一", "1012.90"), ("s-2", "None")]
    filed = disputes.find(imported_key("desk", "1")).events[0]
    assert str(filed.at) == "2024-01-02 00:00:00+00:00"
    assert dict(rejected(tmp_path)) == {
        "4": "has 2 fields, the header has 3",
        "2": "the line is not JSON",
    }


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT * FROM read_csv('/etc/passwd')", "Cannot access file"),
        ("SELECT * FROM 'https://example.com/a.csv'", "sql: "),
        ("DROP TABLE source", "has to be one SELECT"),
        ("SELECT 1; SELECT 2", "has to be one SELECT"),
        ("SELECT * FROM nothing", "nothing does not exist"),
        ("COPY source TO 'out.csv'", "has to be one SELECT"),
        ("SELECT opened::int AS id FROM source", "Could not convert"),
    ],
)
def test_a_query_reads_its_files_and_nothing_else(
    run_files: Import, tmp_path: Path, sql: str, said: str
) -> None:
    (tmp_path / "a.csv").write_text(CSV, "utf-8")
    text = SHORT.format(more=f'[source]\nfiles = "a.csv"\nsql = """{sql}"""\n')
    with pytest.raises(MappingError, match=r"source\.sql") as caught:
        run_files(text)
    assert said in str(caught.value)


def test_lists_of_a_source_become_several_events_and_nested_values(
    run_files: Import, disputes: Disputes, tmp_path: Path
) -> None:
    text = (
        SHORT.format(more="")
        + """
[[events]]
type = "message-posted"
actor = "seller"
at = { column = "item.at" }
each = { column = "thread" }
when = [{ column = "item.who", among = ["shop"] }]
[events.fields]
by = { value = "seller" }
text = { column = "item.says" }
[[events]]
type = "ruled"
actor = "mediator"
at = { column = "ruled.at" }
when = [{ column = "ruled.at", present = true }]
[events.fields]
liability = { value = "seller" }
reasons = { value = [] }
obligations = { value = [] }
[events.fields.remedies]
each = { column = "ruled.remedies" }
[events.fields.remedies.fields]
kind = { column = "item.kind" }
amount = { column = "item.sum", money = "CNY" }
"""
    )
    case = {
        **ROWS[0],
        "thread": [
            {"who": "shop", "at": "2024-01-04T10:00:00Z", "says": "Sorry."},
            {"who": "buyer", "at": "2024-01-05T10:00:00Z", "says": "Well."},
            {"who": "shop", "at": "2024-01-03T10:00:00Z", "says": "Hello."},
        ],
        "ruled": {
            "at": "2024-02-01T10:00:00Z",
            "remedies": [{"kind": "refund", "sum": 12.9}, {"kind": "replace"}],
        },
    }
    (tmp_path / "a.jsonl").write_text(f"{json.dumps(case)}\n{json.dumps(ROWS[1])}\n")
    done = run_files(text, "a.jsonl")
    assert (done.cases, done.events, done.rejected) == (2, 5, 0)
    found = disputes.find(imported_key("desk", "1"))
    opened = disputes.record.opened(found.events)
    assert [getattr(one.event, "text", None) for one in opened] == [
        None,
        "Hello.",
        "Sorry.",
        None,
    ]
    assert [getattr(one.event, "number", None) for one in opened][1:3] == [1, 2]
    ruled = opened[3].event
    assert isinstance(ruled, Ruled)
    told = [(one.kind, str(one.amount)) for one in ruled.remedies]
    assert told == [("refund", "12.90"), ("replace", "None")]


def test_a_line_without_an_end_costs_only_itself(
    run_files: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from application.imports.source import csv_reader

    monkeypatch.setattr(csv_reader, "LONGEST_LINE", 1_000)
    long = "9," + "x" * 5_000
    (tmp_path / "a.csv").write_text(
        CSV + long + "\n3,2024-01-03,s-2,\n" + long, "utf-8"
    )
    done = run_files(PLAIN, "a.csv")
    assert (done.cases, done.rejected) == (3, 2)
    assert [line for line, _ in rejected(tmp_path)] == ["4", "6"]
    assert (tmp_path / "rejects.csv").stat().st_size < 5_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (gzip.compress(CSV.encode()), "its name has to end in .gz"),
        (b"PK\x03\x04\x00\x00\xff\xff", 'format = "xlsx"'),
        ("\ufeff" + CSV, None),
        (CSV.encode("utf-16"), 'encoding = "utf-16"'),
        (CSV.replace("seller", "卖家").encode("gb18030"), 'encoding = "gb18030"'),
        (CSV.replace(",", ";"), "looks separated by ';': say delimiter"),
        (b"\x00\x01\x02\x1b[31mred\n", "not text"),
    ],
    ids=["gzip", "zip", "mark", "utf-16", "gb18030", "semicolons", "bytes"],
)
def test_a_file_of_another_kind_is_said_without_its_bytes(
    run_files: Import, tmp_path: Path, content: str | bytes, said: str | None
) -> None:
    raw = content.encode() if isinstance(content, str) else content
    (tmp_path / "a.csv").write_bytes(raw)
    if said is None:
        assert run_files(PLAIN, "a.csv").cases == 2
        return
    with pytest.raises(MappingError) as caught:
        run_files(PLAIN, "a.csv")
    assert said in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "1", "id": "2"}', "has 'id' twice"),
        ('{"id": "1", "of": {"a": 1, "a": 2}}', "has 'a' twice"),
        ('{"id": "1", "of": [{"a": 1}, {"a": 2}], "b": "\\"id\\": 3"}', None),
    ],
)
def test_a_name_that_an_object_has_twice_is_said(
    tmp_path: Path, line: str, said: str | None
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"id": "0"}}\n{line}\n')
    with opened_json_lines(path, frozenset()) as table:
        assert [row.wrong for row in table.rows()] == [None, said]

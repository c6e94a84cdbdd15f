"""A newer export adds what is new; what it tells otherwise changes nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import psycopg
import pytest

from application.cases.disputes import Disputes
from application.imports.mapping import MappingError
from domain.case.dispute import Phase
from domain.identity import imported_key
from domain.roles import Role
from tests.imports.conftest import GOOD, HEADER, MAPPING, Import
from tests.imports.test_importer import rejected

OPENED_CLOSED = """
system = "weekly"
zone = "Europe/Berlin"
id = "id"
[[facts]]
type = "filed"
actor = "buyer"
at = { column = "opened", format = "%Y-%m-%d %H:%M:%S" }
[facts.fields]
channel = { value = "unknown" }
category = { value = "quality" }
reason = { value = "defect" }
seller = { column = "seller" }
facts = { column = "story" }
[[facts]]
type = "closed"
actor = "platform"
at = { column = "closed", format = "%Y-%m-%d %H:%M:%S" }
when = [{ column = "closed", not_among = [""] }]
[facts.fields]
outcome = { value = "decided-elsewhere" }
claim = { value = "met" }
"""
COLUMNS = "id,opened,closed,seller,story\n"
WEEK_1 = (
    COLUMNS + "C1,2024-01-02 10:00:00,,s1,Broken.\nC2,2024-01-02 10:00:00,,s1,Lost.\n"
)
WEEK_2 = (
    COLUMNS + "C1,2024-01-02 10:00:00,2024-02-01 09:00:00,s1,Broken.\n"
    "C2,2024-01-02 10:00:00,,s1,Lost.\n"
    "C3,2024-01-05 10:00:00,,s1,Late.\n"
)


def test_a_newer_export_adds_what_has_happened_since(
    run_import: Import, disputes: Disputes
) -> None:
    run_import(WEEK_1, OPENED_CLOSED)
    done = run_import(WEEK_2, OPENED_CLOSED)
    counts = (done.cases, done.grown, done.events, done.present, done.rejected)
    assert counts == (1, 1, 2, 1, 0)
    case = disputes.find(imported_key("weekly", "C1"))
    assert (case.version, case.dispute.phase) == (2, Phase.CLOSED)
    first, second = case.events
    assert first.imported is not None
    assert second.imported is not None
    assert first.imported.run != second.imported.run
    assert second.prev is not None
    again = run_import(WEEK_2 + "\n", OPENED_CLOSED)
    assert (again.cases, again.grown, again.events, again.present) == (0, 0, 0, 3)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("C1,2024-01-02 10:00:00,,s2,Broken.", "filed (version 1) has another seller"),
        ("C1,2024-01-02 10:00:00,,s1,Burnt.", "filed (version 1) has another facts"),
        ("C1,2024-01-03 10:00:00,,s1,Broken.", "filed (version 1) has another at"),
        (
            "C2,2024-01-02 10:00:00,,s1,Lost.",
            "contradicts the record, which has closed",
        ),
    ],
)
def test_a_row_that_says_something_else_is_named_and_changes_nothing(
    run_import: Import, disputes: Disputes, tmp_path: Path, row: str, said: str
) -> None:
    run_import(
        WEEK_1.replace("00,,s1,Lost", "00,2024-02-02 09:00:00,s1,Lost"), OPENED_CLOSED
    )
    done = run_import(COLUMNS + row + "\n", OPENED_CLOSED)
    assert (done.events, done.rejected) == (0, 1)
    ((line, reason),) = rejected(tmp_path)
    assert line == "2"
    assert said in reason
    assert disputes.find(imported_key("weekly", row[:2])).dispute.seller == "s1"


def test_what_was_erased_is_compared_with_nothing(
    run_import: Import, disputes: Disputes, url: str
) -> None:
    run_import(WEEK_1, OPENED_CLOSED)
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE redress_keys.data_keys SET wrapped = NULL")
    disputes.keys.forget()
    done = run_import(WEEK_2, OPENED_CLOSED)
    assert (done.grown, done.present, done.rejected) == (1, 1, 0)


def test_a_record_that_stands_twice_has_one_answer_at_any_distance(
    run_import: Import, tmp_path: Path
) -> None:
    first = "A1,2024-01-02 10:00:00,,s1,x\n"
    other = "A1,2024-01-02 10:00:00,2024-02-01 09:00:00,s2,x\n"
    for between in (0, 700):
        rows = "".join(f"B{n},2024-01-02 10:00:00,,s1,x\n" for n in range(between))
        text = OPENED_CLOSED.replace("weekly", f"weekly-{between}")
        done = run_import(COLUMNS + first + rows + first + other, text)
        assert (done.cases, done.present, done.rejected) == (between + 1, 1, 1)
        ((line, reason),) = rejected(tmp_path)
        assert line == str(between + 4)
        assert "filed (version 1) has another seller" in reason


def test_columns_of_one_name_are_refused(run_import: Import) -> None:
    with pytest.raises(
        MappingError, match=r"several columns of one name: seller \(4, 6"
    ):
        run_import(
            "id,opened,closed,seller,story,seller\nH1,2024-01-02 10:00:00,,s1,x,s2\n",
            OPENED_CLOSED,
        )


def test_rows_that_state_no_event_are_skipped_and_counted(
    run_import: Import, tmp_path: Path
) -> None:
    text = MAPPING.replace(
        'at = { column = "opened"',
        'when = [{ column = "paid", present = true }]\nat = { column = "opened"',
    )
    done = run_import(
        HEADER + GOOD + "2,2025-01-02 10:00:00,,broken,b,x,\n"
        "3,2025-01-02 10:00:00,2025-02-03,broken,b,x,\n",
        text,
    )
    assert (done.cases, done.skipped, done.rejected) == (1, 1, 1)
    assert "the case has no filing here" in rejected(tmp_path)[0][1]


DUTY = (
    '{ number = { value = 1 }, debtor = { value = "buyer" }, duty = { value = "pay" },'
    ' limit = { value = "performance-money" },'
    ' amount = { column = "amount", money = "EUR" } }'
)
LOG = """
system = "fines"
zone = "Etc/UTC"
id = "case"
rows = "events"

[codes.results]
upheld = "upheld"
reversed = "set-aside"

[[events]]
type = "filed"
actor = "buyer"
at = { column = "at" }
when = [{ column = "activity", among = ["Create Fine"] }]
[events.fields]
channel = { value = "unknown" }
category = { value = "other" }
reason = { value = "other" }

[[events]]
type = "ruled"
actor = "mediator"
at = { column = "at" }
when = [{ column = "activity", among = ["Penalty"] }]
[events.fields]
liability = { value = "buyer" }
remedies = { value = [] }
reasons = { value = [] }
obligations = { each = { groups = [{ amount = "amount" }] }, fields = DUTY }

[[events]]
type = "fulfilled"
actor = "buyer"
at = { column = "at" }
when = [{ column = "activity", among = ["Payment"] }]
[events.fields]
obligation = { value = 1 }
by = { value = "buyer" }

[[events]]
type = "appeal-filed"
actor = "buyer"
at = { column = "at" }
when = [{ column = "activity", among = ["Appeal"] }]
[events.fields]
by = { value = "buyer" }
ground = { value = "error" }
statement = { value = "" }
since = { column = "at", format = "iso" }

[[events]]
type = "appeal-decided"
actor = "supervisor"
at = { column = "at" }
when = [{ column = "activity", among = ["Result"] }]
[events.fields]
result = { column = "result", codes = "results" }
reasons = { value = [] }
""".replace("DUTY", DUTY)
LOG_ROWS = """case,activity,at,amount,result
A,Create Fine,2024-01-01T10:00:00Z,,
B,Result,2024-03-02T10:00:00Z,,reversed
A,Penalty,2024-02-01T10:00:00Z,33.00,
B,Create Fine,2024-01-01T10:00:00Z,,
A,Payment,2024-03-01T10:00:00Z,,
B,Penalty,2024-02-01T10:00:00Z,50,
A,Payment,2024-02-15T10:00:00Z,,
B,Appeal,2024-02-03T10:00:00Z,,
"""


def kinds(disputes: Disputes, record: str) -> list[str]:
    events = disputes.find(imported_key("fines", record)).events
    return [type(one.event).__name__ for one in events]


def test_rows_of_an_event_log_become_cases_in_the_order_of_their_times(
    run_import: Import, disputes: Disputes
) -> None:
    done = run_import(LOG_ROWS, LOG)
    assert (done.rows, done.cases, done.events, done.rejected) == (8, 2, 8, 0)
    assert kinds(disputes, "A") == ["Filed", "Ruled", "Fulfilled", "Fulfilled"]
    assert kinds(disputes, "B") == ["Filed", "Ruled", "AppealFiled", "AppealDecided"]
    later = "B,Payment,2024-04-01T10:00:00Z,,\nA,Payment,2024-05-01T10:00:00Z,,\n"
    more = run_import(LOG_ROWS + later, LOG)
    assert (more.cases, more.grown, more.events) == (0, 2, 2)
    assert kinds(disputes, "A")[-1] == "Fulfilled"


def test_a_case_with_a_bad_row_waits_for_it(
    run_import: Import, disputes: Disputes, tmp_path: Path
) -> None:
    done = run_import(LOG_ROWS.replace("33.00", '"33,00"'), LOG)
    assert (done.cases, done.rejected) == (1, 4)
    reasons = dict(rejected(tmp_path))
    assert reasons["4"].startswith("amount: '33,00'")
    assert reasons["2"].startswith("line 4 of its case: amount: '33,00'")
    # The file of rejects is a source itself, once its bad row is right.
    with (tmp_path / "rejects.csv").open(newline="", encoding="utf-8") as file:
        rows = [row[2:] for row in csv.reader(file)]
    text = "".join(",".join(row).replace("33,00", "33.00") + "\n" for row in rows)
    assert run_import(text, LOG, rejects="again.csv").cases == 1
    assert kinds(disputes, "A") == ["Filed", "Ruled", "Fulfilled", "Fulfilled"]


def test_an_event_about_a_duty_that_nobody_told_of_is_refused(
    run_import: Import, tmp_path: Path
) -> None:
    rows = "case,activity,at,amount,result\nA,Create Fine,2024-01-01T10:00:00Z,,\n"
    done = run_import(rows + "A,Payment,2024-03-01T10:00:00Z,,\n", LOG)
    assert (done.cases, done.rejected) == (0, 2)
    assert rejected(tmp_path)[0][1] == "fulfilled: there is no obligation 1"


def test_events_with_ids_are_told_apart_and_can_contradict(
    run_import: Import, disputes: Disputes, tmp_path: Path
) -> None:
    text = LOG.replace('type = "fulfilled"', 'type = "fulfilled"\nkey = "result"')
    rows = LOG_ROWS.replace("2024-03-01T10:00:00Z,,", "2024-03-01T10:00:00Z,,p1")
    rows = rows.replace("2024-02-15T10:00:00Z,,", "2024-02-15T10:00:00Z,,p2")
    run_import(rows, text)
    assert run_import(rows + "\n", text).events == 0
    moved = rows.replace("2024-03-01T10", "2024-03-02T10")
    done = run_import(moved, text)
    assert (done.events, done.rejected) == (0, 4)
    assert "fulfilled (version 4) has another at" in rejected(tmp_path)[0][1]
    assert (
        disputes.find(imported_key("fines", "A")).events[1].actor.role is Role.MEDIATOR
    )

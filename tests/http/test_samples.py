"""What auditors draw, count and take as a table from the lists."""

from __future__ import annotations

import csv
import io
from hashlib import sha256
from typing import Any

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import RULING, CaseStory
from tests.http.conftest import FILING, People, Person, file_for

LIST = "/v1/disputes"


@pytest.fixture
def cases(people: People, background: Worker) -> list[str]:
    """File nine cases; of each three, one is refused by another mediator."""
    made = [
        file_for(people, f"o-{n}", claim=claim("refund", f"{n}0.00"))
        for n in range(1, 10)
    ]
    body = {"ground": "no-basis", "explanation": "Nothing said.", "routes": ["court"]}
    for place, who in ((0, "m-1"), (3, "m-2"), (6, "m-2")):
        people.named("mediator", who).act(made[place], "refusal", body)
    background.catch_up()
    return made


def claim(kind: str, amount: str) -> dict[str, Any]:
    return {"kind": kind, "amount": {"amount": amount, "currency": "CNY"}}


def drawn(person: Person, **query: Any) -> dict[str, Any]:
    answer = person.get(LIST, **query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ids(found: dict[str, Any]) -> list[str]:
    return [one["id"] for one in found["items"]]


def test_a_seed_draws_the_same_cases_again(people: People, cases: list[str]) -> None:
    first = drawn(people.auditor, sample=4, seed="2026/7")
    assert ids(first) == ids(drawn(people.auditor, sample=4, seed="2026/7"))
    assert ids(first) != ids(drawn(people.auditor, sample=4, seed="2026/8"))
    told = first["sample"]
    assert (told["size"], told["seed"], told["population"]) == (4, "2026/7", 9)
    assert told["filters"] == {"platform": "shop"}
    assert first["next"] is None
    # Anybody can draw it again, from the ids alone.
    order = sorted(cases, key=lambda case: sha256(f"2026/7:{case}".encode()).digest())
    assert ids(first) == order[:4]


@pytest.mark.usefixtures("cases")
def test_more_cases_do_not_move_those_that_were_drawn(
    people: People, background: Worker
) -> None:
    before = ids(drawn(people.auditor, sample=9, seed="s"))
    more = file_for(people, "o-10")
    background.catch_up()
    after = ids(drawn(people.auditor, sample=10, seed="s"))
    assert [case for case in after if case != more] == before


@pytest.mark.usefixtures("cases")
def test_without_a_seed_one_is_made_and_told(people: People) -> None:
    one = drawn(people.auditor, sample=3)
    assert len(one["sample"]["seed"]) == 16
    assert ids(drawn(people.auditor, sample=3, seed=one["sample"]["seed"])) == ids(one)


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({"outcome": "refused"}, {0, 3, 6}),
        ({"decider": "m-2"}, {3, 6}),
        ({"decider": "m-3"}, set()),
        ({"min_amount": "50.00", "currency": "CNY"}, {4, 5, 6, 7, 8}),
        ({"max_amount": "20", "currency": "CNY"}, {0, 1}),
        ({"min_amount": "20", "max_amount": "30", "currency": "CNY"}, {1, 2}),
        ({"min_amount": "20", "currency": "USD"}, set()),
        ({"seller": "s-1", "outcome": "refused", "decider": "m-1"}, {0}),
        ({"seller": "s-2"}, set()),
        ({"closed_since": "2026-01-01T00:00:00Z"}, {0, 3, 6}),
        ({"closed_until": "2026-01-01T00:00:00Z"}, set()),
        ({"liability": "buyer"}, set()),
    ],
    ids=str,
)
def test_lists_counts_and_samples_take_the_same_filters(
    people: People, cases: list[str], query: dict[str, Any], places: set[int]
) -> None:
    expected = {cases[place] for place in places}
    assert set(ids(drawn(people.auditor, **query))) == expected
    sample = drawn(people.auditor, sample=9, seed="s", **query)
    assert set(ids(sample)) == expected
    assert sample["sample"]["population"] == len(expected)
    assert sample["sample"]["filters"] == {**query, "platform": "shop"}
    counts = people.auditor.get(f"{LIST}/counts", **query).json()
    assert counts["total"] == len(expected)
    assert drawn(people.auditor, count=True, **query)["total"] == len(expected)


def test_who_ruled_and_who_decided_the_appeal_are_found(
    people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock).ruled()
    for query in ({"decider": "m-1"}, {"liability": RULING["liability"]}):
        assert ids(drawn(people.auditor, **query)) == [story.id]
    assert ids(drawn(people.auditor, decider="v-1")) == []


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"seed": "s"}, "seed", "only-with-sample"),
        ({"sample": 201}, "sample", "too-high"),
        ({"sample": 2, "cursor": "e30"}, "cursor", "not-with-this"),
        ({"min_amount": "20"}, "currency", "required"),
        ({"min_amount": "x", "currency": "CNY"}, "min_amount", "not-a-decimal"),
        ({"min_amount": "1.234", "currency": "CNY"}, "min_amount", "too-fine"),
        ({"max_amount": "1", "currency": "yuan"}, "currency", "currency-code"),
        ({"liability": "nobody"}, "liability", "unknown-code"),
        ({"format": "xml"}, "format", "not-one-of"),
    ],
    ids=str,
)
def test_what_is_no_question_is_pointed_at(
    people: People, query: dict[str, Any], field: str, code: str
) -> None:
    answer = people.auditor.get(LIST, **query)
    assert answer.status_code == 400
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (f"/{field}", code)


def test_a_party_does_not_search_by_who_decided(people: People) -> None:
    assert people.buyer.get(LIST, decider="m-1").status_code == 403


def rows(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith("\ufeff")
    return [*csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))]


def test_lists_come_as_tables_for_people(people: People, cases: list[str]) -> None:
    first = people.auditor.get(LIST, format="csv", sort="opened", limit=200)
    (row,) = (row for row in rows(first) if row["Case id"] == cases[3])
    assert row["Phase"] == "closed"
    assert row["Outcome"] == "not admitted"
    assert row["Claim"] == "Refund"
    assert row["Amount claimed"] == "¥40.00"
    assert row["Order"] == "o-4"
    assert row["Filed (Asia/Shanghai)"].startswith("2026-03-")
    headers = people.auditor.headers | {
        "Accept": "text/csv",
        "Accept-Language": "zh-CN",
    }
    found = people.auditor.http.get(LIST, headers=headers)
    (zh,) = (row for row in rows(found) if row["案件标识"] == cases[3])
    assert (zh["阶段"], zh["结案方式"]) == ("已结案", "不予受理")


def test_a_table_has_pages_and_says_how_a_sample_was_drawn(
    people: People, cases: list[str]
) -> None:
    first = people.auditor.get(LIST, format="csv", limit=5)
    following = first.links["next"]["url"]
    second = people.auditor.http.get(following, headers=people.auditor.headers)
    both = [row["Case id"] for row in (*rows(first), *rows(second))]
    assert sorted(both) == sorted(cases)
    assert "link" not in second.headers
    sample = people.auditor.get(LIST, format="csv", sample=2, seed="七")
    assert len(rows(sample)) == 2
    assert sample.headers["sample"] == (
        "seed=%E4%B8%83, size=2, population=9, method=smallest-sha256/1"
    )


def test_the_search_of_events_comes_as_a_table(
    people: People, cases: list[str]
) -> None:
    path = "/v1/audit/search"
    found = rows(people.auditor.get(path, type="refused", format="csv"))
    assert {row["Case id"] for row in found} == {cases[0], cases[3], cases[6]}
    assert {row["Event"] for row in found} == {"Refused"}
    assert {row["By"] for row in found} == {"m-1", "m-2"}
    assert people.auditor.get(path, type="refused", format="json").json()["items"]


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "@SUM(1)", "-2+3", "\uff1d1"])
def test_a_cell_is_no_formula(people: People, background: Worker, title: str) -> None:
    snapshot = {"title": title}
    people.buyer.file(order=FILING["order"] | {"snapshot": snapshot})
    background.catch_up()
    (row,) = rows(people.auditor.get(LIST, format="csv"))
    assert row["Goods"] == f"'{title}"

"""Every parameter of a query refuses a value that is none, and names those known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from interface.run.worker import Worker
from tests.http.conftest import People, file_for
from tests.http_app import document

KNOWN: dict[str, tuple[str, ...]] = {
    "by": ("category", "seller-size", "outcome"),
    "category": ("quality", "delivery"),
    "reason": ("defect",),
    "liability": ("seller",),
    "categories": ("quality",),
    "policy": ("cn-default/1",),
    "metric": ("opened", "late"),
}
"""Parameters whose values the document does not list, each with some that there are."""

PUBLIC_BY = ("category", "channel", "outcome")

FORMS = {
    "extra": "a name and a value",
    "after": "a case and its version, or a position",
    "as_of": "a moment",
    "from": "a moment",
    "to": "a moment",
    "cursor": "a cursor",
    "case_number": "a number with check digits",
    "cases": "ids",
    "currency": "three capital letters",
    "min_amount": "an amount",
    "max_amount": "an amount",
    "zone": "a zone of the IANA database",
}
"""Parameters whose values have a form; what does not have it is refused."""

FREE = {
    "actor": "a person",
    "assignee": "a person, `me` or `none`",
    "buyer": "a person",
    "seller": "a person",
    "party": "a person",
    "decider": "a person",
    "reader": "a person",
    "order": "of the shop",
    "platform": "a name; who may not see it is told so",
    "tag": "the desk makes its own",
    "text": "words",
    "group": "named by a report",
    "part": "named by a report",
    "imported_from": "named by an import",
    "source": "named by an import",
    "name": "named by a publication",
    "request_id": "named by a client",
    "rule": "also of rules that are out of force",
    "seed": "any text",
}
"""Parameters that take any text, and why."""

BESIDE = {
    ("/v1/transparency/reports/{period}/cases", "metric"): {},
    ("/v1/transparency/reports/{period}/cases", "figure"): {},
    ("/v1/transparency/reports/{period}/cases", ""): {"figure": "opened"},
    ("/v1/audit/disputes/{dispute_id}/difference", "from"): {"to": "1"},
    ("/v1/audit/disputes/{dispute_id}/difference", ""): {"from": "1", "to": "1"},
    ("/v1/log/consistency", "old"): {"new": "1"},
    ("/v1/log/consistency", "new"): {"old": "1"},
    ("/v1/disputes", "min_amount"): {"currency": "CNY"},
    ("/v1/disputes", "max_amount"): {"currency": "CNY"},
    ("/v1/disputes/counts", "min_amount"): {"currency": "CNY"},
    ("/v1/disputes/counts", "max_amount"): {"currency": "CNY"},
}
"""What a route needs beside a parameter."""


def parameters() -> Iterator[tuple[str, str, str, tuple[str, ...] | None]]:
    """Yield (method, path, name, values) of each parameter; values if it lists them."""
    every = document()
    schemas = every["components"]["schemas"]
    for path, operations in every["paths"].items():
        for method, operation in operations.items():
            for one in operation.get("parameters", ()):
                if one["in"] == "query":
                    values = _values(one["schema"], schemas)
                    yield method, path, one["name"], values


def _values(schema: dict[str, Any], schemas: dict[str, Any]) -> tuple[str, ...] | None:
    """Return the values of a list, () for numbers, times and the like, None: a text."""
    if "enum" in schema:
        return tuple(one for one in schema["enum"] if one is not None)
    if "$ref" in schema:
        return _values(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "oneOf" in schema:
        (one,) = [each for each in schema["oneOf"] if each.get("type") != "null"]
        return _values(one, schemas)
    return None if schema["type"] == "string" and "format" not in schema else ()


def test_each_parameter_is_listed_once() -> None:
    texts = {name for _, _, name, values in parameters() if values is None}
    kinds = [set(KNOWN), set(FORMS), set(FREE)]
    assert texts - set().union(*kinds) == set()
    assert set().union(*kinds) - {name for _, _, name, _ in parameters()} == set()
    assert sum(map(len, kinds)) == len(set().union(*kinds))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_value_that_is_none_is_refused_by_name(
    people: People, background: Worker, language: str
) -> None:
    case = file_for(people)
    background.catch_up()
    hook = people.supervisor.post("/v1/webhooks", {"url": "https://hook.example/"})
    filled = {"dispute_id": case, "period": "2026", "number": "1", "seller": "s-1"}
    filled["webhook_id"] = hook.json()["webhook"]["id"]
    wrong = {}
    for method, path, name, values in parameters():
        if name in FREE and not values:
            continue
        answer = _asked(people, method, path, name, filled, language)
        if fault := _fault(answer, path, name, values):
            wrong[method, path, name] = fault
    assert not wrong, "\n".join(f"{at}: {fault}" for at, fault in wrong.items())


def _asked(
    people: People,
    method: str,
    path: str,
    name: str,
    filled: dict[str, str],
    language: str,
) -> Any:
    beside = BESIDE.get((path, name), BESIDE.get((path, ""), {}))
    query = {one: value for one, value in beside.items() if one != name}
    if path == "/v1/audit/bundle" and name != "cases":
        query["cases"] = filled["dispute_id"]
    query[name] = "nope"
    answer = None
    for role in ("mediator", "supervisor", "auditor", "buyer", "regulator"):
        person = getattr(people, role)
        headers = person.headers | {"Accept-Language": language}
        if method != "get":
            headers |= {"Idempotency-Key": "k", "If-Match": "*"}
        answer = person.http.request(
            method, path.format(**filled), params=query, headers=headers
        )
        if answer.status_code not in {403, 404}:
            break
    return answer


def _fault(
    answer: Any, path: str, name: str, values: tuple[str, ...] | None
) -> str | None:
    if answer.status_code != 400:
        return f"{answer.status_code} {answer.text[:200]}"
    faults = answer.json()["errors"]
    if [one["pointer"] for one in faults] != [f"/{name}"]:
        return str(faults)
    known = values or KNOWN.get(name, ())
    if name == "by" and "public" in path:
        known = PUBLIC_BY
    if missing := [one for one in known if one not in faults[0]["detail"]]:
        return f"does not name {missing}: {faults[0]['detail'][:300]}"
    return None


FIGURE = "/v1/transparency/reports/all/cases"


def test_a_group_goes_with_a_cut(people: People, background: Worker) -> None:
    case = file_for(people)
    background.catch_up()
    for query in ({}, {"group": "all"}, {"by": "category", "group": "quality"}):
        answer = people.auditor.get(FIGURE, figure="opened", **query)
        assert [one["id"] for one in answer.json()["items"]] == [case], query
    answer = people.auditor.get(FIGURE, figure="opened", group="quality")
    assert answer.status_code == 400, answer.text
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/group", "only-with-by")


@pytest.mark.parametrize(
    ("query", "fault", "known"),
    [
        ({"by": "category", "group": "zz"}, ("/group", "no-group"), "quality"),
        (
            {"by": "category,month", "group": "x"},
            ("/group", "no-group"),
            "quality,2026",
        ),
        ({"figure": "closed", "part": "nope"}, ("/part", "no-part"), "refused"),
    ],
)
def test_a_group_or_part_that_the_report_lacks_is_named(
    people: People,
    background: Worker,
    query: dict[str, str],
    fault: tuple[str, str],
    known: str,
) -> None:
    case = file_for(people)
    refusal = {"ground": "no-basis", "explanation": "No.", "routes": ["court"]}
    people.mediator.act(case, "refusal", refusal)
    background.catch_up()
    answer = people.auditor.get(FIGURE, **{"figure": "opened"} | query)
    assert answer.status_code == 400, answer.text
    (found,) = answer.json()["errors"]
    assert (found["pointer"], found["code"]) == fault
    assert known in found["detail"]


def test_a_platform_without_a_case_has_no_public_figures(
    people: People, background: Worker
) -> None:
    file_for(people)
    background.catch_up()
    public = people.buyer.http.get
    path = "/v1/transparency/public/2026"
    assert public(path, params={"platform": "shop"}).status_code == 200
    answer = public(path, params={"platform": "nope"})
    assert answer.status_code == 400, answer.text
    (found,) = answer.json()["errors"]
    assert (found["pointer"], found["code"]) == ("/platform", "no-platform")
    assert "nope" in found["detail"]


@pytest.mark.parametrize(
    "asked",
    [
        *("reports/2026", "reports/2026/cases?figure=opened"),
        *("consistency/2026", "consistency/2026/pairs"),
    ],
)
def test_figures_of_what_nobody_knows_are_no_zeros(
    people: People, background: Worker, asked: str
) -> None:
    path, _, figure = f"/v1/transparency/{asked}".partition("?figure=")
    more = {"figure": figure} if figure else {}
    for query, pointer in (({}, "platform"), ({"source": "nope"}, "source")):
        answer = people.supervisor.get(path, **query, **more)
        assert answer.status_code == 400, answer.text
        (found,) = answer.json()["errors"]
        assert (found["pointer"], found["code"]) == (f"/{pointer}", f"no-{pointer}")
        file_for(people, f"o-{pointer}")
        background.catch_up()
    assert people.supervisor.get(path, source="", **more).status_code == 200


@pytest.mark.parametrize(
    ("path", "query", "fault"),
    [
        ("/v1/audit/search", "since until", "ends-before"),
        ("/v1/audit/access-log", "since until", "ends-before"),
        ("/v1/disputes", "closed_since closed_until", "ends-before"),
        ("/v1/disputes/counts", "closed_since closed_until", "ends-before"),
        ("/v1/disputes", "min_amount max_amount", "too-small"),
    ],
)
def test_a_span_that_ends_before_it_begins_is_refused(
    people: People, path: str, query: str, fault: str
) -> None:
    first, last = query.split()
    ends = ("20", "10") if "amount" in first else ("2026-03-02", "2026-03-01")
    asked = dict(zip((first, last), ends, strict=True)) | (
        {"currency": "CNY"} if "amount" in first else {}
    )
    answer = people.supervisor.get(path, **asked)
    if answer.status_code == 403:
        answer = people.auditor.get(path, **asked)
    assert answer.status_code == 400, answer.text
    (found,) = answer.json()["errors"]
    assert (found["pointer"], found["code"]) == (f"/{last}", fault)
    # A moment, or an amount, is a span too.
    asked[last] = asked[first]
    assert people.auditor.get(path, **asked).status_code == 200


def test_a_figure_has_one_of_its_two_names(people: People) -> None:
    answer = people.auditor.get(FIGURE, figure="opened", metric="opened")
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/metric", "not-with-this")
    (fault,) = people.auditor.get(FIGURE).json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/figure", "required")


@pytest.mark.parametrize("nobody", ["none", ""])
@pytest.mark.parametrize("path", ["/v1/queue", "/v1/disputes"])
def test_cases_of_nobody_are_found(
    people: People, background: Worker, nobody: str, path: str
) -> None:
    case, taken = file_for(people), file_for(people, "o-2")
    people.mediator.act(taken, "assignment", {})
    background.catch_up()
    found = people.mediator.get(path, assignee=nobody).json()["items"]
    assert [one["id"] for one in found] == [case]
    found = people.mediator.get(path, assignee="me").json()["items"]
    assert [one["id"] for one in found] == [taken]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "an empty value is not"), ("zh-CN", "没有“空值”")]
)
def test_an_empty_value_is_not_called_none(
    people: People, language: str, said: str
) -> None:
    mediator = people.mediator
    headers = mediator.headers | {"Accept-Language": language}
    found = mediator.http.get("/v1/disputes", params={"phase": ""}, headers=headers)
    assert found.status_code == 400
    assert said in found.text

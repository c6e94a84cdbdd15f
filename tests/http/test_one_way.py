"""One way each, over the whole OpenAPI document: money, ids, hashes, lists, times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from tests import http_app
from tests.http.conftest import People, file_for

MONEY = {"MoneyShown", "MoneyBody"}

COUNTS = {
    ("LengthShown", "amount"): "how many units a limit is long",
    ("RemedyCode", "amount"): "whether a remedy takes an amount",
    ("AlikeCases", "amount"): "a band of amounts, by which cases are alike",
    ("PairShown", "amount"): "a band of amounts, by which cases are alike",
}
"""Fields of this name that are no money."""

HOLDERS_OF_MONEY = {
    "advanced",
    "paid",
    "amounts",
}

FORMATS = {
    ("Receipt", "case"): "the receipt's own format, which its verifier reads",
    ("CaseViewed", "case"): "an entry of the access log, as it is chained",
    ("AccessGranted", "cases"): "an entry of the access log, as it is chained",
    ("ViewRetried", "case"): "an entry of the access log, as it is chained",
    ("SubjectErased", "cases"): "how many",
    ("ImportWithdrawn", "cases"): "how many",
    ("ImportShown", "cases"): "how many",
    ("ErasureShown", "cases"): "how many",
    ("AlikeCases", "cases"): "how many",
    ("Decision", "cases"): "how many",
    ("Lateness", "cases"): "how many",
}
"""Fields that name a case otherwise, or do not name one, with the reason."""

LISTED_OTHERWISE = {
    "History": "one case's events and deadlines together; it has no next page",
    "DifferenceShown": "what lies between two moments; it has no next page",
}


document = cache(http_app.document)


def fields() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (schema, field, what it is) of everything sent or answered."""
    for name, schema in document()["components"]["schemas"].items():
        for field, said in schema.get("properties", {}).items():
            yield name, field, said


def kinds(said: dict[str, Any]) -> set[str]:
    """Return what a field may be: names of schemas, formats, types."""
    if "oneOf" in said or "anyOf" in said:
        return {
            k for one in said.get("oneOf", said.get("anyOf", ())) for k in kinds(one)
        }
    if "$ref" in said:
        return {said["$ref"].rpartition("/")[2]}
    if said.get("type") == "array":
        return kinds(said.get("items", {}))
    form = said.get("format")
    return {form} if form else {str(said.get("type"))}


def test_the_document_is_looked_at() -> None:
    assert len(list(fields())) > 900


def test_money_is_an_amount_and_its_currency() -> None:
    odd = [
        (schema, field, sorted(kinds(said)))
        for schema, field, said in fields()
        if (field == "amount" or field in HOLDERS_OF_MONEY)
        and schema not in MONEY
        and (schema, field) not in COUNTS
        and not kinds(said) <= MONEY | {"null"}
        # How often an obligation was paid, and whether the platform advanced.
        and not (field == "paid" and kinds(said) == {"integer"})
    ]
    assert odd == []
    for name in MONEY:
        properties = document()["components"]["schemas"][name]["properties"]
        assert {field: said["type"] for field, said in properties.items()} == {
            "amount": "string",
            "currency": "string",
        }
    assert "Money" not in document()["components"]["schemas"]


def test_a_thing_is_called_id_at_home_and_a_case_dispute_elsewhere() -> None:
    odd = [
        (schema, field)
        for schema, field, said in fields()
        if (schema, field) not in FORMATS
        and (
            field in {"case", "case_id", "case_ids", "dispute_id", "grant_id"}
            or (field == "cases" and kinds(said) & {"uuid", "integer"})
        )
    ]
    assert odd == []
    for schema, field, said in fields():
        if field in {"dispute", "disputes"}:
            assert kinds(said) <= {"uuid", "null", "array"}, (schema, field)


def test_every_list_is_items_and_next() -> None:
    lists = 0
    for path, item in document()["paths"].items():
        for method, about in item.items():
            for status, answer in about["responses"].items():
                schema = (answer.get("content") or {}).get("application/json", {})
                schema = schema.get("schema", {})
                if not status.startswith("2"):
                    continue
                assert schema.get("type") != "array", (method, path)
                (name,) = kinds(schema) if "$ref" in schema else [""]
                if name in LISTED_OTHERWISE:
                    continue
                known = document()["components"]["schemas"].get(name, {})
                if "items" in known.get("properties", {}):
                    lists += 1
                    # Only where it is asked for: `count=true`, `sample=20`; and where
                    # the period begins before the record does.
                    more = {"total", "sample", "record_from"}
                    assert set(known["properties"]) - more == {"items", "next"}
                    assert {"items", "next"} <= set(known["required"]), name
    assert lists >= 12


def test_times_say_so_in_their_names() -> None:
    """A moment is `…_at`, `due`, `at`, or one end of a span; a day is a `date`."""
    named = re.compile(
        r".*_at|at|due|now|since|until|start|begins|ends|due_before", re.ASCII
    )
    odd = [
        (schema, field)
        for schema, field, said in fields()
        if "date-time" in kinds(said) and not named.fullmatch(field)
    ]
    assert odd == []


def test_events_are_named_by_their_tags() -> None:
    """The tags are kebab-case; no class name of the program reaches a client."""
    tags = set()
    for schema in document()["components"]["schemas"].values():
        said = schema.get("properties", {}).get("type", {})
        tags |= {said["const"]} if "const" in said else set(said.get("enum", ()))
    assert len(tags) > 40
    assert [tag for tag in tags if not re.fullmatch(r"[a-z]+(-[a-z]+)*", tag)] == []


def test_hashes_of_contents_are_lower_case_hex(people: People) -> None:
    case = file_for(people)
    people.buyer.upload(case, b"\x89PNG\r\n\x1a\n picture")
    shown = people.buyer.get(f"/v1/disputes/{case}").json()
    history = people.auditor.get(f"/v1/audit/disputes/{case}").json()
    both = {"from": "1", "to": "2"}
    path = f"/v1/audit/disputes/{case}/difference"
    between = people.auditor.get(path, **both).json()
    hashes = [
        shown["evidence"][0]["sha256"],
        history["facts"][1]["prev"],
        history["facts"][1]["payload"]["sha256"],
        between["facts"][0]["prev"],
    ]
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in hashes), hashes
    assert between["facts"] == [history["facts"][1]]


def test_money_is_decimal_in_history_replay_and_difference(people: People) -> None:
    case = file_for(people)
    path = f"/v1/audit/disputes/{case}"
    amount = {"amount": "129.00", "currency": "CNY"}
    (filed,) = people.auditor.get(path).json()["facts"]
    assert filed["payload"]["paid"] == filed["payload"]["claim"]["amount"] == amount
    (step,) = people.auditor.get(f"{path}/replay").text.splitlines()
    told = msgspec.json.decode(step)
    assert told["payload"]["paid"] == told["state"]["paid"] == amount
    both = {"from": "0", "to": "1"}
    changes = people.auditor.get(f"{path}/difference", **both).json()["changes"]
    assert amount in [one["after"] for one in changes if one["field"] == "paid"]


def test_lists_of_grants_and_erasures_have_pages(people: People) -> None:
    for number in range(5):
        people.supervisor.post(
            "/v1/audit/grants",
            {
                "reader": f"a-{number}",
                "role": "auditor",
                "begins": "2026-03-01T00:00:00+08:00",
                "ends": "2026-12-01T00:00:00+08:00",
                "purpose": "x",
            },
        )
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = people.supervisor.get("/v1/audit/grants", limit=2, **cursor).json()
        seen += [one["reader"] for one in answer["items"]]
        if answer["next"] is None:
            break
        cursor = {"cursor": answer["next"]}
    assert sorted(seen) == [f"a-{number}" for number in range(5)]
    assert people.supervisor.get("/v1/erasures", limit=1).json() == {
        "items": [],
        "next": None,
    }

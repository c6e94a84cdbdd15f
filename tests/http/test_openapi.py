"""The OpenAPI document shows a good example of every body and of the main answers."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from interface.api.cursors import Page
from interface.api.openapi import case_examples, oversight_examples
from interface.api.openapi.answer_links import OF_AN_OPERATION
from interface.api.responses.case import BuyerCase
from interface.api.responses.case_list import CaseListed
from interface.api.responses.fact_list import FactFound
from interface.api.routes.audit import History
from interface.api.routes.transparency import ReportShown

JSON = "application/json"


@pytest.fixture
def paths(http: TestClient[Any]) -> dict[str, Any]:
    document: dict[str, Any] = http.get("/schema/openapi.json").json()
    paths: dict[str, Any] = document["paths"]
    return paths


def has_example(media: dict[str, Any]) -> bool:
    schema = media.get("schema", {})
    return bool(media.get("examples") or schema.get("examples"))


def test_every_body_has_an_example(paths: dict[str, Any]) -> None:
    shown = 0
    for path, item in paths.items():
        content = item.get("post", {}).get("requestBody", {}).get("content", {})
        for kind, media in content.items():
            assert has_example(media), (path, kind)
            shown += 1
    assert shown >= 13


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("post", "/v1/disputes", "201"),
        ("get", "/v1/disputes", "200"),
        ("get", "/v1/disputes/{dispute_id}", "200"),
        ("post", "/v1/disputes/{dispute_id}/ruling", "200"),
        ("get", "/v1/queue", "200"),
        ("post", "/v1/queue/claim", "200"),
        ("get", "/v1/audit/disputes/{dispute_id}", "200"),
        ("get", "/v1/audit/search", "200"),
        ("get", "/v1/transparency/reports/{period}", "200"),
    ],
)
def test_the_main_answers_have_an_example(
    paths: dict[str, Any], method: str, path: str, status: str
) -> None:
    answer = paths[path][method]["responses"][status]
    assert answer["content"][JSON]["examples"]["answer"]["value"]


def test_the_answer_to_a_filing_has_its_headers(paths: dict[str, Any]) -> None:
    headers = paths["/v1/disputes"]["post"]["responses"]["201"]["headers"]
    assert set(headers) == {"ETag", "Location", "Link"}
    read = paths["/v1/disputes/{dispute_id}"]["get"]["responses"]["200"]
    assert set(read["headers"]) == {"ETag"}


def test_links_lead_to_operations_and_name_their_parameters(
    paths: dict[str, Any],
) -> None:
    operations = {
        about["operationId"]: about
        for path in paths.values()
        for about in path.values()
    }
    found = [
        link
        for about in operations.values()
        for answer in about["responses"].values()
        for link in answer.get("links", {}).values()
    ]
    assert len(found) > 100
    for link in found:
        taken = {one["name"] for one in operations[link["operationId"]]["parameters"]}
        assert set(link["parameters"]) <= taken


def test_links_name_fields_that_the_answer_has(paths: dict[str, Any]) -> None:
    body = "$response.body#/"
    seen = 0
    for path in paths.values():
        for answer in (one for about in path.values() for one in _answers(about)):
            (shown,) = answer["content"][JSON]["examples"].values()
            for link in answer["links"].values():
                for said in link["parameters"].values():
                    if said.startswith(body):
                        field = said.removeprefix(body).partition("/")[0]
                        assert field in shown["value"], link
                        seen += 1
    assert seen > 50


def _answers(about: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in about["responses"].values() if "links" in one]


def test_every_operation_of_which_links_are_known_has_them(
    paths: dict[str, Any],
) -> None:
    with_links = {
        about["operationId"]
        for path in paths.values()
        for about in path.values()
        if any("links" in answer for answer in about["responses"].values())
    }
    assert set(OF_AN_OPERATION) <= with_links


def test_the_examples_of_answers_are_answers() -> None:
    msgspec.convert(case_examples.CASE, BuyerCase)
    msgspec.convert(case_examples.CASES, Page[CaseListed])
    msgspec.convert(case_examples.HISTORY, History)
    msgspec.convert(case_examples.FACTS, Page[FactFound])
    msgspec.convert(oversight_examples.REPORT, ReportShown)


def test_every_tag_is_described(http: TestClient[Any]) -> None:
    document = http.get("/schema/openapi.json").json()
    described = {one["name"] for one in document["tags"]}
    used = {
        tag
        for item in document["paths"].values()
        for operation in item.values()
        for tag in operation.get("tags", ())
    }
    assert used == described

"""Which values there are: in the tables, and in the answer to a wrong one."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest
from litestar.testing import TestClient

from domain.appeal.events import AppealGround, AppealResult
from domain.case.dispute import Phase
from domain.case.outcome import Outcome
from domain.deadlines.deadline import Awaited
from domain.escalation.events import Trigger
from domain.roles import Party
from domain.ruling.reasons import Automation
from domain.suspension.events import SuspensionCause
from tests.http.conftest import People, file_for


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("phases", Phase),
        ("outcomes", Outcome),
        ("parties", Party),
        ("triggers", Trigger),
        ("appeal_grounds", AppealGround),
        ("appeal_results", AppealResult),
        ("suspension_causes", SuspensionCause),
        ("automation", Automation),
    ],
)
def test_every_fixed_code_has_words(
    http: TestClient[Any], table: str, kind: type[StrEnum]
) -> None:
    shown = http.get("/v1/codes").json()[table]
    assert set(shown) == set(kind)
    assert all(words["zh"] and words["en"] for words in shown.values())


def test_all_that_is_awaited_has_words(http: TestClient[Any]) -> None:
    assert set(http.get("/v1/codes").json()["awaited"]) == {*Awaited, "service"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wrong_code_is_answered_with_those_there_are(
    people: People, language: str
) -> None:
    path = f"/v1/disputes/{file_for(people)}/appeal"
    body = {"ground": "anger", "statement": "No."}
    response = people.buyer.post(path, body, Accept_Language=language)
    (fault,) = response.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/ground", "not-one-of")
    assert "new-evidence, error" in fault["detail"]


def test_codes_inside_of_lists_and_queries_are_named_too(people: People) -> None:
    reason = {
        "issue": "?",
        "finding": "!",
        "rule": {"id": "1", "version": "1", "article": "1"},
    }
    ruling = {"liability": "seller", "remedies": [], "reasons": [reason]}
    ruling["reasons"] = [reason | {"burden": "nobody"}]
    path = f"/v1/disputes/{file_for(people)}/ruling"
    inside = people.mediator.post(path, ruling).json()["errors"][0]["detail"]
    assert inside.endswith("buyer, seller")
    asked = people.mediator.get("/v1/disputes", phase="somewhere").json()
    assert "filed, awaiting-response" in asked["errors"][0]["detail"]


def test_an_upload_that_is_not_of_its_type_says_so_in_both_languages(
    people: People,
) -> None:
    case = file_for(people)
    buyer = people.buyer
    headers = buyer.headers
    said = []
    for language in ("zh", "en"):
        buyer.headers = headers | {"Accept-Language": language}
        response = buyer.upload(case, b"<html>")
        assert response.status_code == 415
        (fault,) = response.json()["errors"]
        assert (fault["pointer"], fault["code"]) == ("/file", "begins-otherwise")
        said.append(fault["detail"])
    assert said[0].startswith("文件内容与文件类型 image/png")
    assert said[1].startswith("does not begin as a file of the type image/png")


def test_a_second_filing_is_told_of_reopening_and_appeal(people: People) -> None:
    file_for(people)
    again = people.buyer.file()
    assert "re-opened with new facts, or appealed" in again.json()["detail"]

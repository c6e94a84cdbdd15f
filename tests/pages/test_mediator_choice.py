"""Whom a supervisor gives a case to: a list with everybody's cases, or an id."""

from __future__ import annotations

import re
from uuid import uuid4

import httpx
import pytest

from interface.run.worker import Worker
from tests.http.conftest import People, file_for
from tests.pages.conftest import Browse, Browser

CHOICE = re.compile(
    r'<select id="f\d+-mediator" name="mediator".*?</select>', re.DOTALL
)
OPTION = re.compile(r'<option value="([^"]*)"[^>]*>([^<]*)')


def given_to(people: People, background: Worker, *mediators: str) -> list[str]:
    """File a case for each mediator, who then has it."""
    cases = []
    for n, one in enumerate(mediators):
        cases.append(file_for(people, f"o-{n}"))
        people.supervisor.act(cases[-1], "assignment", {"mediator": one})
    background.catch_up()
    return cases


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "m-2 · 在办 2 件"), ("en", "m-2 · 2 open")]
)
def test_the_list_names_who_has_cases_and_how_many(
    browse: Browse, people: People, background: Worker, lang: str, words: str
) -> None:
    case, *_ = given_to(people, background, "m-1", "m-2", "m-2", "m-3")
    page = browse("supervisor", lang=lang).page(f"/desk/cases/{case}")
    assignment, recusal = CHOICE.findall(page)
    # Who has the case is not offered it, but may have to leave it.
    assert [one for one, _ in OPTION.findall(assignment)] == ["", "v-1", "m-2", "m-3"]
    assert {one for one, _ in OPTION.findall(recusal)} == {
        "",
        "v-1",
        "m-1",
        "m-2",
        "m-3",
    }
    assert words in [text for _, text in OPTION.findall(assignment)]
    # A mediator names nobody else.
    assert (
        OPTION.findall(
            CHOICE.findall(browse("mediator").page(f"/desk/cases/{case}"))[0]
        )[1][0]
        == "m-1"
    )


def assigned(browser: Browser, case: str, **form: str) -> httpx.Response:
    sent = {"key": str(uuid4()), "version": "2"} | form
    return browser.post(f"/desk/cases/{case}/act/assignment", **sent)


@pytest.mark.parametrize(
    ("form", "who"),
    [
        ({"mediator": "m-2", "other_mediator": ""}, "m-2"),
        ({"mediator": "", "other_mediator": " m-2 "}, "m-2"),
        (
            {"mediator": "", "other_mediator": "m-9", "confirmed_mediator": "m-9"},
            "m-9",
        ),
        # The button that claims a case names nobody.
        ({}, "v-1"),
    ],
)
def test_a_case_is_given_to_whom_was_chosen_or_typed(
    browse: Browse,
    people: People,
    background: Worker,
    form: dict[str, str],
    who: str,
) -> None:
    case, _ = given_to(people, background, "m-1", "m-2")
    supervisor = browse("supervisor")
    sent = assigned(supervisor, case, **form)
    assert sent.status_code == 303
    assert f"案件现由 {who} 承办" in supervisor.page(sent.headers["location"])
    assert people.supervisor.get(f"/v1/disputes/{case}").json()["assignee"] == who


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"mediator": "", "other_mediator": ""}, "请选择改派给谁"),
        ({"mediator": "m-2", "other_mediator": "m-9"}, "请清空其中一项"),
        ({"mediator": "", "other_mediator": "m-9"}, "没有在办案件"),
        (
            {"mediator": "", "other_mediator": "m-9", "confirmed_mediator": "m-8"},
            "没有在办案件",
        ),
    ],
)
def test_an_unclear_choice_is_told_at_its_field_and_gives_the_case_to_nobody(
    browse: Browse,
    people: People,
    background: Worker,
    form: dict[str, str],
    words: str,
) -> None:
    case, _ = given_to(people, background, "m-1", "m-2")
    sent = assigned(browse("supervisor"), case, **form)
    assert sent.status_code >= 400
    flaw = r'<span class="err-msg" id="f\d+-(other_)?mediator-flaw">.*?' + words
    assert re.search(flaw, sent.text)
    asked = 'name="confirmed_mediator" value="m-9"' in sent.text
    assert asked is (form["other_mediator"] == "m-9")
    assert people.supervisor.get(f"/v1/disputes/{case}").json()["assignee"] == "m-1"


def test_who_may_not_have_it_is_told_at_the_field(
    browse: Browse, people: People, background: Worker
) -> None:
    case, _ = given_to(people, background, "m-1", "m-2")
    sent = browse("supervisor").post(
        f"/desk/cases/{case}/act/assignment",
        key=str(uuid4()),
        version="2",
        other_mediator="s-1",
        confirmed_mediator="s-1",
    )
    assert sent.status_code == 422
    assert re.search(r'id="f\d+-mediator-flaw"', sent.text)
    assert re.search(r'name="other_mediator" value="s-1"', sent.text)

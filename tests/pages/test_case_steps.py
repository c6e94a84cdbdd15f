"""The head of a case's page tells what has happened, and nothing that has not."""

from __future__ import annotations

import re

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for
from tests.pages.conftest import Browse

STEP = re.compile(r"<li(?: ([^>]*))?><span class=\"dot\">.*?<b>([^<]*)</b>(.*?)</li>")


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "不作要求"), ("en", "nothing is required")],
)
def test_evidence_that_nobody_has_to_hand_in_is_not_told_as_handed_in(
    browse: Browse, people: People, background: Worker, lang: str, words: str
) -> None:
    case = file_for(people, category="delivery", reason="late-dispatch")
    background.catch_up()
    page = browse("mediator", lang=lang).page(f"/desk/cases/{case}")
    proof = page.partition('class="meta proof"')[2].partition("</dl>")[0]
    assert words in proof
    assert "u-done" not in proof


@pytest.mark.parametrize(("lang", "word"), [("zh", "未经过"), ("en", "skipped")])
def test_steps_that_a_case_did_not_take_are_told_as_skipped(
    browse: Browse,
    people: People,
    background: Worker,
    clock: Clock,
    lang: str,
    word: str,
) -> None:
    case = CaseStory(people, background, clock)
    refusal = {"ground": "no-basis", "explanation": "No.", "routes": ["court"]}
    case.act("mediator", "refusal", refusal)
    steps = STEP.findall(browse("supervisor", lang=lang).page(f"/desk/cases/{case.id}"))
    states = [state for state, _, _ in steps]
    skipped = 'class="skipped"'
    assert states == ['class="refused"', *[skipped] * 5, 'aria-current="step"']
    assert [word in more for _, _, more in steps] == [one == skipped for one in states]


def test_a_seller_who_did_not_answer_has_no_answer_ticked(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    case = CaseStory(people, background, clock).admitted()
    case.passes(5)
    case.act("buyer", "escalation", {"trigger": "no-response"})
    steps = STEP.findall(browse("mediator").page(f"/desk/cases/{case.id}"))
    assert [(state, name) for state, name, _ in steps[1:4]] == [
        ('class="done"', "卖家未答复"),
        ('class="skipped"', "协商"),
        ('aria-current="step"', "举证"),
    ]


@pytest.mark.parametrize(
    ("lang", "words", "gone"),
    [
        ("zh", "没有答复", ("待领取", "尚未答复", "提出后会", "未设时限")),
        ("en", "did not answer", ("Unclaimed", "answered yet", "will be", "No deadl")),
    ],
)
def test_a_closed_case_tells_of_nothing_that_is_still_to_come(
    browse: Browse,
    people: People,
    background: Worker,
    lang: str,
    words: str,
    gone: tuple[str, ...],
) -> None:
    case = file_for(people)
    people.buyer.act(case, "withdrawal", {})
    background.catch_up()
    page = browse("supervisor", lang=lang).page(f"/desk/cases/{case}")
    assert words in page
    assert [one for one in gone if one in page] == []


def test_a_closed_case_tells_until_when_it_can_be_appealed(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    case = CaseStory(people, background, clock)
    refusal = {"ground": "no-basis", "explanation": "No.", "routes": ["court"]}
    case.act("mediator", "refusal", refusal)
    page = browse("supervisor").page(f"/desk/cases/{case.id}")
    head = page.partition('<dl class="now')[2].partition("</dl>")[0]
    assert "申诉 · 买家" in head
    assert "未设时限" not in head


@pytest.mark.parametrize(("lang", "word"), [("zh", "不予受理"), ("en", "refused")])
def test_a_case_that_was_not_admitted_has_no_admission_ticked(
    browse: Browse,
    people: People,
    background: Worker,
    clock: Clock,
    lang: str,
    word: str,
) -> None:
    case = CaseStory(people, background, clock)
    refusal = {"ground": "no-basis", "explanation": "No.", "routes": ["court"]}
    case.act("mediator", "refusal", refusal)
    supervisor = browse("supervisor", lang=lang)
    state, _, more = STEP.findall(supervisor.page(f"/desk/cases/{case.id}"))[0]
    assert state == 'class="refused"'
    assert word in more


def test_who_takes_back_a_case_at_once_has_skipped_admission(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    case = CaseStory(people, background, clock)
    case.act("buyer", "withdrawal", {})
    state, _, _ = STEP.findall(browse("mediator").page(f"/desk/cases/{case.id}"))[0]
    assert state == 'class="skipped"'

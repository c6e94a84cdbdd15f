"""What forms of a case offer to choose, and what they say beforehand."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import RULING, CaseStory
from tests.http.conftest import People
from tests.pages.conftest import Browse, Browser, check_page
from tests.pages.visited_cases import APPEAL

OPTION = re.compile(r'<option value="([^"]*)"[^>]*>([^<]*)</option>')


def form_of(page: str, path: str) -> str:
    found = re.search(rf'<form[^>]*/act/{path}".*?</form>', page, re.DOTALL)
    assert found, path
    return found[0]


def act(browser: Browser, case: str, path: str, version: int, **form: str) -> str:
    sent = {"key": str(uuid4()), "version": str(version)} | form
    answer = browser.post(f"/desk/cases/{case}/act/{path}", **sent)
    if answer.status_code == 303:
        return answer.headers["location"]
    check_page(answer)
    return answer.text


@pytest.mark.parametrize(("lang", "title"), [("zh", "第三条"), ("en", "Article 3")])
def test_the_burden_of_proof_rests_on_an_article_chosen_by_its_title(
    browse: Browse,
    people: People,
    background: Worker,
    clock: Clock,
    lang: str,
    title: str,
) -> None:
    story = CaseStory(people, background, clock).escalated()
    mediator, version = browse("mediator", lang=lang), story.seen()["version"]
    form = form_of(mediator.page(f"/desk/cases/{story.id}"), "burden")
    choices = dict(OPTION.findall(form))
    assert title in choices["sample-platform/1/3"]
    assert 'name="rule.id"' not in form
    assert 'name="rule.article"' not in form
    sent = {"party": "seller", "why": "It was sealed."}
    empty = act(mediator, story.id, "burden", version, **sent)
    assert re.search(r'id="f\d+-rule-flaw"', empty)
    wrong = act(mediator, story.id, "burden", version, rule="sample/9/3", **sent)
    assert re.search(r'id="f\d+-rule-flaw"', wrong)
    cited = {"rule": "sample-platform/1/3"}
    # What was chosen stays chosen where something else is wrong.
    unsaid = act(mediator, story.id, "burden", version, party="seller", **cited)
    assert '<option value="sample-platform/1/3" selected>' in unsaid
    done = act(mediator, story.id, "burden", version, **cited, **sent)
    assert done.endswith("?done=burden")
    assert story.seen()["burden"]["rule"] == {
        "id": "sample-platform",
        "version": "1",
        "article": "3",
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_extension_says_what_the_end_is_now_and_will_be(
    browse: Browse, people: People, background: Worker, clock: Clock, lang: str
) -> None:
    story = CaseStory(people, background, clock).escalated()
    supervisor = browse("supervisor", lang=lang)
    page = supervisor.page(f"/desk/cases/{story.id}")
    form = form_of(page, "extension")
    ends = re.findall(r'<time datetime="([^"]+)"', form.partition("</dl>")[0])
    due = story.seen()["waiting_on"]["due"]
    assert ends[0] == due
    sent = {
        name: re.findall(rf'name="{name}" value="([^"]+)"', form)[0]
        for name in ("awaited", "party")
    }
    version = story.seen()["version"]
    act(supervisor, story.id, "extension", version, why="Travelling.", **sent)
    limits = people.auditor.get(f"/v1/disputes/{story.id}/deadlines").json()
    moved = [
        one["due"]
        for one in limits["deadlines"]
        if (one["awaited"], one["party"]) == (sent["awaited"], sent["party"])
    ]
    assert moved == [ends[1]]
    assert ends[1] > ends[0]


@pytest.mark.parametrize(
    ("lang", "words", "view"),
    [
        ("zh", "由 m-1 起草", "裁决待复核"),
        ("en", "A ruling waits for a second look: m-1 wrote it", "second look"),
    ],
)
def test_a_ruling_that_waits_for_a_second_person_is_seen_everywhere(
    browse: Browse,
    people: People,
    background: Worker,
    clock: Clock,
    lang: str,
    words: str,
    view: str,
) -> None:
    story = CaseStory(people, background, clock).to_rule()
    story.act("mediator", "ruling-draft", RULING)
    second = browse("mediator", "m-2", lang=lang)
    head = second.page(f"/desk/cases/{story.id}").partition('class="jump"')[0]
    assert words in head
    assert 'href="#draft"' in head
    queue = second.page("/desk")
    side = re.search(r'href="/desk\?second=true".*?<b>(\d+)</b>', queue, re.DOTALL)
    assert side
    assert side[1] == "1"
    row = second.page("/desk", second="true").partition('<tr class="row"')[2]
    assert story.id in row
    assert view in row
    # Issued, it waits no more.
    story.act("mediator", "ruling-draft/approval", who="m-2")
    background.catch_up()
    assert story.id not in second.page("/desk", second="true")
    assert words not in second.page(f"/desk/cases/{story.id}")


def test_a_case_waits_for_no_refusal(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock)
    filed = browse("mediator").page(f"/desk/cases/{story.id}")
    assert waits(filed) == ["admission"]
    story = story.ruled()
    story.act("seller", "appeal", APPEAL)
    appealed = browse("supervisor", "v-2").page(f"/desk/cases/{story.id}")
    assert "/act/appeal/refusal" in appealed
    assert waits(appealed) == []


def waits(page: str) -> list[str]:
    """Return the actions that the page says the case waits for."""
    shown = re.findall(
        r'<details class="act" id="act-([a-z-]+)-\d+"[^>]*>(.*?)</summary>',
        page,
        re.DOTALL,
    )
    return [name for name, words in shown if "本案等待此项" in words]


@pytest.mark.parametrize(
    ("lang", "ruling", "admission", "held"),
    [
        ("zh", "第 1 号凭证还没有审核", "只能在以下阶段办理", "案件由 m-2 承办"),
        ("en", "no. 1 is not assessed", "Only possible in the phase", "is with m-2"),
    ],
)
def test_what_cannot_be_done_now_says_why(
    browse: Browse,
    people: People,
    background: Worker,
    clock: Clock,
    lang: str,
    ruling: str,
    admission: str,
    held: str,
) -> None:
    story = CaseStory(people, background, clock).escalated()
    story.passes(3)
    mediator = browse("mediator", lang=lang)
    why = reasons(mediator.page(f"/desk/cases/{story.id}"))
    assert ruling in why["作出裁决" if lang == "zh" else "Rule"]
    assert admission in why["受理" if lang == "zh" else "Admit"]
    # What a role never does is not listed, nor what can be done.
    assert not why.keys() & {"提出申诉", "Appeal", "添加内部备注", "Add a note"}
    story.act("supervisor", "assignment", {"mediator": "m-2"})
    why = reasons(mediator.page(f"/desk/cases/{story.id}"))
    assert held in why["作出裁决" if lang == "zh" else "Rule"]


def reasons(page: str) -> dict[str, str]:
    part = page.partition('class="item not-now"')[2].partition("</details>")[0]
    return dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", part))


def test_a_second_person_leaves_a_note_for_who_wrote_the_draft(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock).to_rule()
    story.act("mediator", "ruling-draft", RULING)
    page = browse("mediator", "m-2").page(f"/desk/cases/{story.id}")
    draft = page.partition('id="draft"')[2].partition("</section>")[0]
    assert f"/desk/cases/{story.id}/act/notes" in draft
    assert "给起草人的修改意见" in draft
    # Who wrote it needs none.
    own = browse("mediator", "m-1").page(f"/desk/cases/{story.id}")
    assert "给起草人的修改意见" not in own

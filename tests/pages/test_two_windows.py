"""Two windows write one draft of a ruling: neither overwrites the other unasked."""

from __future__ import annotations

import re
from html import unescape
from threading import Barrier, Thread
from uuid import UUID, uuid4

import httpx
import pytest

from application.cases.ruling_drafts import Overtaken, RulingDrafts, Writing
from domain.roles import Actor, Role
from interface.bootstrap import System
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People
from tests.pages.browser import chromium
from tests.pages.conftest import Browse, Browser, check_page
from tests.pages.page_visits import Visit
from tests.pages.test_ruling_page import WRITTEN

ISSUE, FINDING = "reasons.0.issue", "reasons.0.finding"
HIDDEN = re.compile(r'name="(version|window|edition|other_edition)" value="([^"]*)"')


@pytest.fixture
def story(people: People, background: Worker, clock: Clock) -> CaseStory:
    return CaseStory(people, background, clock).to_rule()


class Window:
    """A window without script: what its page shows goes along with the next form."""

    def __init__(self, browser: Browser, case: str) -> None:
        self.browser, self.path = browser, f"/desk/cases/{case}/ruling"
        self.hidden = dict(HIDDEN.findall(browser.page(self.path)))

    def send(self, act: str, **typed: str) -> httpx.Response:
        form = {"do": act, "key": str(uuid4())} | self.hidden | WRITTEN | typed
        answer = self.browser.post(self.path, **form)
        if answer.headers.get("location") == self.path:
            self.hidden = dict(HIDDEN.findall(self.browser.page(self.path)))
        elif answer.status_code != 303:
            self.hidden = dict(HIDDEN.findall(answer.text))
        return answer


def words_of(answer: httpx.Response) -> str:
    return unescape(answer.text)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("act", ["save", "preview", "live", "send", "hand-over"])
def test_an_older_window_overwrites_nothing(
    browse: Browse, people: People, story: CaseStory, lang: str, act: str
) -> None:
    mediator = browse("mediator", lang=lang)
    old, new = Window(mediator, story.id), Window(mediator, story.id)
    there = {FINDING: "The courier admitted it."}
    # A row more in which nothing is written differs in nothing.
    assert new.send("add-remedy", **there).status_code == 303
    answer = old.send(act, **{FINDING: "The photo is blurred."})
    assert answer.status_code == 409
    if act != "live":
        check_page(answer)
    told = words_of(answer)
    assert {"zh": "您在另一个窗口保存了这份草稿", "en": "You saved this draft"}[
        lang
    ] in told
    assert "The courier admitted it." in told
    assert "The photo is blurred." in told
    # Only what differs is listed.
    listed = told.partition('class="differs"')[2].partition("</dl>")[0]
    assert listed.count("<dt>") == 1
    assert people.mediator.get(f"/v1/disputes/{story.id}").json()["ruling"] is None
    kept = mediator.page(f"/desk/cases/{story.id}/ruling")
    assert "The courier admitted it." in kept
    assert "The photo is blurred." not in kept


def test_one_of_the_two_is_chosen(browse: Browse, story: CaseStory) -> None:
    mediator = browse("mediator")
    old, new = Window(mediator, story.id), Window(mediator, story.id)
    new.send("save", **{FINDING: "Other."})
    old.send("save", **{FINDING: "Here."})
    kept = old.send("keep-here", **{FINDING: "Here."})
    assert kept.status_code == 303
    assert old.send("save", **{FINDING: "Here, again."}).status_code == 303
    assert "Here, again." in mediator.page(old.path)
    # The other window has not seen that, and takes it.
    assert new.send("save", **{FINDING: "Other."}).status_code == 409
    taken = new.send("take-other", **{FINDING: "Other."})
    assert taken.status_code == 303
    assert "Here, again.</textarea>" in mediator.page(new.path)
    assert new.send("send", **{FINDING: "Here, again."}).status_code == 303


def test_who_keeps_theirs_is_told_of_what_came_since(
    browse: Browse, story: CaseStory
) -> None:
    mediator = browse("mediator")
    old, new = Window(mediator, story.id), Window(mediator, story.id)
    new.send("save", **{FINDING: "Other."})
    old.send("save", **{FINDING: "Here."})
    new.send("save", **{FINDING: "Other, newer."})
    again = old.send("keep-here", **{FINDING: "Here."})
    assert again.status_code == 409
    assert "Other, newer." in again.text


def test_one_window_goes_on_after_an_answer_that_was_lost(
    browse: Browse, story: CaseStory
) -> None:
    window = Window(browse("mediator"), story.id)
    before = dict(window.hidden)
    window.send("live", **{FINDING: "One"})
    window.hidden = before
    assert window.send("live", **{FINDING: "One, two"}).status_code == 200


def test_of_two_at_one_moment_one_is_told(system: System, story: CaseStory) -> None:
    drafts = RulingDrafts(system.database, system.keys)
    case, actor = (
        system.disputes.find(UUID(story.id)),
        Actor(role=Role.MEDIATOR, id="m-1"),
    )
    begin, ends = Barrier(2), []

    def save(window: str) -> None:
        writing = Writing(texts={ISSUE: (window,)}, window=window)
        begin.wait()
        try:
            ends.append(drafts.save(case, actor, writing, system.clock()))
        except Overtaken as error:
            ends.append(error.draft)

    both = [Thread(target=save, args=(name,)) for name in ("a", "b")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    # Whoever was second is told of the first one's draft.
    assert len(ends) == 2
    assert ends[0] is not None
    assert ends[1] is not None
    assert ends[0].texts == ends[1].texts


def test_saving_as_one_types_asks_too(browse: Browse, story: CaseStory) -> None:
    with chromium() as browser:
        visit = Visit(browser, browse("mediator", lang="en"))
        other = visit.opened()
        page = visit.goto(f"/desk/cases/{story.id}/ruling")
        other.goto(page.url)
        other.fill("#r-reasons-0-finding", "The courier admitted it.")
        other.locator("#live-sum", has_text="Draft saved").wait_for()
        page.fill("#r-reasons-0-finding", "The photo is blurred.")
        page.locator("#live-conflict", has_text="The courier admitted it.").wait_for()
        assert page.input_value("#r-reasons-0-finding") == "The photo is blurred."
        page.click("text=Keep what is here")
        page.locator("#live-sum", has_text="Draft saved").wait_for()
        assert page.input_value("#r-reasons-0-finding") == "The photo is blurred."
        # Nothing stands in the way of going on.
        page.fill("#r-reasons-0-issue", "Was it defective?")
        page.wait_for_timeout(1500)
        assert not page.locator("#live-conflict .errsum").count()
        visit.close()

"""A party's list: what waits for them first, what it says, and what is not in it."""

from __future__ import annotations

import re

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for
from tests.pages.conftest import Browse


def test_what_waits_for_the_reader_comes_first(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    waiting = CaseStory(people, background, clock, file_for(people, "o-9")).admitted()
    other = file_for(people, "o-8")
    background.catch_up()
    seller = browse("seller").page("/cases")
    first = seller.partition('id="first-h"')[2].partition("</section>")[0]
    assert f"/cases/{waiting.id}" in first
    assert "剩" in first
    assert "请卖家" in first
    # The seller knows nothing of a case before its admission.
    assert other not in seller
    buyer = browse("buyer").page("/cases")
    assert 'id="first-h"' not in buyer
    assert f"/cases/{waiting.id}" in buyer
    assert f"/cases/{other}" in buyer
    people.buyer.act(other, "withdrawal", {})
    background.catch_up()
    assert other not in browse("buyer").page("/cases")
    closed = browse("buyer").page("/cases?show=closed")
    assert f"/cases/{other}" in closed
    assert waiting.id not in closed
    assert other not in browse("buyer").page("/cases?show=yours")
    found = browse("buyer").page("/cases?q=o-9")
    assert waiting.id in found
    assert waiting.id not in browse("buyer").page("/cases?q=nothing-such")


def test_strangers_are_led_to_what_they_may_read_and_to_signing_in(
    browse: Browse,
) -> None:
    stranger = browse(None)
    head = stranger.page("/rules").partition("<header")[2].partition("</header>")[0]
    nav = head.partition("<nav")[2].partition("</nav>")[0]
    ways = re.findall(r'href="([^"]+)"', nav)
    assert ways == ["/figures", "/sanctions", "/rules", "/log", "/verify"]
    for way in ways:
        answer = stranger.get(way)
        assert (answer.status_code, str(answer.url.path)) == (200, way)
    assert 'href="/sign-in"' in head


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_list_says_what_will_stand_there(browse: Browse, lang: str) -> None:
    buyer = browse("buyer", "b-9", lang=lang).page("/cases")
    assert 'href="/cases/new"' in buyer
    assert "Nothing" not in buyer or lang == "en"
    seller = browse("seller", "s-9", lang=lang).page("/cases")
    assert 'href="/cases/new"' not in seller
    for show in ("yours", "closed"):
        browse("buyer", "b-9", lang=lang).page(f"/cases?show={show}")
    assert browse("buyer").get("/cases?show=everything").status_code == 400


def test_a_long_list_has_pages(
    browse: Browse, people: People, background: Worker
) -> None:
    for n in range(32):
        file_for(people, f"o-{n}")
    background.catch_up()
    buyer = browse("buyer")
    first = buyer.page("/cases")
    assert first.count('<li class="card">') == 30
    following = first.partition('rel="next"')[0].rpartition('href="')[2].rstrip('" ')
    second = buyer.page(following)
    assert second.count('<li class="card">') == 2
    # A cursor is of one list and one reader.
    assert browse("buyer", "b-2").get(following).status_code == 400


def test_signing_in_leads_parties_to_their_cases(browse: Browse) -> None:
    for role, nav in (("buyer", "/cases"), ("seller", "/cases"), ("mediator", "/desk")):
        page = browse(role).page("/")
        head = page.partition("<nav")[2].partition("</nav>")[0]
        assert f'href="{nav}"' in head
        hidden = "/desk" if nav == "/cases" else "/cases"
        assert f'href="{hidden}"' not in head


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_notices_are_those_of_the_api(
    browse: Browse, people: People, background: Worker, clock: Clock, lang: str
) -> None:
    assert 'class="card pad empty"' in browse("seller", lang=lang).page(
        "/cases/notices"
    )
    story = CaseStory(people, background, clock).contested()
    half = {"kind": "refund", "amount": {"amount": "64.50", "currency": "CNY"}}
    story.act("seller", "offers", {"terms": half})
    background.catch_up()
    for role in ("buyer", "seller"):
        person = getattr(people, role)
        headers = person.headers | {"Accept-Language": lang}
        told = person.http.get("/v1/notices", headers=headers).json()["items"]
        page = browse(role, lang=lang).page("/cases/notices")
        listed = page.partition('class="rows card"')[2].partition("</ul>")[0]
        assert told
        assert listed.count("<li>") == len(told)
        for one in told:
            assert one["words"] in listed
            assert f"/cases/{one['dispute']}" in listed
    assert story.id not in browse("buyer", "b-2", lang=lang).page("/cases/notices")
    assert browse("mediator").get("/cases/notices").status_code == 403

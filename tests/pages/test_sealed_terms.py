"""No person stands in an address: what names one is sealed, for its reader alone."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People
from tests.pages.browser import chromium
from tests.pages.conftest import Browse, Browser, check_page
from tests.pages.page_visits import Visit
from tests.pages.record_reader import RecordReaders

ADDRESS = re.compile(r'\b(?:href|src|(?:form)?action)="([^"]*)"')
PERSON = re.compile(r"(?<![\w-])[bsmv]-[0-9]+(?![\w-])")

SEARCHES = [
    ("/desk", {"q": "s-1", "assignee": "m-1", "phase": "ruling"}, "mediator"),
    ("/desk", {"assignee": "m-1"}, "supervisor"),
    ("/cases", {"q": "s-1", "show": "closed"}, "buyer"),
    ("/cases", {"q": "b-1"}, "seller"),
    ("/record", {"seller": "s-1", "buyer": "b-1", "type": "filed"}, "supervisor"),
    ("/record", {"actor": "m-1", "decider": "m-1"}, "supervisor"),
    ("/record/samples", {"seller": "s-1", "count": "5", "seed": "x"}, "supervisor"),
    ("/record/accesses", {"reader": "v-1"}, "supervisor"),
]


@pytest.fixture
def story(people: People, background: Worker, clock: Clock) -> CaseStory:
    story = CaseStory(people, background, clock).ruled()
    background.catch_up()
    return story


def reader(browse: Browse, path: str, role: str) -> Browser:
    if not path.startswith("/record"):
        return browse(role)
    readers = RecordReaders(browse.http, browse.system)
    return readers.who_has_said(path, role=role, lang="zh")


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(("path", "asked", "role"), SEARCHES)
def test_a_search_is_posted_and_leads_to_an_address_that_names_nobody(
    browse: Browse, path: str, asked: dict[str, str], role: str
) -> None:
    who = reader(browse, path, role)
    sent = who.post(path, **asked)
    assert sent.status_code == 303, sent.text
    where = sent.headers["location"]
    assert not PERSON.search(where), where
    # Codes stay readable, and the same search has the same address.
    plain = {name for name, text in asked.items() if not PERSON.fullmatch(text)}
    assert set(parse_qs(urlsplit(where).query)) == plain | {"sealed"}
    assert who.post(path, **asked).headers["location"] == where
    page = who.page(where)
    for text in asked.values():
        assert f'value="{text}"' in page or path == "/desk", text
    if "q" in asked:
        assert f'name="q" value="{asked["q"]}"' in page
    # An old bookmark is led there at once, and shows the same.
    old = who.http.build_request("GET", path, params=asked).url
    answer = who.answer_of(f"{old.path}?{old.query.decode()}")
    assert answer.status_code == 303
    assert answer.headers["location"] == where
    # In a later session it opens; for nobody else, and not when it was damaged.
    assert reader(browse, path, role).get(where).status_code == 200
    for bad in (where[:-2], where.replace("sealed=", "sealed=A")):
        refused = who.get(bad)
        check_page(refused)
        assert refused.status_code == 400
        assert "无法打开" in refused.text
    if path == "/desk" and role == "mediator":
        assert browse(role, "m-9").get(where).status_code == 400


def test_what_is_sealed_for_one_page_opens_in_no_other(browse: Browse) -> None:
    buyer = browse("buyer")
    where = buyer.post("/cases", q="s-1").headers["location"]
    assert buyer.get(where.replace("/cases?", "/cases/new?")).status_code == 400


@pytest.mark.usefixtures("story")
def test_files_go_by_the_same_address(browse: Browse) -> None:
    who = reader(browse, "/record", "supervisor")
    where = who.post("/record", seller="s-1").headers["location"]
    page = who.page(where)
    file = re.search(r'href="(/record/events\.csv\?[^"]+)"', page)
    assert file
    assert "sealed=" in file[1]
    table = who.get(unescape(file[1]))
    assert table.status_code == 200
    assert table.text.count("\n") > 5


def test_who_has_to_sign_in_first_comes_back_to_their_search(browse: Browse) -> None:
    stranger = browse(None)
    answer = stranger.get("/desk?q=Zhang+San&phase=ruling")
    where = answer.headers["location"]
    assert "Zhang" not in where
    visit = answer.cookies.get("redress-visit")
    assert visit
    back = parse_qs(urlsplit(where).query)["next"][0]
    mediator = browse("mediator")
    mediator.extra["redress-visit"] = visit
    led = mediator.answer_of(back)
    assert led.status_code == 303
    assert 'value="Zhang San"' in mediator.page(led.headers["location"])


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(
    ("role", "begins"),
    [
        ("mediator", ["/desk", "/desk?closed=true", "/desk?assignee=m-1"]),
        ("supervisor", ["/desk", "/desk?q=s-1", "/record/erasures"]),
        ("supervisor", ["/record?seller=s-1", "/record/samples?seller=s-1&seed=x"]),
        ("supervisor", ["/record/accesses?reader=v-1", "/record/grants"]),
        ("auditor", ["/record?buyer=b-1&platform=shop", "/record/holds"]),
        ("buyer", ["/cases?q=s-1", "/cases/new?order=o-5&seller=s-1"]),
        ("seller", ["/cases?q=b-1&show=closed"]),
        ("platform", ["/service"]),
        ("analyst", ["/analysis"]),
    ],
)
def test_no_page_has_an_address_with_a_person(
    browse: Browse, role: str, begins: list[str]
) -> None:
    is_record = any(one.startswith("/record") for one in begins)
    who = reader(browse, begins[0] if is_record else "/", role)
    ahead, seen = list(begins), set[str]()
    while ahead and len(seen) < 60:
        path = ahead.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = who.get(path)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        for found in map(unescape, ADDRESS.findall(answer.text)):
            assert not PERSON.search(found), (path, found)
            place = found.partition("#")[0]
            if place.startswith(("/desk", "/cases", "/record", "/service")):
                # Files and pictures of a case are no pages.
                ahead += [place] if not re.search(r"/(act|evidence)/", place) else []
    assert seen


@pytest.mark.usefixtures("story")
def test_in_a_browser_without_script(browse: Browse) -> None:
    with chromium() as browser:
        visit = Visit(browser, browse("mediator"), java_script_enabled=False)
        asked: list[str] = []
        visit.page.on("request", lambda one: asked.append(one.url))
        page = visit.goto("/desk")
        page.fill("#search", "s-1")
        page.press("#search", "Enter")
        page.wait_for_selector(".chip")
        assert page.input_value("#search") == "s-1"
        assert not [one for one in asked if PERSON.search(one)]
        visit.close()

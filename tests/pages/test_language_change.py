"""The other language keeps what is typed into a form, and sends nothing of it."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import PNG, CaseStory
from tests.http.conftest import People, file_for
from tests.pages.browser import chromium
from tests.pages.conftest import Browse, Browser, check_page
from tests.pages.page_visits import Visit

TYPED = "Please look at the handle, not the lid."
ONLY = {"only": "language"}


def button_of(page: str, action: str) -> str:
    """Return where the button of a form leads that changes the language."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    found = re.search(r'name="only" value="language" formaction="([^"]+)"', form)
    assert found, (action, form[:2000])
    return unescape(found[1])


def change(browser: Browser, page: str, action: str, **typed: str) -> str:
    there = button_of(browser.page(page, lang="zh"), action)
    assert there == f"{action}?lang=en"
    answer = browser.post(there, key=str(uuid4()), version="1", **typed, **ONLY)
    check_page(answer)
    assert answer.status_code == 200
    assert "redress-language=en" in answer.headers["set-cookie"]
    assert '<html lang="en">' in answer.text
    return unescape(answer.text)


def test_a_form_of_the_desk(browse: Browse, people: People) -> None:
    case, mediator = file_for(people), browse("mediator")
    here = f"/desk/cases/{case}"
    page = change(mediator, here, f"{here}/act/notes", text=TYPED)
    assert f"{TYPED}</textarea>" in page
    assert "not sent yet" in page
    told = people.mediator.get(f"/v1/disputes/{case}").json()
    assert told["notes"] == []
    # From there, the head of the page leads back with it.
    head = page.partition("<header")[2].partition("</header>")[0]
    assert 'name="only" value="language"' in head
    assert f'formaction="{here}/act/notes?lang=zh"' in head


def test_a_form_of_a_party(browse: Browse, people: People, background: Worker) -> None:
    case, buyer = file_for(people), browse("buyer")
    people.mediator.act(case, "admission", {})
    background.catch_up()
    here = f"/cases/{case}"
    page = change(buyer, here, f"{here}/act/messages", text=TYPED)
    assert f"{TYPED}</textarea>" in page
    action = f"{here}/evidence"
    there = button_of(buyer.page(here), action)
    answer = buyer.upload(there, ("crack.png", PNG, "image/png"), note=TYPED, **ONLY)
    check_page(answer)
    assert TYPED in answer.text
    assert "crack.png" in answer.text
    told = people.buyer.get(f"/v1/disputes/{case}").json()
    assert told["evidence"] == []
    assert told["messages"] == []


def test_what_is_refused_goes_along(browse: Browse, people: People) -> None:
    case, mediator = file_for(people), browse("mediator")
    here = f"/desk/cases/{case}/act/notes"
    refused = mediator.post(here, key=str(uuid4()), version="1", text=TYPED * 500)
    assert refused.status_code == 400
    head = refused.text.partition("<header")[2].partition("</header>")[0]
    assert f'formaction="{here}?lang=en"' in head


@pytest.mark.parametrize(
    ("path", "field"), [("grants", "purpose"), ("erasures", "basis")]
)
def test_a_form_of_oversight(browse: Browse, path: str, field: str) -> None:
    here = f"/record/{path}"
    page = change(browse("supervisor"), here, here, **{field: TYPED, "role": "buyer"})
    assert f'value="{TYPED}"' in page
    assert "role=alert" not in page


def test_a_ruling(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock).to_rule()
    here = f"/desk/cases/{story.id}/ruling"
    with chromium() as browser:
        visit = Visit(browser, browse("mediator"), java_script_enabled=False)
        page = visit.goto(here)
        page.fill("#r-reasons-0-finding", TYPED)
        page.get_by_role("button", name="English").click()
        page.wait_for_selector("html[lang=en]")
        assert page.input_value("#r-reasons-0-finding") == TYPED
        visit.close()


def test_with_script_the_link_of_the_head_takes_it_along(
    browse: Browse, people: People
) -> None:
    case = file_for(people)
    with chromium() as browser:
        visit = Visit(browser, browse("mediator"))
        page = visit.goto(f"/desk/cases/{case}")
        form = page.locator(f'form[action="/desk/cases/{case}/act/notes"]')
        form.locator("xpath=ancestor::details[1]").locator("summary").first.click()
        form.locator("textarea").fill(TYPED)
        page.click("a[data-language]")
        page.wait_for_selector("html[lang=en]")
        kept = page.locator(f'form[action="/desk/cases/{case}/act/notes"] textarea')
        assert kept.input_value() == TYPED
        visit.close()

"""No field cuts what is pasted: what is too long is counted, told and given back."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import interface.pages
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for
from tests.pages.browser import chromium
from tests.pages.conftest import Browse, Browser, check_page
from tests.pages.page_visits import Visit

PAGES = Path(interface.pages.__file__).parent
FORM = re.compile(r'<form method="post" action="([^"]+)"(.*?)</form>', re.DOTALL)
FIELD = re.compile(r'name="([^"]+)"[^>]*? data-most="(\d+)"')


def test_no_page_lets_the_browser_cut_a_text() -> None:
    files = [*PAGES.rglob("*.html"), *PAGES.rglob("*.js"), *PAGES.rglob("*.py")]
    assert len(files) > 100
    assert [one.name for one in files if "maxlength" in one.read_text("utf-8")] == []


def fields(page: str) -> list[tuple[str, str, int]]:
    """Return each form's address with a field of it, and how long that may be."""
    return [
        (address, name, int(most))
        for address, form in FORM.findall(page)
        if "multipart" not in form
        for name, most in FIELD.findall(form)
    ]


def check_too_long(browser: Browser, address: str, name: str, most: int) -> None:
    typed = "长" * (most + 7)
    answer = browser.post(address, key=str(uuid4()), version="", **{name: typed})
    assert answer.status_code in {400, 422}, (address, name, answer.status_code)
    check_page(answer)
    assert f'{name.replace(".", "-")}-flaw"' in answer.text, (address, name)
    assert typed in unescape(answer.text), (address, name)
    assert str(most) in answer.text


def test_every_text_that_is_too_long_is_told_at_its_field_and_given_back(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    case = CaseStory(people, background, clock).escalated().id
    looked: set[str] = set()
    for role, path in (
        ("mediator", f"/desk/cases/{case}"),
        ("supervisor", f"/desk/cases/{case}"),
        ("buyer", f"/cases/{case}"),
        ("seller", f"/cases/{case}"),
    ):
        browser = browse(role)
        for address, name, most in fields(browser.page(path)):
            kind = address.rpartition("/act/")[2] + name
            if kind in looked:
                continue
            looked.add(kind)
            check_too_long(browser, address, name, most)
    assert len(looked) > 10


@pytest.mark.long
def test_with_script_a_paste_that_is_too_long_is_whole_and_said_at_the_field(
    browse: Browse, people: People
) -> None:
    case = file_for(people)
    with chromium() as browser:
        for who, path, lang, said in (
            ("mediator", f"/desk/cases/{case}", "zh", "超出 3 字"),
            ("buyer", f"/cases/{case}", "en", "3 characters over the limit"),
        ):
            visit = Visit(browser, browse(who, lang=lang))
            page = visit.goto(path)
            _paste_too_much(page, said)
            visit.close()


def _paste_too_much(page: Any, said: str) -> None:
    form = page.locator('form[action$="/act/messages"]')
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open=1")
    field = form.locator("textarea")
    most = int(field.get_attribute("data-most"))
    # As a paste: in one step, and 𠮷 is one sign.
    field.fill("𠮷" * (most + 3))
    assert len(field.input_value()) == most + 3
    assert form.locator(".count").inner_text().startswith(said)
    here = page.url
    form.locator("button:not([name=only])").click()
    assert page.url == here
    field.fill("𠮷" * (most - 2))
    assert "2" in form.locator(".count").inner_text()
    assert field.evaluate("one => one.validity.valid")

"""A form whose session has ended is sent again by the one who wrote it."""

from __future__ import annotations

import re
import time
from html import unescape
from typing import Any

import pytest
from msgspec.structs import replace

from domain.roles import Role
from interface.bootstrap import System
from interface.callers.caller import Caller
from interface.pages.sign_in.page_session import IDLE_SECONDS, begun, form_token, sealed
from tests.http.case_story import PNG
from tests.http.conftest import People, file_for
from tests.pages.browser import chromium
from tests.pages.conftest import Browse, Browser, check_page
from tests.pages.page_visits import Visit
from tests.pages.test_long_forms import BOOK, longest, told

FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def idle(browser: Browser, system: System, role: str, subject: str) -> None:
    caller = Caller(subject=subject, role=Role(role), platform="shop")
    session, now = begun(caller), time.time()
    over = replace(session, seen=now - IDLE_SECONDS - 1, began=now - 7_200)
    digest = system.keys.master.digest
    browser.cookie = sealed(over, digest)
    browser.token = form_token(over.id, digest)


def resent(
    browse: Browse, over: Any, path: str, *, upload: bool, lang: str = "zh"
) -> Any:
    """Send a form on, as its page does after its writer has signed in again."""
    fields = {name: unescape(value) for name, value in FIELD.findall(over.text)}
    visit = re.search("redress-visit=([^;]+)", over.headers["set-cookie"])
    assert visit
    who = browse("buyer", "b-1", lang=lang)
    who.extra = {"redress-visit": visit[1]}
    token = fields.pop("form_token")
    if upload:
        return who.upload(path, form_token=token, **fields)
    return who.post(path, token=token, **fields)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("again", ["same", "another"])
def test_what_was_typed_comes_back_after_signing_in(
    browse: Browse,
    people: People,
    system: System,
    lang: str,
    again: str,
) -> None:
    case, buyer = file_for(people), browse("buyer", lang=lang)
    idle(buyer, system, "buyer", "b-1")
    path = f"/cases/{case}/act/messages"
    typed = "Long <i>thoughts</i>."
    sent: dict[str, Any] = {"key": "k-9", "version": "1", "text": typed}
    answer = buyer.post(path, **sent)
    assert answer.status_code == 401
    check_page(answer)
    fields = {name: unescape(value) for name, value in FIELD.findall(answer.text)}
    assert fields["text"] == typed
    assert fields["key"] == "k-9"
    visit = re.search("redress-visit=([^;]+)", answer.headers["set-cookie"])
    assert visit
    assert people.buyer.get(f"/v1/disputes/{case}").json()["version"] == 1
    # Sent before signing in, it is kept once more.
    buyer.cookie = ""
    form = {one: fields[one] for one in fields if one != "form_token"}

    def resend(browser: Browser) -> Any:
        browser.extra = {"redress-visit": visit[1]}
        return browser.post(path, token=fields["form_token"], **form)

    early = resend(buyer)
    assert early.status_code == 401
    assert 'name="resumed"' in early.text
    # In this browser somebody signs in, and sends it.
    who = browse("buyer", "b-1" if again == "same" else "b-2", lang=lang)
    after = resend(who)
    told = people.buyer.get(f"/v1/disputes/{case}").json()
    if again == "same":
        assert after.status_code == 303, after.text
        assert [one["text"] for one in told["messages"]] == [typed]
    else:
        # Not as another person.
        assert after.status_code == 403
        assert told["messages"] == []


def test_a_seal_of_nobody_and_a_token_of_another_visit_are_worth_nothing(
    browse: Browse, people: People, system: System
) -> None:
    case, buyer = file_for(people), browse("buyer")
    digest = system.keys.master.digest
    for token, resumed in (
        (form_token("elsewhere", digest), "1.abc.def"),
        (form_token("elsewhere", digest), ""),
        ("0" * 64, "1.abc.def"),
    ):
        answer = buyer.post(
            f"/cases/{case}/act/messages",
            token=token,
            resumed=resumed,
            key="k",
            version="1",
            text="x",
        )
        assert answer.status_code == 403


def test_of_a_form_with_files_the_texts_come_back(
    browse: Browse, people: People, system: System
) -> None:
    case, buyer = file_for(people), browse("buyer")
    idle(buyer, system, "buyer", "b-1")
    answer = buyer.upload(
        f"/cases/{case}/evidence",
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(300_000), "image/png"),
        note="The crack, from above.",
    )
    assert answer.status_code == 401
    check_page(answer)
    assert 'enctype="multipart/form-data"' in answer.text
    assert "The crack, from above.</textarea>" in answer.text
    # No browser gives a file back: it is named, here and in the form one comes back to.
    assert "<bdi>a.png</bdi>" in answer.text
    back = resent(browse, answer, f"/cases/{case}/evidence", upload=True)
    assert back.status_code == 422
    check_page(back)
    assert "<li><bdi>a.png</bdi></li>" in back.text
    assert 'value="The crack, from above."' in back.text or (
        "The crack, from above.</textarea>" in back.text
    )
    assert people.buyer.get(f"/v1/disputes/{case}").json()["version"] == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("with_files", [False, True])
def test_a_text_that_was_cut_is_never_sent_as_if_it_were_whole(
    browse: Browse, people: People, system: System, lang: str, *, with_files: bool
) -> None:
    case, buyer = file_for(people), browse("buyer", lang=lang)
    idle(buyer, system, "buyer", "b-1")
    if with_files:
        path, book = f"/cases/{case}/messages", "长" * 100_000
        answer = buyer.upload(path, ("a.png", b"\x89PNG", "image/png"), text=book)
    else:
        path, book = f"/cases/{case}/act/messages", BOOK
        answer = buyer.post(path, key="k-1", version="1", text=book)
    assert answer.status_code == 401
    check_page(answer)
    kept = told(answer.text, lang)
    assert kept == len(longest(answer.text)) > 30_000
    back = resent(browse, answer, path, upload=with_files, lang=lang)
    assert back.status_code in {400, 422}
    check_page(back)
    assert told(back.text, lang) == len(longest(back.text)) > 30_000
    # Nothing but a few characters of the end are lost on the way.
    assert kept - len(longest(back.text)) < 1_000
    assert people.buyer.get(f"/v1/disputes/{case}").json()["messages"] == []


@pytest.mark.long
def test_with_script_a_session_that_ended_is_no_broken_connection(
    browse: Browse, people: People, system: System
) -> None:
    case, buyer = file_for(people), browse("buyer")
    with chromium() as browser:
        visit = Visit(browser, buyer)
        page = visit.goto(f"/cases/{case}")
        page.click("#evidence details summary")
        image = {"name": "a.png", "mimeType": "image/png", "buffer": PNG}
        page.set_input_files("#evidence input[multiple]", [image])
        idle(buyer, system, "buyer", "b-1")
        page.click("#evidence form button.btn--go")
        page.wait_for_selector("form [name=resumed]", state="attached")
        assert "a.png" in page.inner_text("main")
        visit.close()


def test_all_steps_of_a_filing_come_back(browse: Browse, system: System) -> None:
    buyer = browse("buyer", lang="en")
    idle(buyer, system, "buyer", "b-1")
    typed = {"order.id": "o-1", "facts": "It leaks.", "contact": "13800000000"}
    answer = buyer.post("/cases/new", step="3", go="next", **typed)
    assert answer.status_code == 401
    fields = {name: unescape(value) for name, value in FIELD.findall(answer.text)}
    assert typed.items() <= fields.items()
    assert (fields["step"], fields["go"]) == ("3", "next")

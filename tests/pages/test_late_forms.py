"""A form of an earlier session: told in its own words, and put back for its writer."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from interface.bootstrap import System
from tests.http.case_story import PNG
from tests.http.conftest import People, file_for
from tests.pages.conftest import Browse, Browser, check_page
from tests.pages.page_words import check_language
from tests.pages.test_filing import CLAIM, ORDER, REASON
from tests.pages.test_session_over import FIELD, idle

TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
LABEL = re.compile(r'<label for="typed-\d+">([^<]*)</label><textarea[^>]*>\n([^<]*)<')


def token_of(page: str) -> str:
    found = TOKEN.search(page)
    assert found
    return found[1]


def sent_on(who: Browser, shown: httpx.Response, path: str) -> httpx.Response:
    """Send a form on from the page that shows it."""
    main = shown.text.partition("<main")[2]
    fields = {name: unescape(value) for name, value in FIELD.findall(main)}
    if visit := re.search("redress-visit=([^;]+)", shown.headers.get("set-cookie", "")):
        who.extra = {"redress-visit": visit[1]}
    return who.post(path, token=fields.pop("form_token"), **fields)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "zh",
            {
                "订单编号": "o-77",
                "货物状态": "已收到货",
                "问题类型和具体原因": "商品质量",
                "处理方式": "退款",
                "联系方式": "b1@example.com",
            },
        ),
        ("en", {"Order number": "o-77", "Has it arrived?": "Yes"}),
    ],
)
def test_what_was_typed_is_told_in_the_words_of_the_form(
    browse: Browse, system: System, lang: str, told: dict[str, str]
) -> None:
    buyer = browse("buyer", lang=lang)
    idle(buyer, system, "buyer", "b-1")
    sent = {
        **ORDER,
        **REASON,
        **CLAIM,
        "facts": "漏水" if lang == "zh" else "It leaks.",
    }
    answer = buyer.post("/cases/new", step="3", go="next", **sent)
    assert answer.status_code == 401
    check_page(answer)
    shown = dict(LABEL.findall(unescape(answer.text)))
    for label, text in told.items():
        assert label in shown, shown
        assert lang == "en" or shown[label] == text, shown
    assert not shown.keys() & {*ORDER, *CLAIM, "id", "arrived", "currency"}
    main = re.sub("<(textarea|a)[^>]*>[^<]*</", "</", answer.text)
    check_language("<main" + main.partition("<main")[2], lang)


@pytest.mark.parametrize("again", ["same", "another"])
def test_after_signing_out_a_form_is_sent_on_by_its_writer_alone(
    browse: Browse, people: People, again: str
) -> None:
    case, path = file_for(people), ""
    buyer = browse("buyer")
    token = token_of(buyer.page(f"/cases/{case}"))
    path = f"/cases/{case}/act/messages"
    buyer.cookie = ""
    form: dict[str, Any] = {"key": "k-9", "version": "1", "text": "Long thoughts."}
    shown = buyer.post(path, token=token, **form)
    assert shown.status_code == 401
    check_page(shown)
    # It can be taken along as a file, too.
    taken = re.search(r'href="(data:text/plain[^"]+)" download', shown.text)
    assert taken
    assert "Long thoughts." in unquote(unescape(taken[1]))
    who = browse("buyer", "b-1" if again == "same" else "b-2")
    after = sent_on(who, shown, path)
    told = people.buyer.get(f"/v1/disputes/{case}").json()["messages"]
    assert after.status_code == (303 if again == "same" else 403)
    assert len(told) == (1 if again == "same" else 0)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_old_tab_of_the_same_person_keeps_its_text(
    browse: Browse, people: People, lang: str
) -> None:
    case = file_for(people)
    path = f"/cases/{case}/act/messages"
    old = token_of(browse("buyer", lang=lang).page(f"/cases/{case}"))
    form: dict[str, Any] = {"key": "k-9", "version": "1", "text": "Long thoughts."}
    new = browse("buyer", lang=lang)
    shown = new.post(path, token=old, **form)
    assert shown.status_code == 403
    check_page(shown)
    assert "Long thoughts.</textarea>" in shown.text
    assert people.buyer.get(f"/v1/disputes/{case}").json()["messages"] == []
    # The token of the new session is in it.
    assert sent_on(new, shown, path).status_code == 303
    assert len(people.buyer.get(f"/v1/disputes/{case}").json()["messages"]) == 1
    # Of somebody else's form, nothing is shown.
    other = browse("buyer", "b-2", lang=lang).post(path, token=old, **form)
    assert other.status_code == 403
    assert "Long thoughts." not in other.text


def test_an_old_tab_with_a_file_keeps_its_text_and_names_the_file(
    browse: Browse, people: People
) -> None:
    case = file_for(people)
    old = token_of(browse("buyer").page(f"/cases/{case}"))
    file = ("crack.png", PNG, "image/png")
    shown = browse("buyer").upload(
        f"/cases/{case}/evidence", file, note="From above.", form_token=old
    )
    assert shown.status_code == 403
    check_page(shown)
    assert "From above.</textarea>" in shown.text
    assert "<bdi>crack.png</bdi>" in shown.text
    assert people.buyer.get(f"/v1/disputes/{case}").json()["evidence"] == []

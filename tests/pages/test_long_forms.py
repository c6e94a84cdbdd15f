"""Texts that are too long to be kept: the page says truthfully how much it kept."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.http.case_story import PNG
from tests.http.conftest import People, file_for
from tests.pages.conftest import Browse, check_page
from tests.pages.test_filing import ORDER, REASON

BOOK = "长" * 3_500_000
AREA = re.compile(r"<textarea[^>]*>\n(.*?)</textarea>", re.DOTALL)


def longest(text: str) -> str:
    return max((unescape(one) for one in AREA.findall(text)), key=len)


def told(text: str, lang: str) -> int:
    words = r"只保留了前 ([0-9]+) 字" if lang == "zh" else r"first ([0-9]+) characters"
    found = re.search(words, text)
    assert found, text[:3000]
    return int(found[1])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_pasted_book_is_kept_as_far_as_it_is_said(
    browse: Browse, people: People, lang: str
) -> None:
    case, buyer = file_for(people), browse("buyer", lang=lang)
    answer = buyer.post(f"/cases/{case}/act/messages", key="k-1", text=BOOK)
    assert answer.status_code == 400
    check_page(answer)
    kept = longest(answer.text)
    assert set(kept) == {"长"}
    assert told(answer.text, lang) == len(kept) > 50_000
    assert "您填写的内容已保留" not in answer.text
    # The same with a file, where each text is bounded.
    file = ("a.png", PNG, "image/png")
    sent = buyer.upload(f"/cases/{case}/messages", file, text="长" * 100_000)
    assert sent.status_code == 422
    check_page(sent)
    assert told(sent.text, lang) == len(longest(sent.text)) > 30_000
    # What is only too long for its field is all there.
    short = buyer.post(f"/cases/{case}/act/messages", key="k-2", text="长" * 20_000)
    assert len(longest(short.text)) == 20_000
    assert ("您填写的内容已保留" in short.text) == (lang == "zh")


def test_a_filing_says_how_much_of_a_book_it_kept(browse: Browse) -> None:
    buyer, moment = browse("buyer"), {"moment": "2026-02-27T15:59:59Z"}
    sent = {"step": "2"} | ORDER | moment | REASON | {"facts": BOOK}
    answer = buyer.post("/cases/new", **sent)
    assert answer.status_code == 400
    assert told(answer.text, "zh") == len(longest(answer.text))

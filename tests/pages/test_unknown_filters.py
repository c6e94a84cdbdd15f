"""What no filter has is refused in words; the list meets the other filters."""

from __future__ import annotations

from html import unescape

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for
from tests.pages.conftest import Browse, check_page
from tests.pages.page_words import check_language
from tests.pages.record_reader import RecordReaders


@pytest.mark.parametrize(
    ("query", "known"),
    [
        ("phase=bogus", ("举证", "evidence")),
        ("waiting_on=court", ("卖家", "seller")),
        ("overdue=maybe", ("是", "es")),
        ("closed=%3Cb%3E", ("否", "o")),
        ("phase=bogus&second=2", ("举证", "evidence")),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_desk(
    browse: Browse,
    people: People,
    background: Worker,
    lang: str,
    query: str,
    known: tuple[str, str],
) -> None:
    case = file_for(people)
    background.catch_up()
    answer = browse("mediator", lang=lang).get(f"/desk?{query}")
    assert answer.status_code == 400
    check_page(answer)
    alert = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    assert known[lang == "en"] in unescape(alert)
    assert alert.count("<li>") == query.count("=")
    said = query.partition("=")[2].partition("&")[0]
    check_language(alert.replace(said, "").replace("&lt;b&gt;", ""), lang)
    assert f'href="/desk/cases/{case}"' in answer.text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_own_cases(browse: Browse, people: People, lang: str) -> None:
    file_for(people)
    answer = browse("buyer", lang=lang).get("/cases?show=bogus")
    assert answer.status_code == 400
    check_page(answer)
    alert = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    check_language(alert.replace("bogus", ""), lang)
    assert ("待您处理" if lang == "zh" else "waiting for you") in alert


@pytest.mark.parametrize(
    ("path", "bad", "there"),
    [
        ("/record", "type=bogus&seller=s-1", "facts-table"),
        ("/record", "late=nobody&since=soon", "facts-table"),
        ("/record/accesses", "what=bogus&since=soon", "case-viewed"),
    ],
)
@pytest.mark.usefixtures("story")
def test_the_record(browse: Browse, path: str, bad: str, there: str) -> None:
    readers = RecordReaders(browse.http, browse.system)
    who = readers.who_has_said(path, role="supervisor", lang="zh")
    who.get("/record")
    answer = who.get(f"{path}?{bad}")
    assert answer.status_code == 400
    check_page(answer)
    assert "-flaw" in answer.text
    assert "其余条件" in answer.text
    assert (there if path == "/record" else "<table") in answer.text


@pytest.fixture
def story(people: People, background: Worker, clock: Clock) -> CaseStory:
    story = CaseStory(people, background, clock).ruled()
    background.catch_up()
    return story

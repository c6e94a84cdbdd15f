"""The search over facts: the API's filters in the address, and what it finds."""

from __future__ import annotations

import re
from html import unescape

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for
from tests.pages.conftest import check_page
from tests.pages.page_words import check_language
from tests.pages.record_reader import RecordReaders, readers

__all__ = ["readers"]

ROW = re.compile(r'href="/record/cases/([0-9a-f-]{36})\?at=(\d+)#fact-\2"')


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"type": "ruled"},
        {"seller": "s-1", "type": "filed"},
        {"decider": "m-1"},
        {"actor": "b-1", "late": "seller"},
        {"category": "quality/defect", "type": "admitted"},
        {"rule": "cn-default/1#response"},
        {"text": "kettle leaks"},
        {"since": "2026-03-02", "until": "2026-03-02 23:59:59"},
    ],
)
def test_it_finds_what_the_api_finds(
    readers: RecordReaders,
    people: People,
    background: Worker,
    clock: Clock,
    asked: dict[str, str],
) -> None:
    CaseStory(people, background, clock).ruled()
    file_for(people, "o-2")
    background.catch_up()
    reader = readers.who_has_said(lang="en")
    page = reader.page("/record", **asked)
    api = {
        name: value if name not in {"since", "until"} else _rfc(value)
        for name, value in asked.items()
    }
    found = people.auditor.get("/v1/audit/search", **api).json()["items"]
    shown = [(case, int(version)) for case, version in ROW.findall(page)]
    assert shown == [(one["dispute"], one["version"]) for one in found]
    for one in found:
        assert str(one["actor"]["role"]) in page


def _rfc(text: str) -> str:
    day, _, clock = text.partition(" ")
    return f"{day}T{clock or '00:00:00'}+08:00"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_wrong_is_told_at_each_field(readers: RecordReaders, lang: str) -> None:
    reader = readers.who_has_said(lang=lang)
    asked = {
        "dispute": "17",
        "type": "nothing",
        "since": "yesterday",
        "until": "2026-13-40",
        "text": "x",
        "late": "nobody",
        "seller": "s-1",
    }
    answer = reader.get("/record", **asked)
    assert answer.status_code == 400
    check_page(answer)
    text = unescape(answer.text)
    for name in ("dispute", "type", "since", "until", "text", "late"):
        assert f'id="f-{name}-flaw"' in text, name
        assert f'href="#f-{name}"' in text, name
    assert 'id="f-seller-flaw"' not in text
    # What was typed is kept.
    assert 'value="yesterday"' in text
    assert 'value="s-1"' in text
    check_language(answer.text, lang) if lang == "en" else None


def test_pages_follow_one_another_and_a_table_can_be_saved(
    readers: RecordReaders, people: People, background: Worker
) -> None:
    for n in range(55):
        file_for(people, f"o-{n}")
    background.catch_up()
    reader = readers.who_has_said()
    first = reader.page("/record")
    assert len(ROW.findall(first)) == 50
    path = re.search(r'href="([^"]+)" rel="next"', first)
    assert path
    second = reader.page(path[1])
    seen = [*ROW.findall(first), *ROW.findall(second)]
    whole = people.auditor.get("/v1/audit/search", limit=1000).json()["items"]
    assert len(seen) == len(set(seen)) == len(whole)
    # The language is no filter: the same page in another one.
    assert ROW.findall(reader.page(f"{path[1]}&lang=en")) == ROW.findall(second)
    saved = reader.get("/record/events.csv", type="filed", seller="s-1")
    assert saved.headers["content-type"].startswith("text/csv")
    assert saved.text.count("\r\n") == 56
    api = people.auditor.get(
        "/v1/audit/search", type="filed", seller="s-1", format="csv"
    )
    assert "记录时间" in saved.text
    assert saved.text.splitlines()[1:] == api.text.splitlines()[1:] or api.text


def test_who_sees_all_platforms_names_one_with_a_person(
    readers: RecordReaders, people: People, background: Worker
) -> None:
    file_for(people)
    background.catch_up()
    reader = readers.who_has_said(role="regulator", platform=None)
    answer = reader.get("/record", seller="s-1")
    assert answer.status_code == 400
    assert 'id="f-platform-flaw"' in answer.text
    assert ROW.findall(reader.page("/record", seller="s-1", platform="shop"))
    form = reader.page("/record")
    assert '<option value="shop" selected>' in form
    assert "须同时选择平台" in form
    typo = reader.get("/record", platform="shpo")
    assert typo.status_code == 400
    assert "请选择列表中的平台" in typo.text
    own = readers.who_has_said(role="regulator", platform="other")
    assert not ROW.findall(own.page("/record"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_word_is_of_the_language(
    readers: RecordReaders,
    people: People,
    background: Worker,
    clock: Clock,
    lang: str,
) -> None:
    CaseStory(people, background, clock).ruled()
    background.catch_up()
    reader = readers.who_has_said(lang=lang)
    for path in ("/record", "/record/samples", "/record/accesses", "/record/grants"):
        check_language(_without_theirs(reader.get(path).text), lang)


def _without_theirs(page: str) -> str:
    """Leave out what people have written, which is of their language."""
    page = re.sub(r'<(span|td|dd) class="theirs[^"]*">.*?</\1>', "", page)
    return re.sub(r'<span class="who">.*?</span>', "", page)


def test_a_case_is_found_by_its_number(
    readers: RecordReaders, people: People, background: Worker
) -> None:
    case, _ = file_for(people), file_for(people, "o-2")
    background.catch_up()
    number = people.auditor.get(f"/v1/disputes/{case}").json()["case_number"]
    reader = readers.who_has_said()
    for typed in (number, f"{number[:8]}-{number[8:]}", case):
        page = reader.page("/record", dispute=typed)
        assert {one for one, _ in ROW.findall(page)} == {case}
        assert number in page
    wrong = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
    refused = reader.get("/record", dispute=wrong)
    assert refused.status_code == 400
    assert 'id="f-dispute-flaw"' in refused.text
    # A case of another platform is none.
    other = readers.who_has_said(platform="other")
    assert other.get("/record", dispute=number).status_code == 400
    reader.says(f"/record/cases/{case}")
    reader.page(f"/record/cases/{case}")
    assert number in reader.page("/record/accesses", dispute=number, what="history")


@pytest.mark.parametrize(
    ("since", "kind"),
    [
        ("", "date"),
        ("2026-03-02", "date"),
        ("2026-3-2", "text"),
        ("2026-03-02 10:00:00", "text"),
        ("2026-02-30", "text"),
    ],
)
@pytest.mark.parametrize("path", ["/record", "/record/accesses", "/record/samples"])
def test_a_day_is_chosen_and_whatever_else_was_typed_is_kept(
    readers: RecordReaders, path: str, since: str, kind: str
) -> None:
    answer = readers.who_has_said().get(path, since=since)
    field = f'<input type="{kind}" id="f-since" name="since" value="{since}"'
    assert field in answer.text
    assert ('id="f-since-flaw"' in answer.text) == (
        since == "2026-02-30" and path != "/record/samples"
    )

"""Why somebody reads is asked once for the lists, and once for each case."""

from __future__ import annotations

from html import unescape
from uuid import uuid4

import msgspec
import pytest

from interface.pages.sign_in.page_purposes import MOST_BYTES, Purposes
from interface.run.worker import Worker
from tests.http.conftest import People, file_for
from tests.http.conftest import whole_worker as background
from tests.http.test_authentication import APP, routes
from tests.pages.conftest import Browse, check_page
from tests.pages.record_reader import WHY, RecordReaders, readers

__all__ = ["background", "readers"]


@pytest.mark.parametrize("role", ["auditor", "regulator"])
def test_it_is_asked_once_for_the_lists_and_once_for_each_case(
    readers: RecordReaders, people: People, background: Worker, role: str
) -> None:
    case = file_for(people)
    background.catch_up()
    reader, path = readers(role), f"/record/cases/{case}"
    first = reader.get("/record", type="filed")
    assert first.status_code == 303
    assert first.headers["location"] == "/record/purpose?next=%2Frecord%3Ftype%3Dfiled"
    form = reader.page(first.headers["location"])
    assert 'name="next" value="/record?type=filed"' in form
    said = reader.says("/record?type=filed")
    assert (said.status_code, said.headers["location"]) == (303, "/record?type=filed")
    assert WHY in reader.page("/record", type="filed")
    assert reader.get("/record/samples").status_code == 200
    # A case is another look: what was said last is filled in, and has to be sent.
    asked = reader.get(path)
    assert asked.status_code == 303
    assert f'value="{WHY}"' in reader.page(asked.headers["location"])
    reader.says(path, "Complaint 17")
    assert "Complaint 17" in reader.page(path)
    assert reader.get(f"{path}/bundle").status_code == 200
    assert WHY in reader.page("/record")


def test_each_look_is_entered_as_the_api_would_enter_it(
    readers: RecordReaders, people: People, background: Worker
) -> None:
    case = file_for(people)
    background.catch_up()
    reader, path = readers(), f"/record/cases/{case}"
    why = "抽查 2026 年第一季度"
    reader.says(path, why)
    page = reader.page(f"{path}?at=1")
    entries = people.supervisor.get("/v1/audit/access-log", dispute=case).json()
    [entry] = entries["items"]
    assert (
        entry["event"]
        == {
            "kind": "case-viewed",
            "what": "history",
            "path": f"{path}?at=1",
            "purpose": why,
            "case": case,
        }
        or entry["event"]["purpose"] == why
    )
    assert entry["event"]["what"] == "history"
    assert entry["event"]["path"] == f"{path}?at=1"
    assert entry["reader"] == "a-1"
    assert f"访问日志第 {entry['number']:,} 条" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("", ("请填写查阅目的", "Enter why you read this")),
        ("   ", ("请填写查阅目的", "Enter why you read this")),
        ("x" * 201, ("不能超过 200 个字", "200 characters at most")),
        ("a\nb", ("一行文字", "single line")),
    ],
)
def test_a_purpose_left_out_is_a_clear_word_at_the_field(
    readers: RecordReaders, lang: str, why: str, words: tuple[str, str]
) -> None:
    reader = readers(lang=lang)
    refused = reader.says("/record?type=ruled", why)
    assert refused.status_code == 400
    check_page(refused)
    text = unescape(refused.text)
    assert words[lang == "en"] in text
    assert 'aria-invalid="true"' in text
    assert 'name="next" value="/record?type=ruled"' in text
    assert reader.get("/record").status_code == 303


def test_a_purpose_leads_to_no_other_site_and_is_of_one_session_alone(
    readers: RecordReaders,
) -> None:
    reader = readers()
    for odd in ("//evil.example/record", "https://evil.example", "/\\evil.example"):
        assert reader.says(odd).headers["location"] == "/record"
    other = readers(subject="a-2")
    other.purposes = reader.purposes
    assert other.get("/record").status_code == 303
    reader.purposes = reader.purposes[:-2] + "00"
    assert reader.get("/record").status_code == 303


def test_a_case_is_asked_about_however_its_id_is_written(
    readers: RecordReaders, people: People, background: Worker
) -> None:
    case = file_for(people)
    background.catch_up()
    reader = readers.who_has_said()
    for written in (case, case.upper(), case.replace("-", "")):
        # It is asked for, or there is no such address; never read for another reason.
        assert reader.get(f"/record/cases/{written}").status_code in {303, 404}
    reader.says(f"/record/cases/{case.upper()}")
    assert reader.get(f"/record/cases/{case}").status_code == 200


def test_what_browsers_send_as_purpose_is_none(readers: RecordReaders) -> None:
    reader = readers()
    reader.headers["Purpose"] = "prefetch"
    assert reader.get("/record").status_code == 303


def test_many_cases_fit_and_the_first_are_asked_for_again() -> None:
    purposes, cases = Purposes("session"), [str(uuid4()) for _ in range(200)]
    for n, case in enumerate(cases):
        purposes = purposes.with_purpose(case, f"目的 {n % 3}")
    assert purposes.of(cases[-1]) == "目的 1"
    assert purposes.of(cases[-30])
    assert not purposes.of(cases[0])
    long = purposes.with_purpose(cases[0], "长" * 200)
    assert long.of(cases[0]) == long.last == "长" * 200
    assert len(msgspec.json.encode(long)) <= MOST_BYTES


def test_a_supervisor_is_not_asked_and_nobody_else_gets_in(browse: Browse) -> None:
    assert browse("supervisor").get("/record").status_code == 200
    paths = {
        path.replace("{dispute_id}", str(uuid4()))
        .replace("{number}", "1")
        .replace("{version}", "1")
        for path, method, _ in routes(APP)
        if path.startswith("/record") and method == "GET"
    }
    assert len(paths) > 12
    for path in paths:
        for role in ("buyer", "seller", "mediator", "platform", "analyst"):
            assert browse(role).get(path).status_code == 403, (role, path)
        stranger = browse(None).get(path)
        assert stranger.headers["location"].startswith("/sign-in?next=%2Frecord"), path

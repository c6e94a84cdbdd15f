"""Files that forms bring: taken, refused one by one, and sealed as they come."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from interface.bootstrap import System
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import PNG, CaseStory
from tests.http.conftest import People, file_for
from tests.pages.conftest import Browse, check_page

REFUSED = {
    "zh": ("文件超过", " MB", "文件内容不是图片", "请改用照片、视频或 PDF"),
    "en": ("larger than", " MB", "not that of a picture", "a photo, a video or a PDF"),
}
JPEG = b"\xff\xd8\xff" + bytes(200)


def alert_of(text: str) -> str:
    return text.partition('role="alert"')[2].partition("</div>")[0]


def test_several_files_are_handed_in_and_sent_again_are_the_same(
    browse: Browse, people: People
) -> None:
    case, buyer = file_for(people), browse("buyer")
    files = (("one.png", PNG, "image/png"), ("two.jpg", JPEG, "image/jpeg"))
    sent: dict[str, Any] = {"key": "k-1", "version": "1", "kind": "", "note": "Look."}
    for _ in range(2):
        answer = buyer.upload(f"/cases/{case}/evidence", *files, **sent)
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"] == f"/cases/{case}?done=evidence"
    told = people.buyer.get(f"/v1/disputes/{case}").json()
    assert [(one["name"], one["kind"], one["note"]) for one in told["evidence"]] == [
        ("one.png", "photo", "Look."),
        ("two.jpg", "photo", "Look."),
    ]
    read = buyer.get(f"/cases/{case}/evidence/2")
    assert read.content == JPEG
    assert read.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_file_that_is_refused_leaves_the_others(
    browse: Browse, people: People, system: System, lang: str
) -> None:
    case, buyer = file_for(people), browse("buyer", lang=lang)
    large = PNG + bytes(system.settings.upload_limit)
    files = (
        ("good.png", PNG, "image/png"),
        ("large.png", large, "image/png"),
        ("lie.png", b"not a picture", "image/png"),
        ("tool.exe", b"MZ", "application/x-msdownload"),
        ("also.png", PNG + b"1", "image/png"),
    )
    form = {"kind": "photo", "version": "1", "note": "The crack, from above."}
    answer = buyer.upload(f"/cases/{case}/evidence", *files, **form)
    assert answer.status_code in {413, 415}
    check_page(answer)
    alert = alert_of(answer.text)
    # What people call sizes and kinds, and no types or bytes.
    for words in REFUSED[lang]:
        assert words in alert, alert
    assert "image/" not in alert
    assert str(system.settings.upload_limit) not in alert
    # What was typed beside the files is still there, and its form is open.
    typed = answer.text.partition('id="act-evidence" open')[2]
    assert "The crack, from above.</textarea>" in typed
    for name in ("large.png", "lie.png", "tool.exe"):
        assert name in alert
    assert "good.png" not in alert
    told = people.buyer.get(f"/v1/disputes/{case}").json()
    assert [one["name"] for one in told["evidence"]] == ["good.png", "also.png"]


def test_a_message_whose_file_is_refused_keeps_its_text(
    browse: Browse, people: People
) -> None:
    case, file = file_for(people), ("tool.exe", b"MZ", "application/x-msdownload")
    for who, page in (("buyer", f"/cases/{case}"), ("mediator", f"/desk/cases/{case}")):
        answer = browse(who).upload(f"{page}/messages", file, text="As you asked.")
        assert answer.status_code == 415
        check_page(answer)
        assert "不支持此格式" in alert_of(answer.text)
        assert "As you asked.</textarea>" in answer.text
    assert people.buyer.get(f"/v1/disputes/{case}").json()["messages"] == []


def test_a_form_without_a_file_or_kind_is_told_at_its_field(
    browse: Browse, people: People
) -> None:
    case, buyer = file_for(people), browse("buyer")
    answer = buyer.upload(f"/cases/{case}/evidence", kind="", version="1", note="Mine")
    assert answer.status_code == 422
    check_page(answer)
    assert "Mine</textarea>" in answer.text
    wrong = buyer.upload(
        f"/cases/{case}/evidence", ("a.png", PNG, "image/png"), kind="nonsense"
    )
    assert wrong.status_code == 422
    assert "a.png" in alert_of(wrong.text)
    told = people.buyer.get(f"/v1/disputes/{case}").json()
    assert told["evidence"] == []


def test_files_come_with_messages_of_parties_and_of_the_desk(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    case = CaseStory(people, background, clock).admitted().id
    file = ("note.png", PNG, "image/png")
    sent = browse("seller").upload(f"/cases/{case}/messages", file, text="As said.")
    assert sent.status_code == 303, sent.text
    desk = browse("mediator")
    assert f'action="/desk/cases/{case}/messages"' in desk.page(f"/desk/cases/{case}")
    answer = desk.upload(f"/desk/cases/{case}/messages", file, text="From us.")
    assert answer.headers["location"] == f"/desk/cases/{case}?done=messages-files"
    told = people.buyer.get(f"/v1/disputes/{case}").json()
    assert [one["text"] for one in told["messages"]] == ["As said.", "From us."]
    buyer = browse("buyer")
    page = buyer.page(f"/cases/{case}")
    assert f"/cases/{case}/messages/2/attachment" in page
    assert buyer.get(f"/cases/{case}/messages/2/attachment").content == PNG
    for browser, path in ((desk, f"/desk/cases/{case}"), (buyer, f"/cases/{case}")):
        empty = browser.upload(f"{path}/messages", file, text=" ")
        assert empty.status_code == 422
        check_page(empty)
        bare = browser.upload(f"{path}/messages", text="Kept <b>text</b>")
        assert bare.status_code == 422
        assert "Kept &lt;b&gt;text&lt;/b&gt;</textarea>" in bare.text


def test_another_sites_form_brings_nothing(browse: Browse, people: People) -> None:
    case, buyer = file_for(people), browse("buyer")
    file = ("a.png", PNG, "image/png")
    for token in ("", "0" * 64, browse("buyer").token):
        answer = buyer.upload(f"/cases/{case}/evidence", file, form_token=token)
        assert answer.status_code == 403
    assert people.buyer.get(f"/v1/disputes/{case}").json()["version"] == 1


def test_nothing_is_on_the_disk_in_clear(
    browse: Browse,
    people: People,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import tempfile

    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spool))
    case, mark = file_for(people), os.urandom(32)
    content = PNG + mark * 60_000
    buyer = browse("buyer")
    answer = buyer.upload(f"/cases/{case}/evidence", ("a.png", content, "image/png"))
    assert answer.status_code == 303
    over = browse(None)
    late = over.upload(f"/cases/{case}/evidence", ("a.png", content, "image/png"))
    assert late.status_code in {303, 401}
    kept = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert kept
    assert not any(mark in one.read_bytes() for one in kept)


def test_a_form_in_no_parts_is_no_form(browse: Browse, people: People) -> None:
    case, buyer = file_for(people), browse("buyer")
    answer = buyer.post(f"/cases/{case}/evidence", key=str(uuid4()), kind="photo")
    assert answer.status_code == 403
    check_page(answer)


def test_a_refused_form_names_the_files_to_be_chosen_again(
    browse: Browse, people: People
) -> None:
    case = file_for(people)
    files = [("a <b>.png", PNG, "image/png"), ("b.png", PNG + b"2", "image/png")]
    for who, page in (("buyer", f"/cases/{case}"), ("mediator", f"/desk/cases/{case}")):
        answer = browse(who).upload(f"{page}/messages", *files, text="")
        assert answer.status_code == 422
        check_page(answer)
        asked = answer.text.partition("again")[2].partition("</div>")[0]
        for name in ("a &lt;b&gt;.png", "b.png"):
            assert f"<li><bdi>{name}</bdi></li>" in asked
    assert people.buyer.get(f"/v1/disputes/{case}").json()["messages"] == []

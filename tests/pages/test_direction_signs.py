"""No text of a person turns the direction of a page's text after it."""

from __future__ import annotations

import re
from html import unescape

import pytest

from interface.pages.direction_signs import SIGNS, with_signs
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People
from tests.pages.conftest import Browse, check_page
from tests.pages.record_reader import RecordReaders, readers
from tests.pages.test_ruling_page import shown, write

__all__ = ["readers"]

TURNED = "abc\u202edef"
SHOWN = "abc⟨RLO⟩def"
WRITTEN = {
    "reasons.0.issue": f"Is it {TURNED}?",
    "reasons.0.finding": f"It is \u2067{TURNED}.",
}
IN_TAGS = re.compile(r"(?s)<textarea.*?</textarea>|<[^>]*>")


def texts_of(html: str) -> str:
    return unescape(IN_TAGS.sub("", html))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_decision_shows_what_would_turn_its_text(
    browse: Browse,
    readers: RecordReaders,
    people: People,
    background: Worker,
    clock: Clock,
    lang: str,
) -> None:
    story = CaseStory(people, background, clock).to_rule()
    mediator = browse("mediator", lang=lang)
    preview = shown(mediator, story.id, "preview", **WRITTEN)
    check_page(preview)
    pages = [preview.text]
    # What was typed is sent again as it was.
    assert f'value="Is it {TURNED}?"' in preview.text
    assert f"\nIt is \u2067{TURNED}.</textarea>" in preview.text
    assert write(mediator, story.id, "send", **WRITTEN).status_code == 303
    background.catch_up()
    appeal = {"ground": "new-evidence", "statement": f"They sent {TURNED}!"}
    story.act("buyer", "appeal", appeal)
    background.catch_up()
    record = f"/record/cases/{story.id}"
    for reader, path in (
        (mediator, f"/desk/cases/{story.id}"),
        (browse("buyer", lang=lang), f"/cases/{story.id}"),
        (browse("seller", lang=lang), f"/cases/{story.id}"),
        (readers.who_has_said(record, lang=lang), record),
    ):
        answer = reader.get(path)
        check_page(answer)
        text = texts_of(answer.text)
        assert f"They sent {SHOWN}!" in text, path
        assert not set(SIGNS) & set(text), path
        pages.append(answer.text)
    # The record says who is liable, and why only in its bundle.
    for html in pages[:-1]:
        text = texts_of(html)
        assert f"Is it {SHOWN}?" in text
        assert f"It is ⟨RLI⟩{SHOWN}." in text
        assert not set(SIGNS) & set(text)
    # What is recorded is what was written.
    ruling = people.mediator.get(f"/v1/disputes/{story.id}").json()["ruling"]
    assert ruling["reasons"][0]["issue"] == WRITTEN["reasons.0.issue"]
    assert TURNED in ruling["text"]["en"]


def test_only_text_is_changed_and_fields_keep_what_was_typed() -> None:
    rlo = "\u202e"
    field = f'<input value="a>{rlo}"><textarea\n>{rlo}<b</textarea>'
    assert with_signs(f"{field}<p>{rlo}</p>{rlo}") == f"{field}<p>⟨RLO⟩</p>⟨RLO⟩"
    marks = "<p>\u200e\u200f\u061c</p>"
    assert with_signs(marks) == marks

"""A bundle's timeline: to read and print, in words, and without scripts."""

from __future__ import annotations

import re
from typing import get_args
from uuid import UUID

import pytest

from application.bundle.event_words import SKIPPED
from application.texts import texts
from domain.case.event import Event
from domain.case.events import DisputeEvent
from interface.bootstrap import System
from interface.run.worker import Worker
from tests.bundle.bundle_archive import taken
from tests.bundle.made_bundle import make
from tests.http.conftest import People, file_for


@pytest.mark.parametrize("kind", get_args(DisputeEvent))
def test_every_fact_and_field_has_words(kind: type[Event]) -> None:
    assert str(kind.__struct_config__.tag) in texts()["facts"]
    shown = set(kind.__struct_fields__) - SKIPPED
    assert shown <= texts()["fields"].keys()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_timeline_needs_nothing_and_runs_nothing(
    people: People, background: Worker, system: System, language: str
) -> None:
    evil = '<script src="https://x.example/x.js">alert(1)</script>'
    case = file_for(people, facts=evil)
    background.catch_up()
    made = make(system, UUID(case), opened=True)
    page = taken(made.content)[f"timeline.{language}.html"].decode()
    assert "<script" not in page
    assert "&lt;script" in page
    assert "default-src 'none'" in page
    assert not re.search(r"""(src|href)\s*=|url\(|@import|\son\w+=""", _tags(page))
    assert {"zh": "买家投诉", "en": "Complaint filed"}[language] in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_turns_what_stands_around_it(
    people: People, background: Worker, system: System, language: str
) -> None:
    case = file_for(people, facts="It \u202eleaks\u2069 אבג.")
    background.catch_up()
    made = make(system, UUID(case), opened=True)
    page = taken(made.content)[f"timeline.{language}.html"].decode()
    assert "<dd><bdi>It [U+202E]leaks[U+2069] אבג.</bdi></dd>" in page
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)
    rest = re.sub(r"<bdi>.*?</bdi>", "", page, flags=re.DOTALL)
    assert "b-1" not in rest


def _tags(page: str) -> str:
    return " ".join(re.findall(r"<[^>]+>", page))

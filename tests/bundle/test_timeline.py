"""A bundle's timeline: to read and print, in words, and without scripts."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import get_args
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from application.bundle.event_words import SKIPPED
from application.bundle.timeline import Story, timeline
from application.log.format.checkpoint import Checkpoint
from application.texts import texts
from domain.case.event import Event
from domain.case.events import DisputeEvent
from domain.case.evolve import fold
from interface.bootstrap import System
from interface.run.worker import Worker
from tests.bundle.bundle_archive import taken
from tests.bundle.made_bundle import make
from tests.http.conftest import People, file_for
from tests.log.log_fixture import recorded
from tests.samples import ADMITTED, BOOKS, NOW, play


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
    assert {"zh": "提交纠纷", "en": "Dispute filed"}[language] in page


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


@pytest.mark.parametrize(
    ("zone", "local"),
    [
        (None, ("", "")),
        (
            "Asia/Shanghai",
            (
                ' <span class="local">(03-02 10:00 +0800)</span>',
                ' <span class="local">(03-03 10:00 +0800)</span>',
            ),
        ),
    ],
)
def test_when_it_was_learnt_is_shown_only_where_that_was_later(
    zone: str | None, local: tuple[str, str]
) -> None:
    filed, admitted = recorded(uuid4(), play(*ADMITTED)[:2], NOW)
    story = Story(
        events=[filed, replace(admitted, recorded_at=NOW + timedelta(days=1))],
        dispute=fold([filed.event, admitted.event]),
        ledger=(),
        decisions=(),
        codes=BOOKS.codes,
        zone=zone,
        checkpoint=Checkpoint("example.com/log", 3, bytes(32)),
    )
    page = timeline(story, "en").decode()
    happened = f"<p class=when><time>2026-03-02 02:00:00Z</time>{local[0]} · "
    learnt = f"recorded <time>2026-03-03 02:00:00Z</time>{local[1]} · "
    assert page.count(f"{happened}<bdi>") == 1
    assert page.count(f"{happened}{learnt}<bdi>") == 1


def _tags(page: str) -> str:
    return " ".join(re.findall(r"<[^>]+>", page))


@pytest.mark.parametrize(
    ("facts", "marked"),
    [("The kettle leaks.", ("zh", "原文为英文")), ("水壶漏水。", ("en", "in Chinese"))],
)
def test_what_a_person_wrote_is_marked_under_another_language(
    people: People,
    background: Worker,
    system: System,
    facts: str,
    marked: tuple[str, str],
) -> None:
    case = file_for(people, facts=facts)
    background.catch_up()
    members = taken(make(system, UUID(case), opened=True).content)
    pages = {one: members[f"timeline.{one}.html"].decode() for one in ("zh", "en")}
    language, mark = marked
    (other,) = {"zh", "en"} - {language}
    row = r"<dt>[^<]*{}[^<]*</dt>\s*<dd><bdi>{}"
    assert re.search(row.format(mark, re.escape(facts)), pages[language])
    assert not re.search(row.format(mark, re.escape(facts)), pages[other])
    # Neither the contact nor a code is anything that somebody wrote in a language.
    assert not re.search(row.format(mark, "(?:b1@example|b-1|s-1)"), pages[language])

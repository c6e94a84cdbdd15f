"""Every sentence of the standard (domain.md, 3 to 5) has tests that show it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import pytest

from tests.domain import standard_flow, standard_rest

Table = Mapping[str, tuple[str, ...]]

TABLES: tuple[Table, ...] = (
    standard_rest.ACCEPTED,
    standard_flow.FILING,
    standard_flow.NEGOTIATION,
    standard_flow.INVESTIGATION,
    standard_flow.RULING,
    standard_flow.PERFORMANCE,
    standard_rest.AFTERWARDS,
    standard_rest.LIMITS,
)
SENTENCES = [(sentence, shown) for table in TABLES for sentence, shown in table.items()]


@pytest.mark.parametrize(("sentence", "shown"), SENTENCES)
def test_a_sentence_is_shown_by_tests_that_exist(
    sentence: str, shown: tuple[str, ...]
) -> None:
    assert shown, sentence
    for name in shown:
        topic, _, test = name.partition(".")
        module = import_module(f"tests.domain.test_{topic}")
        assert callable(getattr(module, f"test_{test}", None)), name


def test_every_section_is_told_and_no_sentence_twice() -> None:
    sections = {sentence.split()[0].split(".")[0] for sentence, _ in SENTENCES}
    assert sections == {"3", "4", "5"}
    assert len({sentence for sentence, _ in SENTENCES}) == len(SENTENCES)


def test_what_is_shown_in_other_rooms_is_shown_by_tests_that_exist() -> None:
    told = {sentence for sentence, _ in SENTENCES}
    assert not told & standard_rest.ELSEWHERE.keys()
    for shown in standard_rest.ELSEWHERE.values():
        for name in shown:
            room, topic, test = name.split(".")
            module = import_module(f"tests.{room}.test_{topic}")
            assert callable(getattr(module, f"test_{test}", None)), name

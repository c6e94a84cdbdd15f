"""What both verifiers hold copies of is what the program itself has."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from application.texts import texts
from domain.case.event_order import BEGINNING, EVENT_ORDER, after, exported
from domain.roles import Role
from interface.verifier.redress_verify import (
    INTERRUPTING,
    ORDER,
    ROLES,
    TOPICS,
    standings_after,
)
from tests.bundle.node_verifier import NODE
from tests.bundle.test_one_grammar import in_node


def in_sets(table: Any) -> dict[str, tuple[set[str], set[str], list[str]]]:
    return {
        topic: (set(phases), set(roles), list(leads_to))
        for topic, (phases, roles, leads_to) in table.items()
    }


def known() -> dict[str, tuple[set[str], set[str], list[str]]]:
    rows = exported().items()
    return {
        topic: (set(row["phases"]), set(row["roles"]), list(row["leads_to"]))
        for topic, row in rows
    }


def test_the_order_of_events_is_that_of_the_domain() -> None:
    split = {topic: [one.split() for one in row] for topic, row in ORDER.items()}
    assert in_sets(split) == known()
    interrupting = {topic for topic, row in exported().items() if row["interrupts"]}
    assert interrupting == INTERRUPTING


@pytest.mark.skipif(NODE is None, reason="Node is not here")
def test_the_page_has_the_same_order(tmp_path: Path) -> None:
    code = "process.stdout.write(JSON.stringify(verify.order()));"
    assert in_sets(in_node(tmp_path, code, None)) == known()


def test_where_a_case_may_stand_is_what_the_domain_says() -> None:
    """Every standing that three events reach, followed by both for every event."""
    seen, edge = set(BEGINNING), set(BEGINNING)
    for _ in range(4):
        edge = {
            following
            for standing, topic in itertools.product(edge, EVENT_ORDER)
            for role in EVENT_ORDER[topic].roles
            for following in after(frozenset({standing}), topic, role)
        } - seen
        seen |= edge
    assert len(seen) > 30
    for standing, topic, role in itertools.product(seen, EVENT_ORDER, Role):
        for told in (True, False):
            theirs = standings_after({standing}, topic, role, told=told)
            assert theirs == after(frozenset({standing}), topic, role, told=told)


@pytest.mark.parametrize(
    ("table", "name"), [(TOPICS, "facts"), (ROLES, "roles")], ids=["topics", "roles"]
)
def test_the_words_of_the_timeline_are_those_of_the_program(
    table: dict[str, tuple[str, str]], name: str
) -> None:
    said = {code: (words["en"], words["zh"]) for code, words in texts()[name].items()}
    assert table == said

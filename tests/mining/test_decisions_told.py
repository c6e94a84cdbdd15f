"""The logs say what was ruled, how much, and by which rule in which version."""

from __future__ import annotations

import sqlite3

from domain.appeal.events import AppealDecided
from domain.ruling.events import Ruled
from tests.mining.written_logs import WrittenLogs


def test_a_decision_tells_remedies_amount_and_rules(logs: WrittenLogs) -> None:
    file = sqlite3.connect(logs.folder / "log.sqlite")
    columns = "remedies, awarded, awarded_currency, rules_cited"
    for table, kind in (("event_Ruled", Ruled), ("event_AppealDecided", AppealDecided)):
        told = sorted(map(repr, file.execute(f"SELECT {columns} FROM {table}")))
        events = [one.event for one in logs.events if isinstance(one.event, kind)]
        assert told == sorted(map(repr, map(_due, events)))
        assert events
    (of_ruling,) = file.execute("SELECT count(rules_cited) FROM object_Ruling")
    assert of_ruling[0] > 0
    file.close()


def _due(event: Ruled | AppealDecided) -> tuple[object, ...]:
    amounts = [one.amount for one in event.remedies if one.amount]
    rules = {
        f"{one.rule.id}/{one.rule.version}:{one.rule.article}": None
        for one in event.reasons
    }
    return (
        " ".join(one.kind for one in event.remedies),
        sum(one.amount for one in amounts) if amounts else None,
        amounts[0].currency if amounts else None,
        " ".join(rules) or None,
    )

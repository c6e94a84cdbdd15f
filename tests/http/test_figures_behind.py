"""No report is published of figures that lack events: an edition never changes."""

from __future__ import annotations

import psycopg
import pytest

from interface.bootstrap import System
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import People, background, http, people, system
from tests.http.test_published_reports import PUBLISHED, filed

__all__ = ["background", "http", "people", "system"]


@pytest.mark.parametrize("state", ["halted", "behind"])
def test_they_are_published_once_they_have_all_events(
    people: People, background: Worker, clock: Clock, system: System, state: str
) -> None:
    filed(people, background, clock, 1, 7)
    mend = "UPDATE redress.followers SET halted = NULL WHERE name = 'transparency'"
    with psycopg.connect(system.url, autocommit=True) as owner:
        if state == "halted":
            said = mend.replace("NULL", "'position 1: broken'")
            owner.execute(said.encode())
        else:
            # A position that the figures have not come to, seen by who sees all cases.
            owner.execute(
                "UPDATE redress.followers SET position = position - 1"
                " WHERE name = 'transparency'"
            )
        refused = people.supervisor.post(PUBLISHED, {"period": "2026-03"})
        assert refused.status_code == 409, refused.text
        assert refused.json()["type"].endswith("figures-behind")
        owner.execute(mend.encode())
        owner.execute(
            "UPDATE redress.followers SET position = (SELECT max(position) FROM"
            " redress.ledger) WHERE name = 'transparency'"
        )
    assert people.supervisor.post(PUBLISHED, {"period": "2026-03"}).status_code == 201

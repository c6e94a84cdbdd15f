"""A view that a newer program has rebuilt, beside a server that runs the older one."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Any

import psycopg
import pytest

from application.record.schema.migrations import SchemaMismatch
from interface.api import present_views
from interface.bootstrap import System
from interface.run.worker import Worker
from projections.queue.queue_view import QUEUE
from projections.read_model import View
from projections.rebuild.rebuild_run import rebuild_views
from projections.registry import check
from projections.tables.view_presence import ViewOfOtherForm
from tests.deliveries.patience import until
from tests.http.conftest import People, file_for, full_health
from tests.projections.conftest import session
from tests.projections.test_follower import dump

__all__ = ["session"]


@pytest.fixture
def newer() -> View[Any]:
    """Return the queue in its next edition."""
    one = copy(QUEUE)
    vars(one).pop("revision", None)
    one._edition += 1  # noqa: SLF001 - as a release would
    assert one.revision != QUEUE.revision
    return one


@pytest.fixture
def working(system: System) -> Iterator[Worker]:
    worker = Worker(system)
    worker.start()
    yield worker
    worker.stop()


def nothing(_done: int, _total: int) -> None:
    pass


def test_it_is_not_followed_nor_shown_by_the_older_program(
    people: People,
    working: Worker,
    system: System,
    session: psycopg.Connection,
    newer: View[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del working
    monkeypatch.setattr(present_views, "LOOK_SECONDS", 0.0)
    first = file_for(people, "o-1")
    until(lambda: first in people.buyer.get("/v1/disputes").text)
    rebuild_views(system.url, [newer], nothing)
    refused = people.buyer.get("/v1/disputes")
    assert refused.status_code == 503
    assert refused.json()["type"] == "urn:redress:problem:view-of-other-form"
    assert "The view queue was rebuilt by another version" in refused.json()["detail"]
    rows = dump(session, QUEUE)

    second = file_for(people, "o-2")
    search = "/v1/audit/search?limit=50"
    until(lambda: second in people.auditor.get(search).text)
    # The others have gone on; to this one, the older program has written nothing.
    assert dump(session, QUEUE) == rows
    said = str(ViewOfOtherForm("queue"))
    assert said in full_health(people.auditor.http).json()["wrong"]
    reported = "SELECT problem FROM log_reports WHERE part = 'queue'"
    until(lambda: session.execute(reported).fetchone() == (said,))
    with pytest.raises(SchemaMismatch, match="queue has another form"):
        check(system.url)

    # The older version takes it back without a restart.
    rebuild_views(system.url, [QUEUE], nothing)
    until(lambda: second in people.buyer.get("/v1/disputes").text)
    third = file_for(people, "o-3")
    until(lambda: third in people.buyer.get("/v1/disputes").text)
    until(lambda: people.buyer.http.get("/health/ready").status_code == 200)

"""A rebuilt view that lacks what the live one has does not take its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from application.cases.disputes import Disputes
from interface.cli.main import redress
from projections.figures.transparency import TRANSPARENCY
from projections.placed_events import Placed
from projections.queue.queue_view import QUEUE
from projections.read_model import View
from projections.rebuild.rebuild_run import rebuild_views
from projections.rebuild.swap import RebuildDiffers
from tests.conftest import Clock, ManualWorker
from tests.sample_cases import tell_all

pytestmark = pytest.mark.store


def breaking(view: View[Any], attribute: str) -> Callable[..., Any]:
    """Return what makes rows as before, but none of cases that were ruled."""
    good = getattr(view, attribute)

    def made(*given: Any) -> Any:
        placed = given[-1]
        last: Placed = placed[-1] if isinstance(placed, list | tuple) else placed
        if last.recorded.event.__struct_config__.tag == "ruled":
            raise RuntimeError("no row of a ruling")
        return good(*given)

    return made


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (
            QUEUE,
            r"queue stays as it is: rebuilt, it sets \d+ cases aside .* case .* at",
        ),
        (TRANSPARENCY, r"transparency stays as it is: rebuilt, it halts at position"),
    ],
    ids=["queue", "transparency"],
)
def test_it_stays_beside_the_live_one(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    session: psycopg.Connection,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    view: View[Any],
    said: str,
) -> None:
    tell_all(disputes, clock)
    worker.catch_up()
    count = f"SELECT count(*), (SELECT max(position) FROM followers) FROM {view.name}"
    before = session.execute(count.encode()).fetchone()
    with monkeypatch.context() as broken:
        for attribute in ("_last", "_fold", "_whole"):
            if getattr(view, attribute) is not None:
                broken.setattr(view, attribute, breaking(view, attribute))
        with pytest.raises(RebuildDiffers, match=said):
            rebuild_views(url, [view], lambda *_: None)
    assert session.execute(count.encode()).fetchone() == before
    # Once its fold is mended, it comes in.
    rebuild_views(url, [view], lambda *_: None)
    assert session.execute(count.encode()).fetchone() == before


def test_the_command_names_the_cases_that_a_new_view_lacks(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    session: psycopg.Connection,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    tell_all(disputes, clock)
    worker.catch_up()
    session.execute("DROP TABLE queue")
    for name in ("DATABASE_URL", "REDRESS_OWNER_URL"):
        monkeypatch.setenv(name, url)
    monkeypatch.setenv("REDRESS_HOME", str(tmp_path))

    def rebuild() -> Result:
        return CliRunner().invoke(redress, ["rebuild", "queue", "--jobs", "1"])

    with monkeypatch.context() as broken:
        for attribute in ("_last", "_fold", "_whole"):
            if getattr(QUEUE, attribute) is not None:
                broken.setattr(QUEUE, attribute, breaking(QUEUE, attribute))
        done = rebuild()
    assert done.exit_code == 1, done.output
    assert "swapped in" in done.output
    parked = session.execute("SELECT originator_id FROM parked").fetchall()
    assert parked
    for (case,) in parked:
        assert f"case {case}, version" in done.output
    assert "queue set a case aside at position" in done.output
    done = rebuild()
    assert (done.exit_code, "set a case aside" in done.output) == (0, False)

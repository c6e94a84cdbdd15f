"""A rebuilt view that lacks what the live one has does not take its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from application.cases.disputes import Disputes
from projections.figures.transparency import TRANSPARENCY
from projections.queue.queue_view import QUEUE
from projections.read_model import Placed, View
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

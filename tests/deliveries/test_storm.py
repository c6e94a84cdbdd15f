"""Nothing is lost and order is kept, whoever fails and however often.

`make bench NAMES=deliveries` makes a storm of 20,000 events and 100 kills.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deliveries.storm import storm


@pytest.mark.kill
@pytest.mark.long
def test_a_storm_loses_nothing_and_keeps_the_order_of_each_case(
    url: str, tmp_path: Path
) -> None:
    with storm(url, tmp_path) as one:
        outcome = one.run(events=300, kills=5, pause=4.0)
        assert list(one.faults()) == []
    assert outcome.events >= 300
    assert outcome.deliveries == 4 * outcome.events
    assert (outcome.kills, outcome.dead) == (5, 0)

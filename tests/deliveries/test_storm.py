"""Nothing is lost and order is kept, whoever fails and however often.

`make bench NAMES=deliveries` makes a storm of 20,000 events and 100 kills.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deliveries.storm import storm
from tests.sizes import sized

EVENTS, KILLS = sized(80, 300), sized(2, 5)


@pytest.mark.kill
@pytest.mark.long
def test_a_storm_loses_nothing_and_keeps_the_order_of_each_case(
    url: str, tmp_path: Path
) -> None:
    with storm(url, tmp_path) as one:
        outcome = one.run(events=EVENTS, kills=KILLS, pause=4.0)
        assert list(one.faults()) == []
    assert outcome.events >= EVENTS
    assert outcome.deliveries == 4 * outcome.events
    assert (outcome.kills, outcome.dead) == (KILLS, 0)

"""What the figures hold of a case that another system brought."""

from __future__ import annotations

from datetime import datetime

import pytest
from msgspec.structs import replace

from application.record.envelope import Imported, Precision
from domain.admission.events import Admitted
from projections.figures.transparency import TRANSPARENCY
from tests.projections.first_figures import changed
from tests.projections.scenario import at, given
from tests.sample_events import CLOSED, FILED

SOURCE = Imported(system="old", record="77", zone="America/New_York")


@pytest.mark.parametrize(
    ("precision", "opened_at"),
    [
        (Precision.SECOND, at(1)),
        (Precision.DAY, at(1)),
        (Precision.NOT_BEFORE, None),
    ],
)
def test_an_imported_case_keeps_its_zone_and_only_times_that_are_known(
    precision: Precision, opened_at: datetime | None
) -> None:
    source = replace(SOURCE, precision=precision)
    given(TRANSPARENCY, FILED, imported=source).then(
        changed(system="old", zone="America/New_York", opened_at=opened_at)
    )


def test_a_time_that_the_source_does_not_tell_is_no_milestone() -> None:
    unknown = replace(SOURCE, precision=Precision.NOT_BEFORE)
    given(TRANSPARENCY, FILED, Admitted(), CLOSED, imported=unknown).then(
        changed(
            system="old",
            zone="America/New_York",
            opened_at=None,
            closed=True,
            outcome="ruled",
            claim="met",
        )
    )

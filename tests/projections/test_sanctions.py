"""The register of sanctions: imposed, published, lifted, and the end published."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.case.event import Event
from domain.filing.events import Filed
from domain.imports.events import ImportWithdrawn
from domain.sanctions.events import SanctionImposed, SanctionLifted, SanctionPublished
from projections.sanctions import SANCTIONS, SanctionRow
from tests.projections.scenario import CASE, at, given
from tests.sample_events import EVENTS, FILED, KINDS

IMPOSED = SanctionImposed(
    number=1,
    kind="warning",
    seller="s-1",
    breach="refusal-to-perform",
    measure="Public warning.",
)
SECOND = replace(IMPOSED, number=2, kind="restriction", measure="No new offers.")
PUBLISHED, END_PUBLISHED = (
    SanctionPublished(number=1),
    SanctionPublished(number=1, lifted=True),
)
LIFTED = SanctionLifted(number=1, why="Mended.")
REACTS: set[type[Event]] = {Filed, SanctionImposed, SanctionPublished, SanctionLifted}

PLATFORM = SanctionRow(
    case_id=CASE,
    number=0,
    platform="shop",
    seller="",
    kind="",
    breach="",
    measure="",
    imposed_at=None,
    published_at=None,
    lifted_at=None,
    end_published_at=None,
)
FIRST = replace(
    PLATFORM,
    number=1,
    seller="s-1",
    kind="warning",
    breach="refusal-to-perform",
    measure="Public warning.",
    imposed_at=at(2),
)


def test_a_case_without_a_sanction_only_keeps_its_platform() -> None:
    given(SANCTIONS, FILED).then(PLATFORM)


def test_a_sanction_is_imposed_published_lifted_and_its_end_published() -> None:
    story = (FILED, IMPOSED, PUBLISHED, LIFTED, END_PUBLISHED)
    published = replace(FIRST, published_at=at(3))
    lifted = replace(published, lifted_at=at(4))
    over = replace(lifted, end_published_at=at(5))
    for length, row in ((2, FIRST), (3, published), (4, lifted), (5, over)):
        given(SANCTIONS, *story[:length]).then(PLATFORM, row)


def test_what_becomes_of_one_sanction_leaves_the_other_alone() -> None:
    second = replace(
        FIRST,
        number=2,
        kind="restriction",
        measure="No new offers.",
        imposed_at=at(3),
    )
    given(SANCTIONS, FILED, IMPOSED, SECOND, SanctionPublished(number=2)).then(
        PLATFORM, FIRST, replace(second, published_at=at(4))
    )
    given(SANCTIONS, FILED, IMPOSED, SECOND, LIFTED).then(
        PLATFORM, replace(FIRST, lifted_at=at(4)), second
    )


def test_a_sanction_without_its_filing_belongs_to_no_platform() -> None:
    row = replace(FIRST, platform="", imposed_at=at(1))
    given(SANCTIONS, IMPOSED).then(row)


@pytest.mark.parametrize(
    "kind", sorted(KINDS - REACTS, key=str), ids=lambda kind: kind.__name__
)
def test_no_other_event_changes_the_register(kind: type[Event]) -> None:
    # A case that was set aside leaves the register.
    rows = () if kind is ImportWithdrawn else (PLATFORM, FIRST)
    given(SANCTIONS, FILED, IMPOSED, EVENTS[kind]).then(*rows)

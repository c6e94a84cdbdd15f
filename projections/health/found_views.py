"""Every view with what stands in its way: cases set aside, and what it passes over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from psycopg import Connection

from application.jobs.view_skips import Skip, skips
from projections.health.examination import view_places
from projections.health.parked_cases import ParkedCase, parked_cases
from projections.health.view_health import ViewHealth


class ViewFound(Struct, frozen=True, kw_only=True):
    """Where a view stands, the cases that it set aside, and what it passes over."""

    place: ViewHealth
    parked: tuple[ParkedCase, ...]
    skips: tuple[Skip, ...]


def found_views(connection: Connection[Any]) -> Sequence[ViewFound]:
    """Return every view that follows the ledger, by their names."""
    parked, passed = parked_cases(connection), skips(connection)
    return tuple(
        ViewFound(
            place=place,
            parked=tuple(one for one in parked if one.view == place.name),
            skips=tuple(one for one in passed if one.follower == place.name),
        )
        for place in view_places(connection)
    )

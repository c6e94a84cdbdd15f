"""A published period: its reports by what they are cut by, and what one asks of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection

from interface.pages.public.figure_card import Before
from projections.reports.edition_manifests import (
    EditionRead,
    edition_read,
)
from projections.reports.period import BadQuestion, Question
from projections.reports.public_report import PublicGroup, PublicReport
from projections.reports.report_edition import Manifest

Cuts = frozenset[str]
WHOLE: Cuts = frozenset()


class Chosen(Struct, frozen=True, kw_only=True):
    """What one asks of the published figures; "" asks for all of them."""

    period: str
    platform: str
    category: str = ""
    channel: str = ""

    @property
    def keys(self) -> Mapping[str, str]:
        """Return the cuts by which a group is chosen, each with its key."""
        asked = {"category": self.category, "channel": self.channel}
        return {cut: key for cut, key in asked.items() if key}


class PublishedPeriod(Struct, frozen=True, kw_only=True):
    """The last editions about a period by their cuts, and that of the one before."""

    chosen: Chosen
    editions: Mapping[Cuts, EditionRead]
    before: EditionRead | None

    @property
    def edition(self) -> EditionRead | None:
        """Return the edition that has what is asked for; None if none is published."""
        return self.editions.get(frozenset(self.chosen.keys))

    @property
    def group(self) -> PublicGroup | None:
        """Return the group that is asked for; None if no case is in it."""
        found = self.edition
        return None if found is None else _group(found, self.chosen.keys)

    @property
    def group_before(self) -> Before | None:
        """Return the same group of the period before, if that is published."""
        found = self.before
        group = None if found is None else _group(found, self.chosen.keys)
        if found is None or group is None:
            return None
        return Before(group=group, definitions=found.manifest.definitions)

    def keys_of(self, cut: str) -> tuple[str, ...]:
        """Return by which keys one may choose: those of a report with that one cut."""
        found = self.editions.get(frozenset({cut}))
        return () if found is None else tuple(one.key for one in found.report.groups)


def _group(found: EditionRead, keys: Mapping[str, str]) -> PublicGroup | None:
    cuts = found.report.by.split(",")
    wanted = tuple(keys[cut] for cut in cuts) if keys else ("all",)
    return next((one for one in found.report.groups if one.keys == wanted), None)


def alone(report: PublicReport, key: str) -> PublicReport | None:
    """Return a report on one of its groups only, as if it were cut by nothing."""
    found = next((one for one in report.groups if one.key == key), None)
    if found is None:
        return None
    return replace(report, by="none", groups=(found,))


def platforms(manifests: Sequence[Manifest]) -> list[str]:
    """Return whose reports are published; "" for those of all platforms."""
    return sorted({one.platform or "" for one in manifests})


def periods(manifests: Sequence[Manifest], platform: str) -> list[str]:
    """Return the periods that are published of a platform, the latest first."""
    found = {one.period for one in manifests if (one.platform or "") == platform}
    return sorted(found, key=_ends, reverse=True)


def _ends(period: str) -> tuple[datetime, timedelta]:
    bounds = Question(period=period).bounds
    if bounds is None:
        raise ValueError(f"{period} has no end, and cannot be published")
    # Of two that end together the longer one first: the year before its last quarter.
    return bounds[1], bounds[1] - bounds[0]


def published_period(
    connection: Connection[Any], manifests: Sequence[Manifest], chosen: Chosen
) -> PublishedPeriod:
    """Read the last editions about a period, and what they are compared with."""
    editions = {
        cuts: edition
        for cuts, name in _names(manifests, chosen.period, chosen.platform)
        if (edition := edition_read(connection, name)) is not None
    }
    earlier = _before(chosen.period)
    named = dict(_names(manifests, earlier, chosen.platform)) if earlier else {}
    name = named.get(frozenset(chosen.keys))
    return PublishedPeriod(
        chosen=chosen,
        editions=editions,
        before=edition_read(connection, name) if name else None,
    )


def _before(period: str) -> str | None:
    try:
        return Question(period=period).before.period
    except BadQuestion:
        return None


def _names(
    manifests: Sequence[Manifest], period: str, platform: str
) -> Iterator[tuple[Cuts, str]]:
    """Yield the reports about a period, each with what it is cut by."""
    for one in manifests:
        if one.period == period and (one.platform or "") == platform:
            cuts = () if one.by == "none" else one.by.split(",")
            yield frozenset(cuts), one.name

"""The public reports of the demo: of the last quarter that is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from interface.bootstrap import System
from interface.demo.filing_times import FilingTimes
from interface.demo.scene import texts
from projections.reports.edition_manifests import edition_read
from projections.reports.period import Question
from projections.reports.publication_terms import Author, NotPublished
from projections.reports.report_edition import name_of
from projections.reports.report_publication import publish

CUTS = ("none", "month", "category", "reason", "channel", "outcome")
BY = "demo"
SOON = timedelta(days=3)
"""So long after the quarter its first report is published, if it is that long ago."""


def first_published(until: datetime, zone: str) -> datetime:
    """Return when the first report is published, in a story up to a moment."""
    ends = FilingTimes(until, zone).quarter_ends
    return ends + min(SOON, (until - ends) / 2)


def publish_first(system: System, until: datetime) -> None:
    """Publish the quarter as it is known soon after its end."""
    _publish(system, until, "none", system.clock())


def publish_figures(system: System, now: datetime) -> None:
    """Publish what pages for everyone show, and correct what was published before.

    Nothing where it is published already and no number differs.
    """
    for by in CUTS:
        _publish(system, now, by, now)


def _publish(system: System, until: datetime, by: str, at: datetime) -> None:
    period = FilingTimes(until, system.zone).quarter
    question = Question(period=period, by=by)
    try:
        with system.database.get_connection() as connection:
            before = edition_read(connection, name_of(question))
            reason = str(texts()["correction"]) if before else None
            author = Author(by=BY, at=at, zone=system.zone, reason=reason)
            publish(connection, question, author)
    except NotPublished:
        # Nothing differs from what is published, or the read models are not there yet.
        return

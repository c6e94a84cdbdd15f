"""The public reports of the demo: those of the last month that is over."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from interface.bootstrap import System
from projections.reports.period import Question
from projections.reports.publication_terms import Author, NotPublished
from projections.reports.report_publication import publish

CUTS = ("none", "category", "channel", "outcome")
BY = "demo"


def publish_last_month(system: System, now: datetime) -> None:
    """Publish what pages for everyone show; nothing where it is published already."""
    local = now.astimezone(ZoneInfo(system.zone))
    last = local.year * 12 + local.month - 2
    period = f"{last // 12}-{last % 12 + 1:02}"
    author = Author(by=BY, at=now, zone=system.zone)
    for by in CUTS:
        try:
            with system.database.get_connection() as connection:
                publish(connection, Question(period=period, by=by), author)
        except NotPublished:
            # Somebody has published it, or the read models are not there yet.
            return

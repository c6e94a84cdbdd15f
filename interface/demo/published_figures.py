"""The public reports of the demo: of the last quarter that is over."""

from __future__ import annotations

from datetime import datetime

from interface.bootstrap import System
from interface.demo.filing_times import FilingTimes
from projections.reports.period import Question
from projections.reports.publication_terms import Author, NotPublished
from projections.reports.report_publication import publish

CUTS = ("none", "month", "category", "reason", "channel", "outcome")
BY = "demo"


def publish_figures(system: System, now: datetime) -> None:
    """Publish what pages for everyone show; nothing where it is published already."""
    period = FilingTimes(now, system.zone).quarter
    author = Author(by=BY, at=now, zone=system.zone)
    for by in CUTS:
        try:
            with system.database.get_connection() as connection:
                publish(connection, Question(period=period, by=by), author)
        except NotPublished:
            # Somebody has published it, or the read models are not there yet.
            return

"""Editions put into the table as if they had been published."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from application.record.row_scope import Beyond, beyond
from interface.bootstrap import System
from projections.figures.metrics import metrics
from projections.reports.period import Question
from projections.reports.public_report import PublicReport
from projections.reports.report_edition import (
    Manifest,
    canonical,
    differences,
    digest,
    name_of,
)

AT = datetime(2026, 10, 12, 4, tzinfo=UTC)


def store(
    system: System, report: PublicReport, *, period: str = "2026-Q3", **about: Any
) -> str:
    """Store an edition of a report about a period; return its name."""
    question = Question(period=period, by=report.by, platform=about.get("platform"))
    before = about.pop("before", None)
    fields = {
        "name": name_of(question),
        "period": period,
        "by": report.by,
        "platform": None,
        "edition": 1,
        "published_at": AT,
        "position": 1200,
        "definitions": {one.id: one.version for one in metrics()},
        "definitions_sha256": digest(canonical(metrics())),
        "code_version": "1.0",
        "checkpoint": None,
        "log_size": None,
        "sha256": digest(canonical(report)),
        "commitment": digest(b"salted"),
    }
    if before is not None:
        import msgspec

        found = differences(msgspec.to_builtins(before), report)
        about |= {"edition": 2, "corrects": 1, "differences": tuple(found)}
    made = Manifest(**(fields | about))
    row = (made.name, made.edition, canonical(made), canonical(report), AT)
    with beyond(Beyond.REPORT), system.database.get_connection() as connection:
        connection.execute(
            "INSERT INTO report_editions VALUES (%s, %s, %s, %s, %s)", row
        )
    return made.name

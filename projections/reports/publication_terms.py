"""On which terms a report is published: what of, by whom, and from when on."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import tuple_row

from application.operator_error import OperatorError
from projections.reports.period import BadQuestion, Question
from projections.reports.public_figures import check_public, has_cases
from projections.reports.record_start import is_before, start_in, whose
from projections.reports.report import Report

_IN_ADDRESSES = re.compile(r"[\w.-]+", re.ASCII)


_PLACES = """
SELECT position, halted IS NOT NULL,
    greatest(position, (SELECT coalesce(max(position), 0) FROM ledger))
FROM followers WHERE name = 'transparency'
"""


class NotPublished(OperatorError):
    """A report cannot be published like that; `code` says why not, `about` of what."""

    def __init__(self, code: str, said: str, **about: str) -> None:
        super().__init__(said)
        self.code = code
        self.about = about


class Author(Struct, frozen=True, kw_only=True):
    """Who publishes, when, and why another edition; None for the first one.

    `zone` is the platform's: a period is over when it is over there.
    """

    by: str
    at: datetime
    zone: str
    reason: str | None = None


def check_terms(
    connection: Connection[Any], question: Question, author: Author
) -> None:
    """Raise BadQuestion or NotPublished for a report that cannot be published."""
    check_public(question)
    bounds = question.bounds
    if bounds is None:
        said = "is not published: name a year, a quarter or a month"
        raise BadQuestion("period", question.period, said)
    if question.platform and not _IN_ADDRESSES.fullmatch(question.platform):
        said = "cannot stand in an address: only letters, digits, '.', '_' and '-' can"
        raise BadQuestion("platform", question.platform, said)
    ends = bounds[1].replace(tzinfo=ZoneInfo(author.zone))
    if ends > author.at:
        over = f"{ends:%Y-%m-%d %H:%M} ({author.zone})"
        raise NotPublished(
            "period-not-over",
            f"{question.period} is not over before {over}: publish it then",
            period=question.period,
            ends=over,
        )
    _check_up_to_date(connection)
    _check_platform(connection, question.platform)


def check_covered(
    connection: Connection[Any], question: Question, counted: Report
) -> None:
    """Raise NotPublished for a period that ended before the record begins.

    Published zeros would say that nobody complained, and stay published.
    """
    begun = start_in(connection)(whose(replace(question, by="none"), ()))
    # A ruling may have a date where its filing has none.
    is_known = any(not one.is_before_record for one in counted.groups)
    if begun is None or is_known or not is_before(question, begun):
        return
    begins = f"{begun:%Y-%m-%d}"
    raise NotPublished(
        "before-record",
        f"{question.period} ended before the record begins, on {begins}: nothing is"
        " known of it, so that there is nothing to publish",
        period=question.period,
        first=begins,
    )


def _check_up_to_date(connection: Connection[Any]) -> None:
    """Raise NotPublished while the figures lack events: an edition never changes."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(_PLACES).fetchone()
    if found is None:
        return
    position, halted, last = found
    if halted or position < last:
        state = "have halted" if halted else "are behind"
        raise NotPublished(
            "figures-behind",
            f"the figures {state} at position {position} of {last}: publish them once"
            " they have all events (redress views)",
            position=str(position),
            last=str(last),
        )


def _check_platform(connection: Connection[Any], platform: str | None) -> None:
    """Raise NotPublished for a platform of which no case was ever recorded."""
    if platform is None or has_cases(connection, platform):
        return
    said = "no case of it has been recorded, so that there is nothing to publish"
    raise NotPublished("no-such-platform", f"{platform}: {said}", platform=platform)

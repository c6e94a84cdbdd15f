"""A case as it was at a moment: at a version, a time, or a position in the ledger.

By `recorded_at`, a time counts the events that had been recorded by then. By `at`, it
counts those that had happened by then, whenever they were recorded. These need not be
the first events of the case, because late and imported events tell of earlier times.
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import get_args

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import scalar_row

from application.cases.case import Case
from application.operator_error import OperatorError
from application.record.database import Database
from application.record.envelope import Recorded, topic
from domain.case.events import DisputeEvent
from domain.case.evolve import fold

# Any number of 18 digits fits into PostgreSQL's bigint.
_VERSION = re.compile(r"\d{1,18}", re.ASCII)
_POSITION = re.compile(r"position:(\d{1,18})", re.ASCII)
_KIND = re.compile(r"[a-z]+(-[a-z]+)*", re.ASCII)


KINDS = tuple(str(event.__struct_config__.tag) for event in get_args(DisputeEvent))
"""The kinds of events, by the names under which they are stored."""


class NoCaseThen(OperatorError):
    """There is no case to show at the requested moment."""


class NoMoment(NoCaseThen):
    """The text does not name a moment."""


class NoKind(NoMoment):
    """There is no kind of event with this name."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind} is no kind of event; there are {', '.join(KINDS)}")
        self.kind = kind


class NeverHappened(NoCaseThen):
    """The case has no event of this kind."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"the case has no event of the kind {kind}")
        self.kind = kind


class NotKnownThen(NoCaseThen):
    """No event of the case was known at the requested moment."""

    def __init__(self, first: datetime) -> None:
        super().__init__(
            "nothing was known of the case then; its first event was recorded at"
            f" {first.isoformat()}"
        )
        self.first = first


class By(StrEnum):
    """Which of an event's times counts."""

    RECORDED_AT = "recorded_at"
    AT = "at"


class Moment(Struct, frozen=True):
    """A version, a time, a position in the ledger, or the last event of a kind."""

    version: int | None = None
    time: datetime | None = None
    position: int | None = None
    kind: str | None = None


def parse_moment(text: str) -> Moment:
    """Read a moment. Raises NoMoment."""
    if _VERSION.fullmatch(text):
        return Moment(version=int(text))
    if found := _POSITION.fullmatch(text):
        return Moment(position=int(found[1]))
    if _KIND.fullmatch(text):
        if text not in KINDS:
            raise NoKind(text)
        return Moment(kind=text)
    try:
        time = msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        time = None
    if time is None or time.tzinfo is None:
        raise NoMoment(
            "say a version such as 3, a date, a time with its offset, a position"
            " such as position:120, or a kind of event such as ruled"
        )
    return Moment(time=time)


def known_case_at(database: Database, case: Case, text: str | None, by: By) -> Case:
    """Return the case as it was at the moment that a text names, or as it is for None.

    Raises NoMoment, NeverHappened, or NotKnownThen.
    """
    if text is None:
        return case
    then = case_at(database, case, text, by)
    if not then.events:
        raise NotKnownThen(min(recorded.recorded_at for recorded in case.events))
    return then


def case_at(database: Database, case: Case, text: str, by: By) -> Case:
    """Return the case as it was at the moment that a text names.

    It has version 0 if no event was known then. Raises NoMoment or NeverHappened.
    """
    moment = parse_moment(text)
    with database.get_connection() as connection:
        return _known_at(connection, case, moment, by)


def _known_at(
    connection: Connection[object], case: Case, moment: Moment, by: By
) -> Case:
    """Return the case as it was at a moment; with version 0 if no event was known then.

    Raises NeverHappened if the case has no event of the moment's kind.
    """
    if moment.time is not None:
        return _chosen(case, moment.time, by)
    if moment.version is not None:
        return case.until(min(moment.version, case.version))
    if moment.position is not None:
        return case.until(_version_at(connection, case, moment.position))
    of_kind = [one.version for one in case.events if topic(one.event) == moment.kind]
    if not of_kind:
        raise NeverHappened(moment.kind or "")
    return case.until(of_kind[-1])


def _chosen(case: Case, time: datetime, by: By) -> Case:
    # Not `until`: by `at`, an event may count while one before it does not.
    events = tuple(
        recorded for recorded in case.events if _moment_of(recorded, by) <= time
    )
    dispute = fold(recorded.event for recorded in events)
    return Case(case.case, events, dispute, kept=case.restricted)


def _moment_of(recorded: Recorded, by: By) -> datetime:
    return recorded.at if by is By.AT else recorded.recorded_at


def _version_at(connection: Connection[object], case: Case, position: int) -> int:
    """Return a case's version at a position; events without one yet come later."""
    query = (
        "SELECT coalesce(max(originator_version), 0) FROM ledger"
        " WHERE originator_id = %s AND position <= %s"
    )
    with connection.cursor(row_factory=scalar_row) as cursor:
        return int(cursor.execute(query, (case.case, position)).fetchone() or 0)

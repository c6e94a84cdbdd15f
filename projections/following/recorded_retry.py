"""Gives a view another chance, and says in the access log who did so, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection

from application.access.access_log import record_within
from application.deliveries.dispatch import NAME as DELIVERIES
from application.jobs.seller_standing import NAME as STANDING
from application.record.database import Database
from domain.access_events import ViewRetried
from domain.roles import Actor, Role
from projections.following.view_retry import (
    NotRetried,
    Retried,
    parked_cases,
    retry_case,
    retry_halted,
)
from projections.read_model import View
from projections.registry import VIEWS, named

FOLLOWERS = (*(one.name for one in VIEWS), STANDING, DELIVERIES)
"""The names of all that follows the ledger."""


class ViewAttempt(Struct, frozen=True, kw_only=True):
    """What is tried again: a view where it halted, or a case that it set aside.

    Without a `case` all that it set aside, if there is any. `by` says so, for `reason`.
    """

    view: str
    case: UUID | None
    reason: str
    by: str


def retried(
    database: Database, attempt: ViewAttempt, now: datetime
) -> Iterator[Retried]:
    """Try again and yield what came of it. Raises NotRetried."""
    view = attempt.view
    with database.get_connection() as connection:
        case = attempt.case
        aside = [case] if case is not None else parked_cases(connection, view)
        if not aside:
            yield _kept(connection, attempt, now, partial(retry_halted, name=view))
        for one in aside:
            again = partial(retry_case, view=known_view(view), case=one)
            yield _kept(connection, attempt, now, again)


def known_view(name: str) -> View[Any]:
    """Return the view of a name. Raises NotRetried for what sets no cases aside."""
    try:
        return named(name)
    except KeyError:
        raise NotRetried(f"{name} sets no cases aside") from None


def _kept(
    connection: Connection[Any],
    attempt: ViewAttempt,
    now: datetime,
    again: Callable[[Connection[Any]], Retried],
) -> Retried:
    """Try again and record in the access log that it was tried, both or neither."""
    with connection.transaction():
        done = again(connection)
        event = ViewRetried(
            view=done.view,
            position=done.position,
            reason=attempt.reason,
            case=done.case,
        )
        actor = Actor(role=Role.PLATFORM, id=attempt.by)
        record_within(connection, actor, None, event, now)
    return done

"""The deliveries of notices: added with the event, tried, ended; the delivery log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct
from psycopg import Connection

from application.deliveries.job_queue import QueuedJob
from domain.notices.channel import Channel
from domain.notices.events import NoticeKind
from domain.notices.notice import Notice
from domain.roles import Party

TASK = "notice"

_COLUMNS = (
    "delivery_id, case_id, position, notice, party, channel, state, tries, created_at,"
    " next_at, ended_at, problem"
)


class NoticeState(StrEnum):
    """How far a delivery is.

    WAITING: to be sent, or sent again. FAILED: given up. CANCELLED: nobody needs the
    notice any more.
    """

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class NoticeDelivery(Struct, frozen=True, kw_only=True):
    """One notice to one party over one channel.

    `position` is that of the event that called for it. `problem`: why the last attempt
    failed. Times are UTC; `next_at` is None once it has ended.
    """

    delivery_id: UUID
    case_id: UUID
    position: int
    notice: NoticeKind
    party: Party
    channel: Channel
    state: NoticeState
    tries: int
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    problem: str | None

    @property
    def about(self) -> Notice:
        """Return the notice."""
        return Notice(kind=self.notice, party=self.party)

    @property
    def job(self) -> QueuedJob:
        """Return the job that sends it; a party is told of a case in order."""
        return QueuedJob(
            task=TASK,
            queue=f"notice/{self.channel}",
            lock=f"{self.case_id}/{self.party}/{self.channel}",
            arguments={"delivery": str(self.delivery_id)},
        )


def new_delivery(
    case_id: UUID, position: int, notice: Notice, channel: Channel, now: datetime
) -> NoticeDelivery:
    """Return a delivery that waits; its id follows from event, party and channel."""
    name = f"{position}/{notice.kind}/{notice.party}/{channel}"
    return NoticeDelivery(
        delivery_id=uuid5(case_id, name),
        case_id=case_id,
        position=position,
        notice=notice.kind,
        party=notice.party,
        channel=channel,
        state=NoticeState.WAITING,
        tries=0,
        created_at=now,
        next_at=now,
        ended_at=None,
        problem=None,
    )


def add(connection: Connection[Any], new: Sequence[NoticeDelivery]) -> None:
    """Store deliveries."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO notice_deliveries (delivery_id, case_id, position, notice,"
            " party, channel, state, created_at, next_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, 'waiting', %s, %s)",
            [
                (
                    *(one.delivery_id, one.case_id, one.position, one.notice),
                    *(one.party, one.channel, one.created_at, one.next_at),
                )
                for one in new
            ],
        )


def wait_again(
    connection: Connection[Any], case_id: UUID, party: Party, now: datetime
) -> Sequence[NoticeDelivery]:
    """Let what found a party nowhere wait again, because of a new address."""
    return _rows(
        connection,
        "UPDATE notice_deliveries SET state = 'waiting', tries = 0, next_at = %s,"
        " ended_at = NULL, problem = NULL WHERE case_id = %s AND party = %s"
        " AND state = 'failed'"
        f" RETURNING {_COLUMNS}",
        (now, case_id, party),
    )


def send_again(
    connection: Connection[Any], delivery_id: UUID, now: datetime
) -> NoticeDelivery | None:
    """Let one that was given up wait again."""
    found = _rows(
        connection,
        "UPDATE notice_deliveries SET state = 'waiting', tries = 0, next_at = %s,"
        " ended_at = NULL, problem = NULL WHERE delivery_id = %s AND state = 'failed'"
        f" RETURNING {_COLUMNS}",
        (now, delivery_id),
    )
    return found[0] if found else None


def unserved(connection: Connection[Any]) -> Sequence[NoticeDelivery]:
    """List what was given up, or has failed and waits for another attempt."""
    return _rows(
        connection,
        f"SELECT {_COLUMNS} FROM notice_deliveries WHERE state = 'failed'"
        " OR state = 'waiting' AND problem IS NOT NULL"
        " ORDER BY created_at, delivery_id",
        (),
    )


def find(connection: Connection[Any], delivery_id: UUID) -> NoticeDelivery | None:
    """Return a delivery."""
    found = _rows(
        connection,
        f"SELECT {_COLUMNS} FROM notice_deliveries WHERE delivery_id = %s",
        (delivery_id,),
    )
    return found[0] if found else None


def of_case(connection: Connection[Any], case_id: UUID) -> Sequence[NoticeDelivery]:
    """List the deliveries of a case, the first one first."""
    return _rows(
        connection,
        f"SELECT {_COLUMNS} FROM notice_deliveries WHERE case_id = %s"
        " ORDER BY position, party, channel",
        (case_id,),
    )


def locked_siblings(
    connection: Connection[Any], one: NoticeDelivery
) -> Sequence[NoticeDelivery]:
    """Return what one notice is sent as, itself included, until the transaction ends.

    Locked, because of two channels that fail at once only the later one can see that
    none is left.
    """
    return _rows(
        connection,
        f"SELECT {_COLUMNS} FROM notice_deliveries WHERE case_id = %s"
        " AND position = %s AND notice = %s AND party = %s"
        " ORDER BY delivery_id FOR UPDATE",
        (one.case_id, one.position, one.notice, one.party),
    )


def move_on(
    connection: Connection[Any],
    one: NoticeDelivery,
    state: NoticeState,
    at: datetime,
    problem: str | None = None,
) -> None:
    """Store what became of an attempt: `at` is when the next is made, or it ended."""
    waits = state is NoticeState.WAITING
    connection.execute(
        "UPDATE notice_deliveries SET state = %s, tries = tries + 1, next_at = %s,"
        " ended_at = %s, problem = %s WHERE delivery_id = %s AND state = 'waiting'",
        (
            *(state, at if waits else None, None if waits else at),
            *(problem, one.delivery_id),
        ),
    )


def _rows(
    connection: Connection[Any], query: str, parameters: tuple[Any, ...]
) -> Sequence[NoticeDelivery]:
    rows = connection.execute(query.encode(), parameters).fetchall()
    names = _COLUMNS.split(", ")
    return [_delivery(dict(zip(names, _values(row), strict=True))) for row in rows]


def _values(row: Any) -> Sequence[Any]:
    return tuple(row.values()) if isinstance(row, dict) else tuple(row)


def _delivery(row: dict[str, Any]) -> NoticeDelivery:
    return NoticeDelivery(
        **row
        | {
            "notice": NoticeKind(row["notice"]),
            "party": Party(row["party"]),
            "channel": Channel(row["channel"]),
            "state": NoticeState(row["state"]),
        }
    )

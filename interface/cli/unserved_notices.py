"""The part of `redress deliveries` that is about notices to the parties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from psycopg import Connection
from rich.table import Table

from application.deliveries.job_queue import defer, with_jobs
from application.notices.notice_delivery import NoticeDelivery, NoticeState, send_again


def sent_again(connection: Connection[Any], found: Sequence[NoticeDelivery]) -> int:
    """Let notices that were given up wait again; return how many."""
    with connection.transaction():
        now = datetime.now(UTC)
        lost = (one for one in found if one.state is NoticeState.FAILED)
        waiting = [send_again(connection, one.delivery_id, now) for one in lost]
        jobs = [one.job for one in waiting if one is not None]
        with_jobs(connection)
        defer(connection, jobs)
    return len(jobs)


def notice_table(found: Sequence[NoticeDelivery]) -> Table:
    """Return a table of them; it holds no address."""
    shown = Table("case", "notice", "party", "channel", "state", "tries", "problem")
    for one in found:
        shown.add_row(
            str(one.case_id),
            one.notice,
            one.party,
            one.channel,
            one.state,
            str(one.tries),
            one.problem or "",
        )
    return shown

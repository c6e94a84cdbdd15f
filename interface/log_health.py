"""How the log is: how far it is built and signed, how long what waits has waited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from psycopg import Connection

from application.jobs.status import Report, reports
from application.log.build.batches import Batch, batch_of_size, tip
from application.log.build.integrate import LogBuilder
from application.log.fsck.auditor import PART as AUDITOR
from application.log.sign.checkpoint_store import Kind, latest
from application.log.sign.signer import PART as SIGNER
from application.log.witness import trust_policy
from application.log.witness.cosignatures import CONTRADICTION, WITNESS, Collector
from application.log.witness.trust_policy import PolicyUnusable
from application.record.sequencer import Sequencer
from interface.settings import Settings

MAX_LAG = 10_000
"""Events that the log may be behind before the system counts as not ready."""

LONG = timedelta(seconds=60)
"""How long an event may wait for its position, for the log, or to be signed."""

SILENT = timedelta(minutes=5)
"""After so long without a report the auditor counts as not running."""

_WRITERS = {LogBuilder.name, Sequencer.name}

_UNORDERED = """
SELECT state FROM events WHERE notification_id >
    (SELECT coalesce(max(notification_id), 0) FROM ledger)
ORDER BY notification_id LIMIT 1
"""

_AFTER = """
SELECT state FROM ledger JOIN events USING (notification_id)
WHERE position > %s ORDER BY position LIMIT 1
"""


class LogHealth(Struct, frozen=True, kw_only=True):
    """Where the log stands: entries built, signed, and co-signed by a quorum.

    `unlogged` events have a position but are not in the log yet; `parts`: how the
    signer, the auditor and each witness last found it, and what keeps the sequencer
    or the builder (`log`) from writing.
    """

    size: int
    signed: int
    cosigned: int
    unlogged: int
    parts: tuple[Report, ...]


class _Told(Struct):
    recorded_at: datetime


def log_health(connection: Connection[Any], settings: Settings) -> LogHealth:
    """Look at the log."""
    head = tip(connection)
    sizes = {kind: latest(connection, kind) for kind in Kind}
    row = connection.execute("SELECT coalesce(max(position), 0) AS last FROM ledger")
    last = (row.fetchone() or {"last": 0})["last"]
    return LogHealth(
        size=head.size,
        signed=one.size if (one := sizes[Kind.SIGNED]) else 0,
        cosigned=one.size if (one := sizes[Kind.COSIGNED]) else 0,
        unlogged=last - head.position,
        parts=_parts(connection, settings),
    )


def wrong_log(log: LogHealth) -> list[str]:
    """Name what the parts found, and what is far behind."""
    # A witness that is away must not take the platform out of service; one that
    # proves a fork must.
    found = [
        f"{one.part}: {one.problem}"
        for one in log.parts
        if one.problem and (_is_ours(one) or one.problem.startswith(CONTRADICTION))
    ]
    found += _silent(log)
    if log.unlogged > MAX_LAG:
        found.append(f"{log.unlogged} events are not in the log yet")
    if log.size - log.signed > MAX_LAG:
        found.append(f"{log.size - log.signed} log entries are not signed yet")
    return found


def wrong_waits(
    connection: Connection[Any], log: LogHealth, now: datetime
) -> list[str]:
    """Name what has waited for long, however little it is: nobody takes it up."""
    head = tip(connection)
    signed = batch_of_size(connection, log.signed) if log.signed else None
    waits = {
        "for a position: the sequencer does not act": _told(connection, _UNORDERED),
        "to be logged: the log does not grow": _told_after(connection, head),
        "to be signed: the signer does not act": (
            _told_after(connection, signed, head) if log.signed < log.size else None
        ),
    }
    return [
        f"an event has waited for {_minutes(now - since)} {what}"
        for what, since in waits.items()
        if since is not None and now - since > LONG
    ]


def _is_ours(report: Report) -> bool:
    return report.part in {SIGNER, AUDITOR, *_WRITERS}


def _silent(log: LogHealth) -> list[str]:
    """Name the auditor if it was running and says nothing any more."""
    now = datetime.now(UTC)
    return [
        f"{one.part}: nothing was heard of it for {_minutes(now - one.at)}"
        for one in log.parts
        if one.part == AUDITOR and not one.problem and now - one.at > SILENT
    ]


def _minutes(length: timedelta) -> str:
    return f"{length // timedelta(minutes=1)} min"


def _parts(connection: Connection[Any], settings: Settings) -> tuple[Report, ...]:
    """Return the reports of the parts that there are by now."""
    known = _witnesses(settings)
    return tuple(
        one
        for one in reports(connection)
        if (one.problem or one.part not in _WRITERS)
        and (known is None or not _is_collected(one) or one.part in known)
    )


def _is_collected(report: Report) -> bool:
    return report.part == Collector.name or report.part.startswith(WITNESS)


def _witnesses(settings: Settings) -> set[str] | None:
    """Return the parts that the policy makes; None if it cannot be read now."""
    if settings.log.policy is None:
        return set()
    try:
        named = trust_policy.read(settings.log.policy).witnesses.values()
    except PolicyUnusable:
        return None
    asked = {f"{WITNESS}{one.key.name}" for one in named if one.url is not None}
    return {Collector.name, *asked}


def _told_after(
    connection: Connection[Any], since: Batch | None, until: Batch | None = None
) -> datetime | None:
    position = since.position if since else 0
    if until is not None and position >= until.position:
        return None
    return _told(connection, _AFTER, (position,))


def _told(
    connection: Connection[Any], query: str, values: tuple[int, ...] = ()
) -> datetime | None:
    """Return when the event that a query finds was recorded."""
    row = connection.execute(query.encode(), values).fetchone()
    if row is None:
        return None
    try:
        return msgspec.json.decode(row["state"], type=_Told).recorded_at
    except msgspec.DecodeError:
        # What was changed, the audit names.
        return None

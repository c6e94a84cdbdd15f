"""How far the log is built and signed, and how long events have waited for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct
from psycopg import Connection

from application.jobs.status import JobKind, StatusReport, reports
from application.log.build.batches import Batch, batch_of_size, tip
from application.log.build.waiting_events import first_after, first_unordered
from application.log.merge_delay import MERGE_DELAY
from application.log.sign.checkpoint_kind import Kind as CheckpointKind
from application.log.sign.checkpoint_store import latest
from projections.health.health_finding import Finding, Kind, Part, Severity

MAX_LAG = 10_000
"""Events that the log may be behind before the system counts as not ready."""

SILENT = timedelta(minutes=5)
"""After so long without a report an audit counts as not running."""

WRITERS = frozenset({JobKind.SEQUENCER, JobKind.LOG})
"""Shown only when something keeps them from writing."""

QUIET = WRITERS | {JobKind.OTHER}

AUDITORS = frozenset({JobKind.AUDITOR, JobKind.VIEW_AUDITOR, JobKind.CUSTODY})
OURS = WRITERS | AUDITORS | {JobKind.SIGNER}
COLLECTED = frozenset({JobKind.COSIGNATURES, JobKind.WITNESS})


class LogHealth(Struct, frozen=True, kw_only=True):
    """Where the log stands: entries built, signed, and co-signed by a quorum.

    `unlogged` events have a position but are not in the log yet. `parts`: the last
    reports of the signer, the auditors and each witness, and what keeps the sequencer
    or the builder (`log`) from writing.
    """

    size: int
    signed: int
    cosigned: int
    unlogged: int
    parts: tuple[StatusReport, ...]


def log_health(
    connection: Connection[Any], witnesses: Collection[str] | None
) -> LogHealth:
    """Look at the log; of witnesses, at those that the trust policy names."""
    head = tip(connection)
    sizes = {kind: latest(connection, kind) for kind in CheckpointKind}
    row = connection.execute("SELECT coalesce(max(position), 0) AS last FROM ledger")
    last = (row.fetchone() or {"last": 0})["last"]
    return LogHealth(
        size=head.size,
        signed=one.size if (one := sizes[CheckpointKind.SIGNED]) else 0,
        cosigned=one.size if (one := sizes[CheckpointKind.COSIGNED]) else 0,
        unlogged=last - head.position,
        parts=_parts(connection, witnesses),
    )


def log_findings(log: LogHealth) -> Iterator[Finding]:
    """Yield what the parts found, and what is far behind."""
    for one in log.parts:
        if one.problem:
            # A witness that is away must not take the platform out of service; one
            # that proves a fork must.
            unready = one.kind in OURS or one.proves_fork
            severity = Severity.UNREADY if unready else Severity.WARNING
            said = f"{one.part}: {one.problem}"
            yield Finding(one.part, Kind.PROBLEM, said, severity)
    yield from _silent(log)
    if log.unlogged > MAX_LAG:
        said = f"{log.unlogged} events are not in the log yet"
        yield Finding(Part.LOG, Kind.BEHIND, said)
    if log.size - log.signed > MAX_LAG:
        said = f"{log.size - log.signed} log entries are not signed yet"
        yield Finding(Part.LOG, Kind.BEHIND, said)


def waits(
    connection: Connection[Any], log: LogHealth, now: datetime
) -> Iterator[Finding]:
    """Yield what has waited for long, even a single event: nobody takes it up.

    On a quiet platform a dead part is never far behind, so that a lag shows nothing.
    """
    head = tip(connection)
    signed = batch_of_size(connection, log.signed) if log.signed else None
    since_when = {
        "for a position: the sequencer does not act": first_unordered(connection),
        "to be logged: the log does not grow": _next_recorded_at(connection, head),
        "to be signed: the signer does not act": (
            _next_recorded_at(connection, signed, head)
            if log.signed < log.size
            else None
        ),
    }
    for what, since in since_when.items():
        if since is not None and now - since > MERGE_DELAY:
            said = f"an event has waited for {_minutes(now - since)} {what}"
            yield Finding(Part.LOG, Kind.WAITS, said)


def _silent(log: LogHealth) -> Iterator[Finding]:
    """Yield an auditor that was running and reports nothing any more."""
    # Reports carry the real time, also where a sandbox has moved its clock.
    now = datetime.now(UTC)
    for one in log.parts:
        if one.kind in AUDITORS and not one.problem and now - one.at > SILENT:
            said = f"{one.part}: it has not reported for {_minutes(now - one.at)}"
            yield Finding(one.part, Kind.SILENT, said)


def _minutes(length: timedelta) -> str:
    return f"{length // timedelta(minutes=1)} min"


def _parts(
    connection: Connection[Any], witnesses: Collection[str] | None
) -> tuple[StatusReport, ...]:
    """Return the reports that count; of witnesses, only of those that are trusted."""
    return tuple(
        one
        for one in reports(connection)
        if one.kind is not JobKind.THREAD
        and (one.problem or one.kind not in QUIET)
        and (witnesses is None or one.kind not in COLLECTED or one.part in witnesses)
    )


def _next_recorded_at(
    connection: Connection[Any], since: Batch | None, until: Batch | None = None
) -> datetime | None:
    position = since.position if since else 0
    if until is not None and position >= until.position:
        return None
    return first_after(connection, position)

"""Health: everything examined with the settings of this installation."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from application.jobs.status import COSIGNATURES, witness_part
from application.log.witness import trust_policy
from application.log.witness.trust_policy import PolicyUnusable
from application.record.row_scope import Beyond, beyond
from interface.bootstrap import System
from interface.clock import TestClock
from interface.settings.settings import Settings
from projections.health.examination import (
    OVERDUE,
    Examination,
    examine,
)
from projections.health.health_finding import Finding, Kind, Severity
from projections.health.log_health import LogHealth
from projections.health.view_health import ViewHealth

NOT_READY = "not ready"


class Readiness(Struct, frozen=True, kw_only=True):
    """Whether all is well, and if not, which parts are not.

    That is all that strangers are told: findings name cases, positions and addresses.
    """

    status: str
    parts: tuple[str, ...]


class Health(Struct, frozen=True, kw_only=True):
    """Whether all is well, and if not, what is wrong.

    `unordered` events are recorded but have no position yet: the sequencer is not
    running, or an open transaction holds it up. `overdue` deadlines and notices are due
    for more than a minute, and no worker has taken them up. `warnings`: what is wrong
    and leaves the installation ready, such as a damaged file of evidence.
    """

    status: str
    unordered: int
    overdue: int
    views: tuple[ViewHealth, ...]
    log: LogHealth
    wrong: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def examined(system: System) -> Examination:
    """Examine the installation. Raises OperationalError without its database."""
    with beyond(Beyond.HEALTH), system.database.get_connection() as connection:
        found = examine(
            connection,
            system.clock(),
            witnesses=_witnesses(system.settings),
            calendars=system.rulebooks.calendars,
            clock_just_moved=_just_moved(system),
            refused=system.database.failures.recent(),
        )
    if any(one.kind is Kind.READ_ONLY for one in found.findings):
        # Nobody sends commands to a server that is not ready, so no failed command
        # would ever replace the connections that led to the old primary.
        system.database.replace_connections()
    further = *_doubts(system.settings), *_unread_keys(system)
    return replace(found, findings=(*found.findings, *further))


def readiness(system: System) -> Readiness:
    """Return what strangers are told."""
    found = examined(system)
    parts = sorted({one.part for one in found.unready})
    return Readiness(status=_status(found), parts=tuple(parts))


def health(system: System) -> Health:
    """Return the findings in words."""
    found = examined(system)
    return Health(
        status=_status(found),
        unordered=found.unordered,
        overdue=found.overdue,
        views=found.views,
        log=found.log,
        wrong=tuple(one.said for one in found.unready),
        warnings=tuple(
            one.said for one in found.findings if one.severity is Severity.WARNING
        ),
    )


def ending(told: Readiness | Health) -> Readiness | Health:
    """Return what is told by a process that is about to end: it takes no new work."""
    if isinstance(told, Readiness):
        return replace(told, status=NOT_READY, parts=(*told.parts, "shutdown"))
    said = "shutdown: this process is about to end"
    return replace(told, status=NOT_READY, wrong=(*told.wrong, said))


def _status(found: Examination) -> str:
    return NOT_READY if found.unready else "ready"


def _just_moved(system: System) -> bool:
    """Tell whether a sandbox's clock has only now made things due."""
    clock = system.clock
    return isinstance(clock, TestClock) and clock.moved_within(OVERDUE)


def _doubts(settings: Settings) -> Iterator[Finding]:
    """Yield what makes the trust policy weaker than it looks."""
    if settings.log.policy is None:
        return
    try:
        policy = trust_policy.read(settings.log.policy)
    except PolicyUnusable:
        # The collector reports it.
        return
    for said in trust_policy.doubts(policy):
        yield Finding(COSIGNATURES, Kind.PROBLEM, said, Severity.WARNING)


def _unread_keys(system: System) -> Iterator[Finding]:
    """Yield the issuers whose keys this process cannot read.

    A warning: a server that turned unready for it would send away the callers of all
    other issuers too, and no other server reads the keys any better.
    """
    for one in system.tokens.issuers:
        one.refresh_unasked()
        if said := one.keys.fault:
            part = f"issuer {one.name}" if one.name else "issuer"
            yield Finding(part, Kind.PROBLEM, said, Severity.WARNING)


def _witnesses(settings: Settings) -> set[str] | None:
    """Return the parts that the trust policy calls for; None if it cannot be read."""
    if settings.log.policy is None:
        return set()
    try:
        named = trust_policy.read(settings.log.policy).witnesses.values()
    except PolicyUnusable:
        # Health answers all the same; the collector reports what is wrong with it.
        return None
    asked = {witness_part(one.key.name) for one in named if one.url is not None}
    return {COSIGNATURES, *asked}

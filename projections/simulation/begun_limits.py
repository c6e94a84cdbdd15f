"""The time limits that an act begins under a draft, in place of those recorded."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from domain.appeal.events import AppealDecided, AppealRefused, AppealResult
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.deadlines import time_limits
from domain.deadlines.deadline import Awaited, Deadline, Key
from domain.deadlines.events import ClocksResumed, DeadlineExtended
from domain.deadlines.pauses import resumed
from domain.evidence.events import EvidenceRequested
from domain.inquiries.decide import clocks_resumed, pause_for
from domain.suspension.decide import resumption
from domain.suspension.events import Resumed

APPEAL = "appeal"
"""The cause of the pause that an appeal makes."""


def with_limits(
    event: DisputeEvent, recorded_at: datetime, dispute: Dispute, context: Context
) -> DisputeEvent:
    """Return an act with the limits that it begins, or moves, by the context's rules.

    `dispute`: the case as the draft has led to it.
    """
    recorded: tuple[Deadline, ...] = getattr(event, "deadlines", ())
    begun = _begun(event, recorded, recorded_at, dispute, context)
    # Also events that can hold no limits come here.
    if begun == recorded:
        return event
    return replace(event, deadlines=begun)


def _begun(
    event: DisputeEvent,
    recorded: tuple[Deadline, ...],
    recorded_at: datetime,
    dispute: Dispute,
    context: Context,
) -> tuple[Deadline, ...]:
    fresh = tuple(_fresh(one, recorded_at, context) for one in recorded)
    match event:
        case DeadlineExtended():
            return tuple(_extended(one, dispute, context) for one in recorded)
        case ClocksResumed(item=item) if pause := pause_for(item, dispute):
            return clocks_resumed(pause, context).deadlines
        case Resumed():
            return resumption("", dispute, context).deadlines
        case AppealRefused() | AppealDecided(result=AppealResult.UPHELD):
            return _after_appeal(event, fresh, recorded_at, dispute, context)
        # 4.3.2: a date that a side was promised is never taken back.
        case EvidenceRequested():
            running = {one.key: one.due for one in dispute.deadlines}
            return tuple(
                replace(one, due=max(one.due, running.get(one.key, one.due)))
                for one in fresh
            )
        case _:
            return fresh


def _fresh(one: Deadline, recorded_at: datetime, context: Context) -> Deadline:
    """Return a limit that begins now, as long as the context's rules say."""
    # How long a suspension lasts is what the parties have agreed on, and no rule.
    if one.start != recorded_at or one.awaited is Awaited.SUSPENSION:
        return one
    return context.until(one.awaited, one.party, one.item, limit=one.limit)


def _extended(one: Deadline, dispute: Dispute, context: Context) -> Deadline:
    """Return a running limit with what the rules add to it, if they add anything."""
    running = _of_key(dispute.deadlines, one.key)
    longer = context.rules.policy.extensions.get(one.limit)
    if running is None or longer is None:
        return running or one
    end = time_limits.extended(running.due, longer, context.rules.calendar)
    return replace(running, due=end, length=f"{running.length} + {longer}")


def _after_appeal(
    event: AppealRefused | AppealDecided,
    fresh: tuple[Deadline, ...],
    recorded_at: datetime,
    dispute: Dispute,
    context: Context,
) -> tuple[Deadline, ...]:
    # The last of two refusals starts the clocks again.
    if isinstance(event, AppealRefused) and dispute.appealing != (event.by,):
        return ()
    held = tuple(
        one
        for pause in dispute.pauses
        if pause.cause == APPEAL
        for one in resumed(pause, context)
    )
    keys = {one.key for one in held}
    never_begun = (
        one for one in fresh if one.start == recorded_at and one.key not in keys
    )
    return *held, *never_begun


def _of_key(deadlines: tuple[Deadline, ...], key: Key) -> Deadline | None:
    return next((one for one in deadlines if one.key == key), None)

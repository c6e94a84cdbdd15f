"""The trace that a command of the clock belongs to: that of the event it follows."""

from __future__ import annotations

from collections.abc import Sequence

from application.record.envelope import Recorded
from domain.case.command import Command
from domain.case.events import DisputeEvent
from domain.deadlines.commands import PassDeadline
from domain.notices.commands import ReportUndelivered, ServeNotice
from domain.notices.notice import called_for


def caused_trace(events: Sequence[Recorded], command: Command) -> str | None:
    """Return the trace of the last event that called for a command, None for none."""
    for recorded in reversed(events):
        if _calls_for(recorded.event, command):
            return recorded.trace
    return None


def _calls_for(event: DisputeEvent, command: Command) -> bool:
    match command:
        case PassDeadline(awaited=awaited, party=party, item=item):
            keys = (one.key for one in getattr(event, "deadlines", ()))
            return (awaited, party, item) in keys
        case (
            ServeNotice(notice=kind, party=party)
            | ReportUndelivered(notice=kind, party=party)
        ):
            return any(
                (one.kind, one.party) == (kind, party) for one in called_for(event)
            )
        case _:
            return False

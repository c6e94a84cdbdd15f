"""Inquiries to third parties; an inspection stops the clocks (4.3.3)."""

from __future__ import annotations

from domain.case.context import Context
from domain.case.dispute import Dispute, Pause
from domain.case.events import DisputeEvent
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import ClocksPaused, ClocksResumed, PauseCause
from domain.deadlines.pauses import resumed
from domain.inquiries.commands import AnswerInquiry, SendInquiry
from domain.inquiries.events import InquiryAnswered, InquirySent
from domain.refusals import NoGround, NotOpen, Problem, refuse_if
from domain.roles import Party

INSPECTION = "inspection"


def send_inquiry(
    command: SendInquiry, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Ask a third party; while goods are inspected, everybody's time stands still."""
    known = context.codes.inquiries
    if command.kind not in known:
        allowed = {"allowed": ", ".join(known)}
        refuse_if([Problem("/kind", "unknown-code", allowed)])
    if _is_asked(command, dispute):
        return ()
    number = len(dispute.inquiries) + 1
    inspects = command.kind == INSPECTION
    if inspects and dispute.pauses:
        raise NoGround(reason="paused")
    # The platform has to see to the answer. An inspection has the cap of its pause.
    chased = context.until(Awaited.INQUIRY, Party.PLATFORM, number)
    sent = InquirySent(
        number=number,
        kind=command.kind,
        addressee=command.addressee,
        question=command.question,
        deadlines=() if inspects else (chased,),
    )
    return (sent, _pause(number, context)) if inspects else (sent,)


def _is_asked(command: SendInquiry, dispute: Dispute) -> bool:
    asked = (command.kind, command.addressee)
    return any(
        (one.kind, one.addressee) == asked and not one.answered
        for one in dispute.inquiries
    )


def _pause(number: int, context: Context) -> ClocksPaused:
    cap = context.until(Awaited.INSPECTION, Party.PLATFORM, number)
    return ClocksPaused(
        cause=PauseCause.INSPECTION, item=number, since=context.now, deadlines=(cap,)
    )


def answer_inquiry(
    command: AnswerInquiry, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Record the answer; deadlines that stood still for it run again."""
    open_now = unanswered(dispute, context)
    if command.number not in open_now:
        raise NotOpen(number=str(command.number), open=", ".join(map(str, open_now)))
    answered = InquiryAnswered(
        number=command.number, answer=command.answer, reference=command.reference
    )
    pause = pause_for(command.number, dispute)
    return (answered,) if pause is None else (answered, clocks_resumed(pause, context))


def unanswered(dispute: Dispute, _: Context) -> tuple[int, ...]:
    """List the inquiries that wait for their answer."""
    return tuple(one.number for one in dispute.inquiries if not one.answered)


def pause_for(number: int | None, dispute: Dispute) -> Pause | None:
    """Return the pause that lasts until an inquiry is answered."""
    found = (
        one
        for one in dispute.pauses
        if one.cause == PauseCause.INSPECTION and one.item == number
    )
    return next(found, None)


def clocks_resumed(pause: Pause, context: Context) -> ClocksResumed:
    """End the pause of an inspection."""
    return ClocksResumed(
        cause=PauseCause.INSPECTION,
        item=pause.item,
        deadlines=resumed(pause, context),
    )

"""Service of notices, and the limits that begin with it (4.3.5)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.case.context import Context
from domain.case.dispute import Dispute, Phase
from domain.case.events import DisputeEvent
from domain.case.evolve import evolve
from domain.case.outcome import Outcome
from domain.deadlines.deadline import Awaited, Deadline
from domain.deadlines.effects import PERFORMING
from domain.notices.addresses import dialled, is_mail, is_phone
from domain.notices.commands import ReportUndelivered, ServeNotice, StateContact
from domain.notices.events import (
    ContactStated,
    NoticeKind,
    NoticeServed,
    NoticeUndelivered,
)
from domain.notices.notice import Notice
from domain.performance.decide import closing, performance_starts
from domain.refusals import NotOpen, Problem, refuse_if
from domain.roles import Party, Role
from domain.terms import Obligation

APPEALABLE = frozenset({NoticeKind.RULING, NoticeKind.REFUSAL})


def serve(
    command: ServeNotice, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Record service; the first channel starts the limits, others only add an event."""
    notice = Notice(kind=command.notice, party=command.party)
    first = notice in dispute.notices
    channels = {channel for one, channel in dispute.served if one == notice}
    # The worker serves from rows that may be older than the case: what needs no service
    # any more is nothing to it. Anybody else is mistaken, and has to know.
    if not first and not channels and context.actor.role is not Role.CLOCK:
        raise NotOpen(number=command.notice, open=_open(dispute))
    if not first and (not channels or command.channel in channels):
        return ()
    buyer = command.party is Party.BUYER
    served = NoticeServed(
        notice=command.notice,
        party=command.party,
        channel=command.channel,
        recipient=dispute.buyer if buyer else dispute.seller,
        deadlines=tuple(_starts(command, dispute, context)) if first else (),
    )
    after = evolve(dispute, served)
    # A decision that leaves nothing to perform, such as a dismissal, closes the case,
    # but not before both parties know it.
    if first and after.phase is Phase.PERFORMING and not after.notices:
        return served, *closing(after)
    return (served,)


def report_undelivered(
    command: ReportUndelivered, dispute: Dispute, _: Context
) -> tuple[DisputeEvent, ...]:
    """Record that every channel failed; nothing to a notice that was served since."""
    if Notice(kind=command.notice, party=command.party) not in dispute.notices:
        return ()
    return (
        NoticeUndelivered(
            notice=command.notice,
            party=command.party,
            channels=command.channels,
            causes=command.causes,
        ),
    )


def can_be_reached(dispute: Dispute, context: Context) -> bool:
    """Tell whether notices may still have to find the actor's side."""
    is_over = dispute.phase is Phase.CLOSED and not dispute.notices
    # After an erasure nothing of a person comes into the record again.
    return not is_over and context.actor.party not in dispute.erased


def state_contact(
    command: StateContact, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Record the address of the party; the last one that it stated counts."""
    if not can_be_reached(dispute, context):
        refuse_if([Problem("", "no-more-notices")])
    refuse_if(_address_problems(command))
    return (
        ContactStated(
            party=context.actor.party,
            mail=command.mail,
            phone=None if command.phone is None else dialled(command.phone),
            language=command.language,
        ),
    )


def _address_problems(command: StateContact) -> Iterator[Problem]:
    if command == StateContact():
        yield Problem("", "nothing-stated")
    if command.mail and not is_mail(command.mail):
        yield Problem("/mail", "not-a-mail")
    if command.phone and not is_phone(command.phone):
        yield Problem("/phone", "not-a-phone")


def _open(dispute: Dispute) -> str:
    known = (*dispute.notices, *(notice for notice, _ in dispute.served))
    return ", ".join(dict.fromkeys(f"{one.kind}/{one.party}" for one in known))


def _starts(
    command: ServeNotice, dispute: Dispute, context: Context
) -> Iterator[Deadline]:
    party = command.party
    match command.notice:
        case NoticeKind.ADMISSION:
            # The seller may have answered, or the platform stepped in, before this.
            if dispute.phase is Phase.AWAITING_RESPONSE:
                yield context.until(Awaited.RESPONSE, Party.SELLER)
        case NoticeKind.RULING | NoticeKind.APPEAL:
            # 4.3.5: time to perform runs from service on the party that owes it. It
            # does not while an appeal holds everything.
            if dispute.phase in {Phase.PERFORMING, Phase.ENFORCING}:
                yield from performance_starts(_unstarted(dispute), context, party)
    if may_appeal(dispute, Notice(kind=command.notice, party=party)):
        yield context.until(Awaited.APPEAL, party)


def may_appeal(dispute: Dispute, notice: Notice) -> bool:
    """Tell whether the right to appeal begins: once, and in no case referred out."""
    party = notice.party
    if notice.kind not in APPEALABLE:
        return False
    # Illegal goods end a case as referred as well, but that refusal can be appealed.
    away = dispute.outcome is Outcome.REFERRED and not dispute.refused
    return not (away or party in dispute.appealed or dispute.appeal_over)


def _unstarted(dispute: Dispute) -> tuple[Obligation, ...]:
    running = {one.item for one in dispute.deadlines if one.awaited in PERFORMING}
    return tuple(
        duty.owed
        for duty in dispute.duties
        if duty.owed.number not in running
        and not (duty.reported or duty.defaulted or duty.is_over)
    )

"""Service of notices, and the limits that begin with it (4.3.5)."""

from __future__ import annotations

from domain.clock import LimitName
from domain.commands import ServeNotice
from domain.context import Context
from domain.deadlines import Awaited, Deadline
from domain.decide.performance import closing, performance_starts
from domain.dispute import Dispute, Phase
from domain.events import DisputeEvent, NoticeServed
from domain.evolve import evolve
from domain.notices import Notice
from domain.outcomes import NoticeKind
from domain.roles import Party


def serve(
    command: ServeNotice, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Record service; a ruling that leaves nothing to perform then closes the case."""
    if Notice(kind=command.notice, party=command.party) not in dispute.notices:
        return ()
    buyer = command.party is Party.BUYER
    served = NoticeServed(
        notice=command.notice,
        party=command.party,
        channel=command.channel,
        recipient=dispute.buyer if buyer else dispute.seller,
        deadlines=_starts(command, dispute, context),
    )
    after = evolve(dispute, served)
    if after.phase is Phase.PERFORMING and not after.notices:
        return served, *closing(after)
    return (served,)


def _starts(
    command: ServeNotice, dispute: Dispute, context: Context
) -> tuple[Deadline, ...]:
    match command.notice:
        case NoticeKind.ADMISSION:
            return (context.until(Awaited.RESPONSE, Party.SELLER, LimitName.RESPONSE),)
        case NoticeKind.RULING:
            owed = (duty.owed for duty in dispute.duties)
            return performance_starts(owed, context, command.party)
        case NoticeKind.REFUSAL:
            return ()

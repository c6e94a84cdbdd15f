"""Records that a notice was served, or that no channel delivers it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid5

from application.cases.case import CommandRequest
from application.cases.disputes import Disputes
from application.notices.notice_delivery import NoticeDelivery, NoticeState
from domain.notices.commands import ReportUndelivered, ServeNotice
from domain.notices.events import ContactStated
from domain.roles import CLOCK


def record_service(disputes: Disputes, one: NoticeDelivery) -> None:
    """Record that a notice has reached its party, which starts the limits."""
    command = ServeNotice(notice=one.notice, party=one.party, channel=one.channel)
    disputes.handle(_by_clock(one, "served"), command)


def record_failure(
    disputes: Disputes,
    one: NoticeDelivery,
    problem: str,
    siblings: Sequence[NoticeDelivery],
) -> None:
    """Record that no channel delivers a notice, if this was the last to fail.

    `siblings`: what the notice is sent as, `one` included, which fails by `problem`.
    """
    problems = {each.delivery_id: each.problem or "" for each in siblings}
    problems[one.delivery_id] = problem
    others = (each for each in siblings if each.delivery_id != one.delivery_id)
    if any(each.state is not NoticeState.FAILED for each in others):
        return
    command = ReportUndelivered(
        notice=one.notice,
        party=one.party,
        channels=tuple(str(each.channel) for each in siblings),
        causes=tuple(problems[each.delivery_id].partition(":")[0] for each in siblings),
    )
    # With an address that was stated since, it is another failure.
    case = disputes.find(one.case_id)
    stated = sum(isinstance(recorded.event, ContactStated) for recorded in case.events)
    disputes.handle(_by_clock(one, f"undelivered/{stated}"), command)


def _by_clock(one: NoticeDelivery, what: str) -> CommandRequest:
    # Sent twice, by two workers or after a kill, the command is recorded once.
    name = f"{what}/{one.delivery_id}"
    return CommandRequest(
        case=one.case_id, actor=CLOCK, command_id=uuid5(one.case_id, name)
    )

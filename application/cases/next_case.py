"""Re-opening: turns an ended case and what is new into the filing of the next case."""

from __future__ import annotations

from uuid import UUID

from application.cases.case import Case
from application.cases.disputes import Disputes
from application.cases.order_line import cases_on, line_filed, numbered_case
from domain.case.decide import decide
from domain.case.evolve import fold
from domain.deadlines.timeouts import events_of, overdue
from domain.filing.commands import FileDispute, OrderLine, Reopen
from domain.filing.events import Filed
from domain.filing.reopening import check_new
from domain.refusals import NotFound
from domain.roles import Actor


def next_case(
    disputes: Disputes, ended: Case, actor: Actor, command: Reopen
) -> tuple[UUID, FileDispute]:
    """Return the id of the next case on the same issue, and the command to file it.

    Raises a Refusal if the case has not ended, is not the caller's, was imported, or
    nothing is new.
    """
    context = disputes.context(ended, actor)
    # A deadline that has passed may have ended the case before the worker records it.
    current = fold(events_of(overdue(ended.dispute, context)), ended.dispute)
    # Only for its refusals: the ended case stays as it is, and another one is filed.
    decide(command, current, context)
    first = disputes.record.opened(ended.events[:1])[0].event
    if not isinstance(first, Filed) or first.order is None or first.line is None:
        raise NotFound
    check_new(command, first.facts or "")
    filing = _filing(ended.case, first, command)
    there = cases_on(disputes.database, line_filed(filing))
    return numbered_case(there, filing), filing


def _filing(ended: UUID, first: Filed, command: Reopen) -> FileDispute:
    if first.paid is None or first.claim is None or not (first.buyer and first.seller):
        raise NotFound
    return FileDispute(
        platform=first.platform,
        channel=first.channel,
        buyer=first.buyer,
        seller=first.seller,
        order=OrderLine(
            id=first.order or "",
            line=first.line or "",
            paid=first.paid,
            received_at=first.received_at,
            promised_at=first.promised_at,
            snapshot=first.snapshot,
        ),
        category=first.category,
        reason=first.reason,
        claim=first.claim,
        facts=first.facts or "",
        contact=first.contact or "",
        evidence_note=command.evidence_note,
        number=first.number + 1,
        reopens=ended,
        new_facts=command.new_facts,
    )

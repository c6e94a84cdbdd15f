"""What clients are shown of the state of a dispute: duties, deadlines, money."""

from __future__ import annotations

from application.cases.awaited_sentence import awaited_sentence
from application.cases.line_money import LineMoney
from domain.case.context import Context
from domain.case.dispute import Dispute, Duty
from domain.conflicts_of_interest import bar_to_reading
from domain.deadlines.effects import PERFORMING
from domain.deadlines.waiting_on import silence_leads_to, waiting_on
from domain.enforcement.case_ledger import advanced
from domain.line_total import line_limit
from interface.api.responses.case_parts import (
    DeadlineShown,
    MoneyTold,
    ObligationShown,
    ObligationState,
    OrderLineShown,
    PostingShown,
    WaitingShown,
)
from interface.api.responses.part_words import deadline_words, obligation_words
from projections.case_view.shown_values import MoneyShown, shown_money

STATES: tuple[ObligationState, ...] = (
    "confirmed",
    "enforced",
    "failed",
    "reported",
    "defaulted",
)
"""How far an obligation is, the furthest first: a confirmed one was reported too."""


def waiting_shown(
    dispute: Dispute, context: Context, language: str
) -> WaitingShown | None:
    """Return what the case waits for and what silence leads to, in words too."""
    waiting = waiting_on(dispute)
    if waiting is None:
        return None
    policy = context.rules.policy
    silence = silence_leads_to(waiting.awaited, policy)
    words = awaited_sentence(waiting, policy, context.now, language)
    return WaitingShown(waiting.party, waiting.awaited, waiting.due, silence, words)


def order_line_shown(
    dispute: Dispute, money: LineMoney, context: Context
) -> OrderLineShown | None:
    """Return what the order line's other cases granted; None if the case is alone."""
    left = line_limit(dispute.paid, context)
    if left is None or not money.others:
        return None
    return OrderLineShown(
        granted=MoneyShown.of(context.granted_elsewhere, left.currency),
        left=MoneyShown.of(left.amount, left.currency),
        others=tuple(
            f"/v1/disputes/{one.case}"
            for one in money.others
            # Whoever may not read a case is not led to it; its money counts.
            if bar_to_reading(context.actor, one.dispute) is None
        ),
    )


def obligation_shown(
    duty: Duty, dispute: Dispute, context: Context, language: str
) -> ObligationShown:
    """Return an obligation, how far it is, and until when it has to be performed."""
    owed = duty.owed
    reached = (name for name in STATES if getattr(duty, name))
    state: ObligationState = next(reached, "owed")
    due = (
        deadline.due
        for deadline in (*dispute.deadlines, *dispute.missed)
        if deadline.item == owed.number and deadline.awaited in PERFORMING
    )
    return ObligationShown(
        number=owed.number,
        debtor=owed.debtor,
        duty=owed.duty,
        state=state,
        amount=shown_money(owed.amount),
        after=owed.after,
        due=next(due, None),
        words=obligation_words(owed, state, context, language),
    )


def deadlines_shown(
    dispute: Dispute, context: Context, language: str
) -> tuple[DeadlineShown, ...]:
    """Return the deadlines that run or were missed, the first to end first."""
    running = [(deadline, False) for deadline in dispute.deadlines]
    missed = [(deadline, True) for deadline in dispute.missed]
    both = sorted(missed + running, key=lambda one: one[0].due)
    return tuple(
        DeadlineShown(
            awaited=deadline.awaited,
            party=deadline.party,
            start=deadline.start,
            due=deadline.due,
            rule=f"{dispute.policy}#{deadline.limit}",
            length=deadline.length,
            missed=late,
            item=deadline.item,
            words=deadline_words(deadline, context, language, missed=late),
        )
        for deadline, late in both
    )


def money_shown(dispute: Dispute) -> MoneyTold | None:
    """Return the case's ledger; None before any money moved."""
    if not dispute.postings or dispute.paid is None:
        return None
    currency = dispute.paid.currency
    return MoneyTold(
        postings=tuple(
            PostingShown(
                payer=one.payer,
                payee=one.payee,
                amount=MoneyShown.of(one.amount, currency),
            )
            for one in dispute.postings
        ),
        advanced=MoneyShown.of(advanced(dispute.postings), currency),
    )

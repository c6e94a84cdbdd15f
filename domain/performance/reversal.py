"""What is owed under a decision, less what was done already, or to be paid back (4.4).

A decision can follow an earlier one (after an appeal or a review), or a settlement that
was not kept. The new one says what the buyer shall have in the end, so what the buyer
has already is taken off, and what is too much goes back.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from domain.case.dispute import Dispute, Duty
from domain.deadlines.time_limits import LimitName
from domain.enforcement.case_ledger import Account, balance
from domain.enforcement.money_movements import PAYING
from domain.money import Money
from domain.performance.events import ObligationConfirmed
from domain.policy.codes import Codes
from domain.roles import Party, other
from domain.terms import Obligation, Terms, owed_under

PAY, PAY_BACK = "pay", "pay-back"


def netted(
    remedies: Iterable[Terms], dispute: Dispute, codes: Codes
) -> tuple[Obligation, ...]:
    """List what is owed now: less what the buyer was paid, or the excess paid back.

    Duties other than money that were performed already, under this decision or an
    earlier one, are not owed again; money in place of them counts for them.
    """
    owed = owed_under(remedies, codes)
    done = _done_already(owed, dispute)
    received = balance(dispute.postings, Account.BUYER)
    # Money that was paid in place of a thing counts for the thing, which is not owed
    # again; counted for a refund as well, it would be taken off twice. max: the buyer
    # may have paid it back since.
    received = max(0, received - sum(duty.paid for duty in done.values()))
    left: list[Obligation] = []
    for each in owed:
        # Money pays for any award of money, whatever it was paid for, so the earliest
        # is reduced first. What remains after the last one was too much.
        if each.duty == PAY and each.amount is not None:
            taken = min(received, each.amount.amount)
            received -= taken
            rest = Money(each.amount.amount - taken, each.amount.currency)
            left += [replace(each, amount=rest)] if rest.amount else []
        elif each.number not in done:
            left.append(each)
    left += _excess(received, dispute)
    return _renumbered(left)


def _done_already(owed: Iterable[Obligation], dispute: Dispute) -> dict[int, Duty]:
    """Find for each obligation other than money the same duty, performed before."""
    # Of all decisions so far: a parcel that went back under the first ruling cannot go
    # back again, so the duty counts as done under every later one.
    done = [
        duty
        for duty in (*dispute.done, *dispute.duties)
        if (duty.confirmed or duty.enforced) and duty.owed.duty not in PAYING
    ]
    found: dict[int, Duty] = {}
    for each in owed:
        same = next((duty for duty in done if duty.owed.duty == each.duty), None)
        if same is not None:
            # What was done once counts for one obligation, not for two alike.
            done.remove(same)
            found[each.number] = same
    return found


def deemed_paid(dispute: Dispute) -> tuple[ObligationConfirmed, ...]:
    """Count money that was reported as paid, and not contested, as paid.

    The report belongs to a duty that the new decision replaces. Without this, the
    buyer could keep the money and be owed it again.
    """
    return tuple(
        ObligationConfirmed(
            obligation=duty.owed.number, by=other(duty.owed.debtor), deemed=True
        )
        for duty in dispute.duties
        if duty.reported and not duty.is_over and duty.owed.duty in PAYING
    )


def _excess(received: int, dispute: Dispute) -> list[Obligation]:
    if received <= 0 or dispute.paid is None:
        return []
    return [
        Obligation(
            # 0 until `_renumbered`: nothing that the decision awards has this number.
            number=0,
            debtor=Party.BUYER,
            duty=PAY_BACK,
            limit=LimitName.PERFORMANCE_MONEY,
            amount=Money(received, dispute.paid.currency),
        )
    ]


def _renumbered(left: list[Obligation]) -> tuple[Obligation, ...]:
    """Count from 1; an obligation that waited for a dropped one waits no more.

    Obligations were dropped between others, and the excess has no number yet. A refund
    after a return that was made already is owed at once.
    """
    numbers = {owed.number: n for n, owed in enumerate(left, 1) if owed.number}
    return tuple(
        replace(owed, number=n, after=numbers.get(owed.after or 0))
        for n, owed in enumerate(left, 1)
    )

"""The courses of cases that are hard to end: default, appeal, court, authority."""

from __future__ import annotations

from domain.admission.commands import ReferOut
from domain.appeal.commands import Appeal, DecideAppeal
from domain.appeal.events import AppealGround, AppealResult
from domain.case.dispute import Dispute, Duty
from domain.enforcement.commands import (
    ExecuteEnforcement,
    FailEnforcement,
    OrderEnforcement,
)
from domain.enforcement.money_movements import PAYING, Method, left_of
from domain.escalation.commands import Escalate
from domain.escalation.events import Trigger
from domain.inquiries.commands import AnswerInquiry, SendInquiry
from domain.money import Money
from domain.negotiation.commands import AcceptOffer, MakeOffer, PostMessage
from domain.roles import Actor, Party, Role
from domain.sanctions.commands import ImposeSanction, PublishSanction
from domain.suspension.commands import ProveSuspension, Suspend
from domain.suspension.events import SuspensionCause
from interface.demo.cast import SampleCase
from interface.demo.findings import (
    decided_for_buyer,
    ruled_on_silence,
    ruling,
    upheld,
    weighed,
)
from interface.demo.scene import texts
from interface.demo.stories import (
    PAYMENTS,
    Story,
    admitted,
    assessed,
    contest,
    evidence_of,
    performed,
)

ROUNDS = 24
"""How often the platform looks, over a month, at what is not performed yet."""

SUPERVISOR = Actor(role=Role.SUPERVISOR, id="v-1")


def contested(case: SampleCase) -> Story:
    """They do not agree, and the case is with the platform; time for evidence ends."""
    yield from admitted(case)
    yield contest(case)
    yield case.hours(5, 40)
    yield case.buyer, Escalate(trigger=Trigger.NO_AGREEMENT)
    yield case.hours(2, 20)
    yield evidence_of(case, case.buyer)


def ruled_for_buyer(case: SampleCase) -> Story:
    """The platform asks around, weighs what there is, and rules for the buyer."""
    yield from contested(case)
    if (inquiry := case.scene.inquiry) is not None:
        asked = SendInquiry(
            kind=inquiry.kind,
            addressee=inquiry.to,
            question=case.words(inquiry.question),
        )
        yield case.mediator, asked
        yield case.hours(10, 50)
        answer = case.words(inquiry.answer)
        yield case.mediator, AnswerInquiry(number=1, answer=answer)
    # Mediators are late at times, and some cases are overdue whenever one looks.
    dispute = yield case.hours(260, 500) if case.likely(0.3) else case.hours(75, 110)
    yield from assessed(case.mediator, dispute)
    yield case.mediator, ruling(case, dispute)


def proposed(case: SampleCase) -> Story:
    """The platform proposes terms of its own, and both agree."""
    yield from admitted(case)
    yield contest(case)
    yield case.buyer, PostMessage(text=case.say("message"))
    yield case.hours(2, 20)
    offer = MakeOffer(terms=case.part(0.5), message=case.say("propose"))
    yield case.mediator, offer
    yield case.hours(1, 20)
    yield case.buyer, AcceptOffer(number=1)
    yield case.hours(1, 20)
    yield case.seller, AcceptOffer(number=1)
    yield from performed(case)


def enforced(case: SampleCase) -> Story:
    """The seller does not perform; the platform enforces, and sanctions them."""
    yield from ruled_for_buyer(case)
    yield from _enforcement(case)
    sanction = ImposeSanction(
        kind="warning", breach="refusal-to-perform", measure=texts()["sanction"]
    )
    yield SUPERVISOR, sanction
    yield case.hours(1, 9)
    yield case.mediator, PublishSanction(number=1)


def silent(case: SampleCase) -> Story:
    """Nobody says anything more: the platform rules, and enforces its ruling."""
    yield from admitted(case, late=True)
    yield case.hours(500, 700)
    yield case.mediator, ruled_on_silence(case)
    yield from _enforcement(case)


def _enforcement(case: SampleCase) -> Story:
    """Have the platform do what those who have to perform leave undone, duty by duty.

    What has to be sent back first falls due first, and the refund after it. The
    platform looks until nothing is left to perform.
    """
    yield case.hours(8 * 24, 9 * 24)
    for _ in range(ROUNDS):
        dispute = yield 30
        for duty in _to_enforce(dispute):
            yield case.mediator, _order(duty, case)
        dispute = yield case.hours(1, 5)
        for order in dispute.enforcements:
            if order.pending:
                done = ExecuteEnforcement(number=order.number, reference="dep-demo")
                dispute = yield PAYMENTS, done
        if all(duty.is_over for duty in dispute.duties):
            return


def not_enforceable(case: SampleCase) -> Story:
    """The seller does not perform, and nothing of theirs can be had."""
    yield from ruled_for_buyer(case)
    yield case.hours(8 * 24, 9 * 24)
    dispute = yield 30
    for duty in _to_enforce(dispute):
        yield case.mediator, _order(duty, case)
    dispute = yield case.hours(1, 5)
    for order in dispute.enforcements:
        failed = FailEnforcement(
            number=order.number,
            cause="insufficient-funds",
            final=True,
            routes=("court", "arbitration"),
        )
        yield PAYMENTS, failed


def _to_enforce(dispute: Dispute) -> list[Duty]:
    return [duty for duty in dispute.duties if duty.defaulted and not duty.is_over]


def _order(duty: Duty, case: SampleCase) -> OrderEnforcement:
    number = duty.owed.number
    if duty.owed.debtor is Party.BUYER:
        return OrderEnforcement(obligation=number, method=Method.REFUND_WITHOUT_RETURN)
    paid = case.command.order.paid
    in_money = duty.owed.duty in PAYING
    amount = left_of(duty.owed, duty.paid) if in_money else paid.amount
    return OrderEnforcement(
        obligation=number,
        method=case.chance.choice([Method.DEDUCT_DEPOSIT, Method.ADVANCE]),
        amount=Money(amount, paid.currency),
    )


def appealed(case: SampleCase) -> Story:
    """One side appeals; another person upholds the ruling or decides otherwise."""
    if case.likely(0.35):
        yield from appealed_by_buyer(case)
        return
    yield from ruled_for_buyer(case)
    yield case.hours(3, 20)
    if case.likely(0.5):
        said = case.say("appeal")
        yield case.seller, Appeal(ground=AppealGround.ERROR, statement=said)
        yield case.hours(30, 150)
        result, reason = AppealResult.UPHELD, upheld(case)
    else:
        shown = case.words(case.shown_by(Party.SELLER))
        said = case.say("appeal_new", evidence=shown)
        yield case.seller, Appeal(ground=AppealGround.NEW_EVIDENCE, statement=said)
        yield evidence_of(case, case.seller)
        dispute = yield case.hours(30, 150)
        yield from assessed(SUPERVISOR, dispute)
        result = AppealResult.SET_ASIDE
        reason = weighed(case, dispute)
    yield SUPERVISOR, DecideAppeal(result=result, reasons=(reason,))
    yield from performed(case)


def appealed_by_buyer(case: SampleCase) -> Story:
    """The seller's evidence is the stronger one; the buyer appeals, and may win."""
    yield from contested(case)
    yield case.hours(1, 20)
    yield evidence_of(case, case.seller)
    dispute = yield case.hours(75, 110)
    yield from assessed(case.mediator, dispute)
    yield case.mediator, ruling(case, dispute)
    yield case.hours(3, 20)
    said = case.say("appeal_by_buyer")
    yield case.buyer, Appeal(ground=AppealGround.ERROR, statement=said)
    dispute = yield case.hours(30, 150)
    if case.likely(0.5):
        reasons = (upheld(case),)
        yield SUPERVISOR, DecideAppeal(result=AppealResult.UPHELD, reasons=reasons)
        return
    yield SUPERVISOR, decided_for_buyer(case, dispute)
    yield from performed(case)


def suspended(case: SampleCase) -> Story:
    """One side goes to court, shows it, and the case waits for the court."""
    yield from contested(case)
    note = case.say("suspend")
    yield case.seller, Suspend(cause=SuspensionCause.COURT, note=note)
    yield case.hours(20, 60)
    yield case.seller, ProveSuspension(proof=case.say("suspended"))
    if case.likely(0.4):
        yield case.hours(200, 400)
        yield SUPERVISOR, ReferOut(authority="court", note=case.say("suspended"))


def referred(case: SampleCase) -> Story:
    """The goods are a matter for the authority."""
    yield from admitted(case)
    yield case.hours(3, 40)
    note = case.say("refer")
    yield case.mediator, ReferOut(authority="market-regulator", note=note)

"""Filing (4.1): whether this is a complaint that can be taken in at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from domain.clock import LimitName
from domain.commands import FileDispute
from domain.context import Context
from domain.deadlines import Awaited
from domain.decide.terms import money_problems, terms_problems
from domain.dispute import Dispute
from domain.events import DisputeEvent, Filed
from domain.refusals import Problem, refuse_if
from domain.roles import Party


def file(
    command: FileDispute, _: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Take the complaint in; the platform has then to admit or refuse it."""
    refuse_if(problem for rule in RULES for problem in rule(command, context))
    return (
        Filed(
            platform=command.platform,
            channel=command.channel,
            category=command.category,
            reason=command.reason,
            policy=context.rules.policy.id,
            buyer=command.buyer,
            seller=command.seller,
            order=command.order.id,
            line=command.order.line,
            paid=command.order.paid,
            received_at=command.order.received_at,
            promised_at=command.order.promised_at,
            claim=command.claim,
            facts=command.facts,
            contact=command.contact,
            evidence_note=command.evidence_note,
            deadlines=(
                context.until(Awaited.ADMISSION, Party.PLATFORM, LimitName.ADMISSION),
            ),
        ),
    )


def _channel(command: FileDispute, context: Context) -> Iterator[Problem]:
    allowed = context.codes.own("channels")
    if command.channel not in allowed:
        yield Problem("/channel", "unknown-code", {"allowed": ", ".join(allowed)})


def _category_and_reason(command: FileDispute, context: Context) -> Iterator[Problem]:
    categories = context.codes.categories
    if command.category not in categories:
        allowed = ", ".join(categories)
        yield Problem("/category", "unknown-code", {"allowed": allowed})
        return
    reasons = categories[command.category].reasons
    if command.reason not in reasons:
        yield Problem("/reason", "unknown-code", {"allowed": ", ".join(reasons)})


def _parties(command: FileDispute, _: Context) -> Iterator[Problem]:
    if command.buyer == command.seller:
        yield Problem("/seller", "same-as-buyer")


def _paid(command: FileDispute, context: Context) -> Iterator[Problem]:
    yield from money_problems(command.order.paid, "/order/paid", None)
    currencies = context.rules.policy.currencies
    if command.order.paid.currency not in currencies:
        allowed = {"allowed": ", ".join(currencies)}
        yield Problem("/order/paid/currency", "wrong-currency", allowed)


def _received(command: FileDispute, context: Context) -> Iterator[Problem]:
    received = command.order.received_at
    if received is not None and received > context.now:
        yield Problem("/order/received_at", "in-the-future")


def _claim(command: FileDispute, context: Context) -> Iterator[Problem]:
    codes, paid = context.codes, command.order.paid
    yield from terms_problems(command.claim, "/claim", codes, codes.claims, paid)


RULES: tuple[Callable[[FileDispute, Context], Iterator[Problem]], ...] = (
    _channel,
    _category_and_reason,
    _parties,
    _paid,
    _received,
    _claim,
)

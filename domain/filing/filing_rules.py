"""What a filing has to be like to be taken in at all (4.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from domain.case.context import Context
from domain.filing.commands import FileDispute
from domain.refusals import Problem
from domain.roles import STAFF
from domain.terms import money_problems, terms_problems

INITIATED = "platform-initiated"


def problems(command: FileDispute, context: Context) -> Iterator[Problem]:
    """Yield everything that is wrong with a filing, each with its place."""
    for rule in RULES:
        yield from rule(command, context)


def _channel(command: FileDispute, context: Context) -> Iterator[Problem]:
    # The platform's own channel for staff alone, and no other one for them: the channel
    # says who filed.
    ours = context.actor.acts_as in STAFF
    allowed = [
        code for code in context.codes.own("channels") if (code == INITIATED) is ours
    ]
    if command.channel not in allowed:
        yield Problem("/channel", "unknown-code", {"allowed": ", ".join(allowed)})


def _category_and_reason(command: FileDispute, context: Context) -> Iterator[Problem]:
    categories = context.codes.categories
    if command.category not in categories:
        allowed = ", ".join(categories)
        yield Problem("/category", "unknown-code", {"allowed": allowed})
        # The reasons that are allowed depend on the category.
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

"""What a filing has to be like to be taken in at all (4.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from domain.case.context import Context
from domain.filing.commands import FileDispute
from domain.line_total import line_problems
from domain.notices.addresses import address_in
from domain.refusals import Problem
from domain.roles import STAFF
from domain.terms import money_problems, terms_problems

INITIATED = "platform-initiated"
HAN = 2
"""A Chinese character says as much as two letters at least."""


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
    yield from line_problems((command.claim,), "/claim/amount", paid, context)


def _facts(command: FileDispute, context: Context) -> Iterator[Problem]:
    # 3.2 has a case without facts refused; asked at once, its buyer can still say them.
    name = "facts" if command.new_facts is None else "new_facts"
    least = context.rules.policy.facts_minimum
    if _substance(getattr(command, name)) < least:
        # Rounded up: half a character cannot be written.
        limits = {"letters": str(least), "characters": str(-(-least // HAN))}
        yield Problem(f"/{name}", "no-facts", limits)


def _substance(text: str) -> int:
    """Count what a text says in letters and digits; a Chinese character counts twice.

    "?? !!" states no facts, however long it is, and three characters such as 漏水了 do.
    """
    return sum(HAN if _is_han(one) else one.isalnum() for one in text)


def _is_han(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff" or "\U00020000" <= letter <= "\U0003ffff"


def _contact(command: FileDispute, context: Context) -> Iterator[Problem]:
    # Notices start the buyer's time limits: they have to reach somebody. A case that
    # goes on has said where, and staff may not know it when they file.
    if command.reopens is not None or context.actor.acts_as in STAFF:
        return
    found = address_in(command.contact)
    if found.mail is None and found.phone is None:
        yield Problem("/contact", "not-a-contact")


def _snapshot(command: FileDispute, _: Context) -> Iterator[Problem]:
    snapshot = command.order.snapshot
    if snapshot is not None and snapshot.unit_price is not None:
        at, price = "/order/snapshot/unit_price", snapshot.unit_price
        yield from money_problems(price, at, None)
        if price.currency != command.order.paid.currency:
            expected = {"expected": command.order.paid.currency}
            yield Problem(f"{at}/currency", "wrong-currency", expected)


RULES: tuple[Callable[[FileDispute, Context], Iterator[Problem]], ...] = (
    _channel,
    _category_and_reason,
    _parties,
    _paid,
    _received,
    _claim,
    _facts,
    _contact,
    _snapshot,
)

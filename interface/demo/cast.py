"""The people of a sample case, what it is about, and what they say."""

from __future__ import annotations

import random
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from msgspec import Struct

from domain.filing.commands import FileDispute, OrderLine
from domain.money import Money
from domain.policy.codes import Codes
from domain.roles import Actor, Role
from domain.terms import Terms

PLATFORM = "shop"
BUYERS, SELLERS, MEDIATORS = 90, 12, 4
CLAIMS = (
    "refund",
    "refund",
    "refund",
    "return-and-refund",
    "compensation",
    "replace",
    "repair",
    "reship",
)


@cache
def texts() -> dict[str, Any]:
    """Return what people say."""
    text = files("interface.demo").joinpath("texts.toml").read_text("utf-8")
    return tomllib.loads(text)


class SampleCase(Struct):
    """One sample case: its people, its complaint, and its own chance."""

    number: int
    language: str
    product: str
    buyer: Actor
    seller: Actor
    mediator: Actor
    command: FileDispute
    chance: random.Random

    def say(self, what: str) -> str:
        """Return one of the texts for an occasion."""
        words: list[str] = texts()["said"][self.language][what]
        return self.chance.choice(words).format(product=self.product)

    def hours(self, low: float, high: float) -> float:
        """Return a length of time between two."""
        return self.chance.uniform(low, high)

    def likely(self, share: float) -> bool:
        """Tell whether something happens here that happens in a share of all cases."""
        return self.chance.random() < share

    def part(self, share: float) -> Terms:
        """Return an offer of a part of what was paid."""
        paid = self.command.order.paid
        amount = Money(max(1, int(paid.amount * share)), paid.currency)
        return Terms(kind="refund", amount=amount)


def cast(number: int, seed: int, codes: Codes) -> SampleCase:
    """Cast the n-th case; the same seed always gives the same case."""
    # Its own generator for each case: how many cases there are, and in which order they
    # go on, changes none of them.
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - not a secret
    language = chance.choice(["zh", "zh", "en"])
    product = chance.choice(texts()["products"][language])
    category = chance.choice([name for name in codes.categories if name != "other"])
    reason = chance.choice(list(codes.categories[category].reasons))
    paid = Money(chance.randrange(1_900, 89_900, 100), "CNY")
    buyer = f"b-{chance.randint(1, BUYERS):03}"
    seller = f"s-{chance.randint(1, SELLERS):02}"
    words: str = chance.choice(texts()["facts"][language][reason])
    command = FileDispute(
        platform=PLATFORM,
        channel=chance.choice(["order-page", "order-page", "service-centre"]),
        buyer=buyer,
        seller=seller,
        order=OrderLine(id=f"demo-{seed}-{number:04}", line="1", paid=paid),
        category=category,
        reason=reason,
        claim=_claim(category, paid, chance),
        facts=words.format(product=product),
        contact=f"{buyer}@example.com",
        evidence_note=chance.choice(texts()["said"][language]["evidence_note"]),
    )
    mediator = f"m-{chance.randint(1, MEDIATORS)}"
    return SampleCase(
        number=number,
        language=language,
        product=product,
        buyer=Actor(role=Role.BUYER, id=buyer),
        seller=Actor(role=Role.SELLER, id=seller),
        mediator=Actor(role=Role.MEDIATOR, id=mediator),
        command=command,
        chance=chance,
    )


def _claim(category: str, paid: Money, chance: random.Random) -> Terms:
    kind = "reissue-invoice" if category == "invoice" else chance.choice(CLAIMS)
    if kind in {"refund", "return-and-refund"}:
        return Terms(kind=kind, amount=paid)
    if kind == "compensation":
        return Terms(kind=kind, amount=Money(paid.amount // 2, paid.currency))
    return Terms(kind=kind)

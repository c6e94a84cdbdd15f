"""The people of a sample case, what it is about, and what they say."""

from __future__ import annotations

import random

from msgspec import Struct

from domain.filing.commands import FileDispute, OrderLine
from domain.filing.order_snapshot import OrderSnapshot
from domain.money import Money
from domain.policy.codes import Codes
from domain.policy.regulation import Bilingual
from domain.roles import Actor, Party, Role
from domain.terms import Terms
from interface.demo.scene import Scene, Shown, scenes, texts

PLATFORM = "shop"
BUYERS, SELLERS, MEDIATORS = 90, 12, 4

OFTEN = {"quality": 5, "delivery": 3}
"""What most disputes are about, times as often as each other category."""


class SampleCase(Struct):
    """One sample case: its people, its scene, and its own chance."""

    number: int
    language: str
    scene: Scene
    buyer: Actor
    seller: Actor
    mediator: Actor
    command: FileDispute
    chance: random.Random

    def words(self, said: Bilingual) -> str:
        """Return words of the scene in the language of the case."""
        return str(getattr(said, self.language))

    def say(self, what: str, **filling: str) -> str:
        """Return one of the texts for an occasion."""
        words: list[str] = texts()["said"][self.language][what]
        return self.chance.choice(words).format(**filling)

    def hours(self, low: float, high: float) -> float:
        """Return a length of time between two."""
        return self.chance.uniform(low, high)

    def likely(self, share: float) -> bool:
        """Tell whether something happens here that happens in a share of all cases."""
        return self.chance.random() < share

    def shown_by(self, party: Party) -> Shown:
        """Return what a party hands in."""
        return self.scene.buyer if party is Party.BUYER else self.scene.seller

    @property
    def is_about_money(self) -> bool:
        """Tell whether money is claimed, so that a part of it can be offered."""
        return self.command.claim.amount is not None

    def part(self, share: float) -> Terms:
        """Return an offer of a part of the claim."""
        claimed = self.command.claim.amount or self.command.order.paid
        amount = Money(max(1, int(claimed.amount * share)), claimed.currency)
        return Terms(kind="refund", amount=amount)


def cast(number: int, seed: int, codes: Codes) -> SampleCase:
    """Cast the n-th case; the same seed always gives the same case."""
    # Its own generator for each case: how many cases there are, and in which order they
    # go on, changes none of them.
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - not a secret
    language = chance.choice(["zh", "zh", "en"])
    names = [name for name in codes.categories if name != "other"]
    (category,) = chance.choices(names, [OFTEN.get(name, 1) for name in names])
    reasons = codes.categories[category].reasons
    scene = chance.choice([one for one in scenes() if one.reason in reasons])
    low, high = scene.price
    # Whole units of money for each of the goods.
    each = chance.randrange(low * 100, high * 100 + 1, 100)
    paid = Money(each * scene.quantity, "CNY")
    buyer = f"b-{chance.randint(1, BUYERS):03}"
    seller = f"s-{chance.randint(1, SELLERS):02}"
    command = FileDispute(
        platform=PLATFORM,
        channel=chance.choice(["order-page", "order-page", "service-centre"]),
        buyer=buyer,
        seller=seller,
        order=_order(f"demo-{seed}-{number:04}", paid, scene, language),
        category=category,
        reason=scene.reason,
        claim=_claim(chance.choice(scene.claims), paid, scene),
        facts=getattr(scene.facts, language),
        contact=f"{buyer}@example.com",
        evidence_note=chance.choice(texts()["said"][language]["evidence_note"]),
    )
    mediator = f"m-{chance.randint(1, MEDIATORS)}"
    return SampleCase(
        number=number,
        language=language,
        scene=scene,
        buyer=Actor(role=Role.BUYER, id=buyer),
        seller=Actor(role=Role.SELLER, id=seller),
        mediator=Actor(role=Role.MEDIATOR, id=mediator),
        command=command,
        chance=chance,
    )


def _order(order: str, paid: Money, scene: Scene, language: str) -> OrderLine:
    """Return the order, with the goods as the shop shows them."""
    snapshot = OrderSnapshot(
        title=getattr(scene.product, language),
        quantity=scene.quantity,
        unit_price=Money(paid.amount // scene.quantity, paid.currency),
    )
    return OrderLine(id=order, line="1", paid=paid, snapshot=snapshot)


def _claim(kind: str, paid: Money, scene: Scene) -> Terms:
    if kind == "return-and-refund":
        return Terms(kind=kind, amount=paid)
    if kind in {"refund", "compensation"}:
        # Whole units of money, as people ask for it.
        share = int(paid.amount * scene.share) // 100 * 100
        return Terms(kind=kind, amount=Money(share, paid.currency))
    return Terms(kind=kind)

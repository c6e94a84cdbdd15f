"""Rules of proof: who proves first, and what is asked for."""

from __future__ import annotations

from importlib.resources import files

import pytest
from msgspec.structs import replace

from domain.evidence.commands import (
    AssignBurden,
)
from domain.evidence.events import (
    BurdenAssigned,
)
from domain.policy.burden_of_proof import Requirement, load
from domain.policy.toml_decoder import Mistaken
from domain.roles import Party
from domain.ruling.reasons import RuleCited
from tests.domain.stories import of
from tests.samples import (
    BOOKS,
    BUYER,
    ESCALATED,
    FILE,
    MEDIATOR,
    RULES,
    play,
)
from tests.scenario import after

TEXT = files("domain").joinpath("policy", "proof-1.toml").read_text("utf-8")
PROOF = RULES.proof


@pytest.mark.standard("4.3.2 who proves first is an event with its rule")
@pytest.mark.parametrize(
    ("reason", "party", "article"),
    [
        ("defect", Party.BUYER, "visible-defect"),
        ("malfunction", Party.SELLER, "hidden-defect"),
        ("counterfeit-suspected", Party.SELLER, "provenance"),
        ("not-received", Party.SELLER, "delivery"),
        ("lost-parcel", Party.SELLER, "delivery"),
        ("seller-conduct", Party.BUYER, "conduct"),
        ("other", Party.BUYER, "asserted"),
    ],
)
def test_who_proves_first(reason: str, party: Party, article: str) -> None:
    burden = PROOF.burden(reason)
    assert burden.party is party
    assert burden.rule == RuleCited(id="proof", version="1", article=article)
    assert burden.zh
    assert burden.en


@pytest.mark.parametrize("reason", BOOKS.codes.reasons)
def test_every_reason_has_a_burden_and_asks_both_sides(reason: str) -> None:
    assert PROOF.burden(reason).party in {Party.BUYER, Party.SELLER}
    for party in (Party.BUYER, Party.SELLER):
        asked = PROOF.requirements(reason, party)
        assert "other" in asked.optional
        assert asked.satisfied_by(asked.kinds)
        assert len(asked.kinds) > 1


def test_every_article_is_used() -> None:
    assert {one.article for one in PROOF.reasons.values()} == set(PROOF.articles)


@pytest.mark.parametrize(
    ("given", "enough"),
    [
        ((), False),
        (("invoice",), False),
        (("photo",), False),
        (("invoice", "order"), False),
        (("invoice", "photo"), True),
        (("invoice", "photo", "video", "other"), True),
    ],
)
def test_all_required_and_one_of_the_others_is_enough(
    given: tuple[str, ...], *, enough: bool
) -> None:
    asked = Requirement(
        required=("invoice",), one_of=("photo", "video"), optional=("order",)
    )
    assert asked.satisfied_by(given) is enough
    assert asked.kinds == {"invoice", "photo", "video", "order"}


def test_where_nothing_is_needed_nothing_is_enough() -> None:
    assert PROOF.requirements("not-received", Party.BUYER).satisfied_by(())
    assert not PROOF.requirements("not-received", Party.SELLER).satisfied_by(())
    assert PROOF.requirements("not-received", Party.SELLER).satisfied_by(["logistics"])


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("version = 1\n", "", "version: missing"),
        ("[reasons.other]", "[reasons.mood]", "reasons.mood: there is no such reason"),
        (
            'article = "asserted"',
            'article = "x"',
            "reasons.other.article: there is no article 'x'",
        ),
        (
            'required = ["invoice"]',
            'required = ["gossip"]',
            "reasons.invoice-wrong.buyer: there is no kind of evidence 'gossip'",
        ),
        (
            'required = ["invoice"]',
            'required = ["other"]',
            "reasons.invoice-wrong.buyer: 'other' is always optional",
        ),
        (
            'party = "buyer"',
            'party = "platform"',
            "articles.visible-defect.party: Invalid enum value 'platform'",
        ),
        ('article = "cost"\n', "", "reasons.freight-cost.article: missing"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, mistake: str) -> None:
    assert old in TEXT
    with pytest.raises(Mistaken) as raised:
        load(TEXT.replace(old, new, 1), BOOKS.codes)
    assert mistake in raised.value.mistakes


@pytest.mark.standard("4.3.2 who proves first is an event with its rule")
@pytest.mark.parametrize(
    ("category", "reason", "first"),
    [
        ("quality", "defect", Party.BUYER),
        ("quality", "malfunction", Party.SELLER),
        ("quality", "counterfeit-suspected", Party.SELLER),
        ("delivery", "not-received", Party.SELLER),
    ],
)
def test_who_proves_first_is_a_fact_with_its_rule(
    category: str, reason: str, first: Party
) -> None:
    filing = replace(FILE, category=category, reason=reason)
    (burden,) = of(BurdenAssigned, play((BUYER, filing), *ESCALATED[1:]))
    assert (burden.party, burden.rule.id, burden.rule.version) == (first, "proof", "1")


@pytest.mark.standard("4.3.2 who proves first is an event with its rule")
def test_the_burden_is_shifted_by_a_rule_and_with_a_reason() -> None:
    rule = RuleCited(id="proof", version="1", article="hidden-defect")
    shift = AssignBurden(party=Party.SELLER, rule=rule, why="Inside the kettle.")
    after(*ESCALATED).when(shift, by=MEDIATOR).then(
        BurdenAssigned(party=Party.SELLER, rule=rule, why="Inside the kettle.")
    )
    after(*ESCALATED, (MEDIATOR, shift)).when(shift, by=MEDIATOR).then()

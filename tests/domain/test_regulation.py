"""Regulations: read with every mistake named, in force by day, cited or refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from application.rules.regulation_files import RegulationWrong
from application.rules.rulebook import Rulebooks
from domain.appeal.commands import DecideAppeal
from domain.appeal.events import AppealResult
from domain.case.decide import decide
from domain.case.evolve import fold
from domain.evidence.commands import AssignBurden
from domain.policy import regulation
from domain.policy.regulation import Regulation, in_force
from domain.policy.toml_decoder import Mistaken
from domain.refusals import Invalid
from domain.roles import Party
from domain.ruling.commands import DraftRuling
from domain.ruling.reasons import RuleCited
from tests.domain.stories import APPEAL, SERVED, ruled, wrong_places
from tests.samples import (
    BOOKS,
    ESCALATED,
    MEDIATOR,
    NOW,
    REASON,
    REFUND,
    RULE,
    RULES,
    SELLER,
    SUPERVISOR,
    TO_RULE,
    context,
    play_until,
)
from tests.scenario import after

OWN = """
name = "acme"
version = 1
title = { zh = "某某平台规则", en = "Acme Rules" }
in_force_from = 2026-02-01
[articles.7]
number = { zh = "第七条", en = "Article 7" }
title = { zh = "退款", en = "Refunds" }
text = { zh = "应当退款。", en = "A refund is due." }
"""
SIXTH = """[articles.6]
number = { zh = "第七条", en = "Article 6" }
title = { zh = "一", en = "a" }
text = { zh = "二", en = "b" }
"""
PROOFS = {RULES.proof.id: RULES.proof}


def version(number: int, since: str, until: str | None = None) -> str:
    text = OWN.replace("version = 1", f"version = {number}")
    text = text.replace("2026-02-01", since)
    end = f"in_force_until = {until}\n" if until else ""
    return text.replace("[articles.7]", f"{end}[articles.7]")


def books(folder: Path, *texts: str) -> Rulebooks:
    for number, text in enumerate(texts):
        (folder / f"{number}.toml").write_text(text, "utf-8")
    return Rulebooks(regulations=folder)


def test_what_ships_is_the_standard_the_rules_of_proof_and_a_sample() -> None:
    shipped = {one.id: one for one in BOOKS.regulations.citable}
    assert set(shipped) == {"proof/1", "sample-platform/1", "standard/1"}
    assert set(shipped["proof/1"].articles) == set(RULES.proof.articles)
    # What the published text of the standard lacks is marked, and nothing else.
    lacking = {
        name
        for name, one in shipped["standard/1"].articles.items()
        if one.reconstructed
    }
    assert {"4.4.3", "4.4.4", "4.3.2-burden"} <= lacking
    assert lacking.isdisjoint({"3.1", "3.2", "4.1.3", "4.2", "4.3.4", "4.4.1"})


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("version = 1\n", "", "version: missing"),
        ('name = "acme"', 'name = "Acme 2"', "name: Expected `str` matching"),
        ("2026-02-01", '"soon"', "in_force_from: Invalid RFC3339"),
        ('en = "Acme Rules"', 'fr = "Acme"', "title.fr: unknown"),
        ('en = "Acme Rules"', 'fr = "Acme"', "title.en: missing"),
        ('zh = "退款"', 'zh = ""', "articles.7.title.zh: Expected `str` of length"),
        ("[articles.7]", '[articles."a b"]', "articles.a b: is named by"),
        ("in_force_from", "in_force", "in_force: unknown"),
        (
            "[articles.7]",
            "in_force_until = 2026-01-31\n[articles.7]",
            "in_force_until: before in_force_from (2026-02-01)",
        ),
        (
            "[articles.7]",
            f"{SIXTH}[articles.7]",
            "articles.7.number: article '6' has it already",
        ),
    ],
)
def test_every_mistake_in_a_file_is_named(old: str, new: str, mistake: str) -> None:
    assert old in OWN
    with pytest.raises(Mistaken) as caught:
        regulation.load(OWN.replace(old, new))
    assert any(mistake in one for one in caught.value.mistakes), caught.value.mistakes


def test_no_article_at_all_is_a_mistake() -> None:
    head, _, _ = OWN.partition("[articles.7]")
    with pytest.raises(Mistaken, match="articles: has no article"):
        regulation.load(f"{head}[articles]")


def test_rules_of_proof_are_titled_and_not_rewritten() -> None:
    text = BOOKS.regulations.parts["proof/1"].text.decode()
    for old, new, said in (
        ("谁举证。", "谁都可以举证。", "asserted.text: proof/1 says something"),
        ("[articles.asserted]", "[articles.x]", "articles.asserted: missing: proof/1"),
        ("[articles.asserted]", "[articles.x]", "articles.x: proof/1 has no such"),
    ):
        assert old in text
        with pytest.raises(Mistaken, match=said):
            regulation.load(text.replace(old, new), PROOFS)


def test_the_newest_version_in_force_on_a_day_counts() -> None:
    first, second, third = (
        regulation.load(version(*about))
        for about in (
            (1, "2026-02-01", "2026-12-31"),
            (2, "2026-07-01", "2026-07-31"),
            (3, "2027-01-01"),
        )
    )
    days = {
        date(2026, 1, 31): (),
        date(2026, 2, 1): (first,),
        date(2026, 6, 30): (first,),
        date(2026, 7, 31): (second,),
        # The first one was replaced: that its successor ended does not revive it.
        date(2026, 8, 1): (),
        date(2027, 1, 1): (third,),
    }
    for day, expected in days.items():
        assert in_force((third, first, second), day) == expected


def test_an_operator_s_rules_stand_in_the_place_of_the_sample(tmp_path: Path) -> None:
    own = books(tmp_path, OWN)
    citable = {one.id for one in own.regulations.citable}
    assert citable == {"acme/1", "proof/1", "standard/1"}
    assert {one.id for one in own["cn-default/1"].regulations} == citable
    # Decisions that name the sample still say what it says.
    assert "sample-platform/1" in own.regulations.known
    digest = own.rule_set("cn-default/1").digest
    assert digest != BOOKS.rule_set("cn-default/1").digest


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ((OWN, OWN), "there is a acme/1 already"),
        ((OWN.replace('"acme"', '"standard"'),), "there is a standard/1 already"),
        ((OWN, version(2, "2026-01-01")), "acme/2 would be in force before acme/1"),
        ((OWN.replace("退款", "\u0000"),), "not TOML"),
    ],
)
def test_files_that_do_not_fit_are_refused_by_name(
    tmp_path: Path, texts: tuple[str, ...], said: str
) -> None:
    with pytest.raises(RegulationWrong, match=rf"\d\.toml: .*{said}"):
        books(tmp_path, *texts)


CITED = REASON.rule
APPEALED = (*ruled(REFUND), *SERVED, (SELLER, APPEAL))
WRONG = [
    (replace(CITED, id="quality"), "/id", "no-such-rule"),
    (replace(CITED, version="2"), "/version", "rule-not-in-force"),
    (replace(CITED, version="v1"), "/version", "rule-not-in-force"),
    (replace(CITED, article="99"), "/article", "no-such-article"),
    (RuleCited(id="proof", version="1", article="3"), "/article", "no-such-article"),
]


@pytest.mark.standard("4.3.4 reasons lead from issue to rule, with evidence and burden")
@pytest.mark.parametrize(("rule", "at", "code"), WRONG)
def test_decisions_cite_only_what_is_there(rule: RuleCited, at: str, code: str) -> None:
    reasons = (replace(REASON, rule=rule),)
    expected = [(f"/reasons/0/rule{at}", code)]
    ruling = replace(RULE, reasons=reasons)
    assert wrong_places(after(*TO_RULE).when(ruling, by=MEDIATOR)) == expected
    fields = {name: getattr(ruling, name) for name in ruling.__struct_fields__}
    drafted = DraftRuling(**fields)
    assert wrong_places(after(*TO_RULE).when(drafted, by=MEDIATOR)) == expected
    shift = AssignBurden(party=Party.SELLER, rule=rule, why="Inside.")
    shifted = after(*ESCALATED).when(shift, by=MEDIATOR)
    assert wrong_places(shifted) == [(f"/rule{at}", code)]
    decision = DecideAppeal(result=AppealResult.UPHELD, reasons=reasons)
    assert wrong_places(after(*APPEALED).when(decision, by=SUPERVISOR)) == expected


def test_a_refused_citation_says_what_there_is() -> None:
    for rule, _, _ in WRONG:
        ruling = replace(RULE, reasons=(replace(REASON, rule=rule),))
        with pytest.raises(Invalid) as caught:
            _ = after(*TO_RULE).when(ruling, by=MEDIATOR).events
        (problem,) = caught.value.problems
        assert problem.details["allowed"]


def test_rules_of_the_day_of_filing_count() -> None:
    own = regulation.load(version(1, "2026-03-02"))
    newer = regulation.load(version(2, "2026-03-20"))
    history, later = play_until(*TO_RULE)
    rules = replace(RULES, regulations=(own, newer))

    def cites(number: str, filed: datetime) -> bool:
        cited = RuleCited(id="acme", version=number, article="7")
        command = replace(RULE, reasons=(replace(REASON, rule=cited),))
        about = replace(context(MEDIATOR, later), rules=rules, filed=filed)
        try:
            decide(command, fold(history), about)
        except Invalid:
            return False
        return True

    assert cites("1", NOW)
    assert not cites("2", NOW)
    # 00:00 in Shanghai, which is still the day before in UTC.
    begins = datetime(2026, 3, 19, 16, tzinfo=UTC)
    assert cites("2", begins)
    assert not cites("1", begins)
    assert not cites("1", datetime(2026, 3, 1, 15, 59, tzinfo=UTC))


def test_the_policy_s_rules_of_proof_may_be_cited_whenever_it_was_filed() -> None:
    early = replace(context(MEDIATOR), filed=datetime(2019, 1, 1, tzinfo=UTC))
    assert [one.id for one in early.citable] == ["proof/1"]


def test_other_versions_of_the_rules_of_proof_may_not_be_cited() -> None:
    newer = replace(_shipped("proof/1"), version=2)
    rules = replace(RULES, regulations=(*RULES.regulations, newer))
    citable = replace(context(MEDIATOR), rules=rules).citable
    assert [one.id for one in citable if one.name == "proof"] == ["proof/1"]


def _shipped(name: str) -> Regulation:
    return BOOKS.regulations.known[name]

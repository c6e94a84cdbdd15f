"""The words of decisions: what they cite is named, and what is not there is said."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from application.cases.ruling_text import Decision, Wording, in_words
from application.texts import written_in
from domain.appeal.events import AppealDecided, AppealResult
from domain.evidence.events import EvidenceSubmitted
from domain.money import Money
from domain.roles import Party
from domain.ruling.events import Ruled
from domain.ruling.reasons import Automation, Reason, RuleCited
from domain.terms import Terms
from tests.samples import BOOKS

PHOTO = EvidenceSubmitted(
    number=1,
    by=Party.BUYER,
    kind="photo",
    sha256="0" * 64,
    size=1,
    media_type="image/png",
    name="crack.png",
)
REASON = Reason(
    issue="Was the kettle cracked?",
    finding="The photo shows the crack",
    rule=RuleCited(id="sample-platform", version="1", article="3"),
    relied_on=(1,),
    burden=Party.BUYER,
)
RULED = Ruled(
    liability="seller",
    remedies=(Terms(kind="refund", amount=Money(12_900, "CNY")),),
    reasons=(REASON,),
    obligations=(),
)
UPHELD = AppealDecided(result=AppealResult.UPHELD, reasons=(REASON,))


def said(decision: Decision, *exhibits: EvidenceSubmitted) -> dict[str, str]:
    wording = Wording(
        codes=BOOKS.codes,
        regulations=BOOKS.regulations.known,
        exhibits={one.number: one for one in exhibits},
    )
    return in_words(decision, wording)


def because(**changed: object) -> Ruled:
    return replace(RULED, reasons=(replace(REASON, **changed),))


def test_a_ruling_reads_as_one() -> None:
    text = said(RULED, PHOTO)
    assert text["en"].splitlines() == [
        (
            "Issue: Was the kettle cracked? Finding: The photo shows the crack. "
            "Relied on: no. 1 (Photo, from the buyer). "
            "This rests on Article 3 of the Sample Platform Dispute Rules"
            " (Defective goods). "
            "The burden of proof was on the buyer."
        ),
        "Liability: Seller.",
        "Remedy: Refund ¥129.00.",
        "A person made this decision.",
    ]
    chinese = because(issue="水壶是否有裂纹", finding="照片显示壶身有裂纹")
    assert said(chinese, PHOTO)["zh"].splitlines() == [
        (
            "争议焦点：水壶是否有裂纹。平台认定：照片显示壶身有裂纹。"  # noqa: RUF001
            "采信证据：第 1 号（照片，买家提交）。"  # noqa: RUF001
            "本项依据《示例平台纠纷处理规则》第三条（商品质量问题）认定。"  # noqa: RUF001
            "举证责任由买家承担。"
        ),
        "责任认定：卖家责任。",  # noqa: RUF001
        "处理结果：退款 ¥129.00。",  # noqa: RUF001
        "本决定由人工作出。",
    ]


def test_that_nothing_was_handed_in_is_said_only_if_nothing_was() -> None:
    silent = because(relied_on=())
    without, beside = said(silent), said(silent, PHOTO)
    assert "Neither side handed in evidence." in without["en"]
    assert "双方均未提交凭证。" in without["zh"]
    assert "handed in" not in beside["en"]
    assert "未提交" not in beside["zh"]
    assert "No evidence is cited on this point." in beside["en"]
    assert "本项未引用证据。" in beside["zh"]


def test_evidence_that_is_set_aside_is_cited() -> None:
    text = said(because(relied_on=(), set_aside=(1,)), PHOTO)
    assert "Set aside: no. 1 (Photo, from the buyer)." in text["en"]
    assert "No evidence" not in text["en"]


def test_free_text_is_marked_where_it_is_in_the_other_language() -> None:
    mixed = because(issue="商品是否为 iPhone 15 Pro?", finding="It is not.")
    text = said(mixed, PHOTO)
    assert "Issue (written in Chinese): 商品是否为 iPhone 15 Pro?" in text["en"]
    assert "Finding: It is not." in text["en"]
    assert "争议焦点：商品是否为" in text["zh"]  # noqa: RUF001 - Chinese stops
    assert "平台认定（原文为英文）：It is not." in text["zh"]  # noqa: RUF001


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The photo shows 张三's name.", "en"),
        ("快递单号 SF123 已由本人签收", "zh"),
        ("Café fermé", "en"),
        ("⌫", None),
        ("▮▮▮", None),
        ("100 %", None),
    ],
)
def test_the_script_tells_the_language(text: str, language: str | None) -> None:
    assert written_in(text) == language


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        (
            RuleCited(id="standard", version="1", article="4.3.2-burden"),
            "依据《电商平台客户服务纠纷处理标准》第4.3.2条之一",
            "This rests on section 4.3.2a of the Standard for Handling",
        ),
        (
            RuleCited(id="sample-platform", version="1"),
            "本项依据《示例平台纠纷处理规则》认定。",
            "This rests on the Sample Platform Dispute Rules.",
        ),
        # Rulings of other systems, and of versions that took any words for a rule.
        (
            RuleCited(id="quality", version="1", article="3"),
            "本项依据规则 quality 第 1 版（条款 3）认定。",  # noqa: RUF001
            "This rests on rule quality, version 1, article 3.",
        ),
        (
            RuleCited(id="sample-platform", version="1", article="99"),
            "本项依据规则 sample-platform 第 1 版（条款 99）认定。",  # noqa: RUF001
            "This rests on rule sample-platform, version 1, article 99.",
        ),
    ],
)
def test_a_rule_is_named_by_its_title_or_as_it_was_given(
    rule: RuleCited, zh: str, en: str
) -> None:
    text = said(because(rule=rule), PHOTO)
    assert zh in text["zh"]
    assert en in text["en"]


def test_what_became_of_an_appeal_is_a_sentence() -> None:
    text = said(UPHELD, PHOTO)
    assert text["en"].splitlines()[1:] == [
        "On appeal the decision stands.",
        "A person made this decision.",
    ]
    assert text["zh"].splitlines()[1:] == ["经审理，维持原决定。", "本决定由人工作出。"]  # noqa: RUF001
    varied = replace(
        UPHELD,
        result=AppealResult.VARIED,
        liability="both",
        remedies=RULED.remedies,
    )
    lines = said(varied, PHOTO)["en"].splitlines()
    assert lines[1] == "On appeal the decision is changed as follows."
    assert lines[2:4] == ["Liability: Both.", "Remedy: Refund ¥129.00."]
    aside = said(replace(UPHELD, result=AppealResult.SET_ASIDE), PHOTO)
    assert "撤销原决定" in aside["zh"]


def test_every_result_and_every_level_of_automation_has_words() -> None:
    for result in AppealResult:
        for text in said(replace(UPHELD, result=result)).values():
            assert f"\n{result}\n" not in text
    for level in Automation:
        machine = said(replace(RULED, automation=level, model="m/1"))
        assert not machine["en"].endswith(level)

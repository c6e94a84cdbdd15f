"""What codes stand for is said beside them, in the language asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from litestar.testing import TestClient

from application.texts import texts
from domain.case.dispute import Phase
from domain.case.events import DisputeEvent
from domain.case.outcome import Outcome
from domain.deadlines.deadline import Awaited
from domain.deadlines.time_limits import LimitName
from domain.roles import Party, Role
from interface.api.commands.command_table import ROUTES
from interface.api.responses.case_state import STATES
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import AMOUNT, RULING, CaseStory
from tests.http.conftest import People

CODE = re.compile(r"[A-Za-z]{2,}")
WORDED = {"words", "label"}


@pytest.fixture
def story(
    http: TestClient[Any], people: People, background: Worker, clock: Clock
) -> CaseStory:
    http.headers["Accept-Language"] = "zh-CN"
    return CaseStory(people, background, clock)


def said(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text for people in an answer, with where it stands."""
    if isinstance(value, list):
        for one in value:
            yield from said(one, place)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name in WORDED and isinstance(inner, str):
                yield f"{place}.{name}", inner
            elif name in WORDED:
                yield from (
                    (f"{place}.{name}.{key}", one) for key, one in inner.items()
                )
            else:
                yield from said(inner, f"{place}.{name}")


def english(answer: Any) -> list[tuple[str, str]]:
    return [
        (place, text)
        for place, text in said(answer)
        if not place.endswith("words.en") and CODE.search(text)
    ]


def test_every_fixed_code_has_words_in_both_languages() -> None:
    names = {route.name for routes in ROUTES.values() for route in routes}
    tables = {
        "actions": names,
        "awaited": {*Awaited, "service"},
        "facts": {str(one.__struct_config__.tag) for one in get_args(DisputeEvent)},
        "limits": {*LimitName},
        "obligation_states": {*STATES, "owed"},
        "outcomes": {*Outcome},
        "parties": {*Party},
        "phases": {*Phase},
        "roles": {*Role},
    }
    for table, codes in tables.items():
        assert texts()[table].keys() == set(codes), table


def test_a_case_is_shown_in_chinese_to_each_of_its_people(story: CaseStory) -> None:
    story.contested()
    half = {"kind": "return-and-refund", "amount": AMOUNT, "freight": "seller"}
    story.act("seller", "offers", {"terms": half})
    case = story.seen("buyer")
    assert case["offers"][0]["words"] == (
        "卖家提出：退货退款 ¥129.00，运费由卖家承担（待答复）"  # noqa: RUF001
    )
    assert case["words"]["claim"] == "退款 ¥129.00"
    assert re.fullmatch(
        r"请买家在 \d+ 月 \d+ 日 \d\d:\d\d 前答复方案，逾期方案自动失效。",  # noqa: RUF001
        case["waiting_on"]["words"],
    )
    actions = {one["name"]: one for one in case["actions"]}
    assert actions["offers-acceptance"]["label"] == "接受方案"
    trigger = actions["escalation"]["fields"][0]
    assert trigger["label"] == "介入原因"
    assert trigger["words"]["no-agreement"] == "未能协商一致"
    story.act("buyer", "escalation", {"trigger": "no-agreement"})
    for role in ("buyer", "seller", "mediator", "supervisor"):
        assert english(story.seen(role)) == []


def test_what_is_owed_and_its_limits_are_lines(story: CaseStory) -> None:
    case = story.ruled()
    owed = story.seen("seller")["obligations"]
    assert [one["words"] for one in owed] == ["卖家付款 ¥129.00（待履行）"]  # noqa: RUF001
    limits = [one["words"] for one in case.seen("seller")["deadlines"]]
    assert any(
        re.fullmatch(r"卖家履行，\d+ 月 \d+ 日 \d\d:\d\d 截止", one)  # noqa: RUF001
        for one in limits
    )
    case.act("seller", "fulfilments", {"obligation": 1, "reference": "pay-1"})
    owed = story.seen("seller")["obligations"]
    assert owed[0]["words"] == "卖家付款 ¥129.00（已报告履行，待确认）"  # noqa: RUF001
    for role in ("buyer", "seller", "mediator", "supervisor"):
        assert english(story.seen(role)) == []


def test_rows_of_lists_and_notices_are_sentences(
    story: CaseStory, people: People
) -> None:
    story.escalated()
    (row,) = people.mediator.get("/v1/disputes").json()["items"]
    assert row["words"]["phase"] == "平台已介入，举证中"  # noqa: RUF001
    assert row["words"]["reason"] == "质量瑕疵"
    assert row["words"]["claim"] == "退款 ¥129.00"
    assert row["words"]["waiting_on"] == story.seen()["waiting_on"]["words"]
    assert english(people.mediator.get("/v1/queue").json()) == []
    notices = people.seller.get("/v1/notices").json()
    assert english(notices) == []
    assert all(one["words"].endswith("。") for one in notices["items"])
    story.passes(30)
    (late,) = people.mediator.get("/v1/disputes").json()["items"]
    assert late["words"]["waiting_on"].startswith("平台未在")


def test_standing_and_sanctions_are_said(story: CaseStory, people: People) -> None:
    story.ruled()
    sanction = {"kind": "warning", "breach": "misconduct", "measure": "公开警告。"}
    story.act("supervisor", "sanctions", sanction)
    story.act("mediator", "sanctions/1/publication")
    standing = people.seller.get("/v1/sellers/s-1/standing").json()
    assert re.fullmatch(
        r"信用记录累计扣 \d+ 分，生效中的处罚：警告。",  # noqa: RUF001
        standing["words"],
    )
    assert re.fullmatch(
        r"扣 \d+ 分：裁决认定卖家有责任。",  # noqa: RUF001
        standing["history"][0]["words"],
    )
    (public,) = people.seller.get("/v1/sanctions").json()["items"]
    assert public["words"] == {
        "zh": "警告（不当行为）",  # noqa: RUF001
        "en": "Warning (Misconduct)",
    }
    assert english(standing) == []


def test_amounts_in_problems_have_their_sign(story: CaseStory, people: People) -> None:
    dear = {"amount": "9000.00", "currency": "CNY"}
    order = {"id": "o-9", "line": "1", "paid": dear}
    claim = {"kind": "refund", "amount": dear}
    above = {"kind": "refund", "amount": dear | {"amount": "9000.01"}}
    refused = people.buyer.file(order=order, claim=above).json()["errors"]
    assert [one["detail"] for one in refused] == ["超过订单金额 ¥9,000.00"]
    story.id = people.buyer.file(order=order, claim=claim).json()["id"]
    story.to_rule()
    ruling = RULING | {"remedies": [claim]}
    alone = story.refused("mediator", "ruling", ruling)
    assert alone["detail"] == (
        "金额超过 ¥5,000.00，请先提交裁决草案，再由他人批准。"  # noqa: RUF001
    )


def test_why_something_is_impossible_is_said_without_codes(story: CaseStory) -> None:
    story.contested()
    refused = story.refused("buyer", "escalation", {"trigger": "no-response"})
    assert refused["detail"].startswith("目前不能以“卖家逾期未答复”为由。可用的理由：")  # noqa: RUF001
    assert not CODE.search(refused["detail"])

"""Forms of pages take amounts as pages print them, and say plainly what is none."""

from __future__ import annotations

import re
from html import unescape

import httpx
import pytest

from interface.pages.forms.typed_amount import plain_amount, typed_in_words
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import FILING, People
from tests.pages.conftest import Browse
from tests.pages.test_filing import CLAIM, NOTE, ORDER, REASON, hidden, step
from tests.pages.test_party_case import act, version_of
from tests.pages.test_ruling_page import shown, write

DEAR = {"amount": "1299.00", "currency": "CNY"}
FULL_WIDTH = "￥１，２９９．００"  # noqa: RUF001
PRINTED = ("¥1,299.00", FULL_WIDTH, "CNY 1,299.00", "1，299。00", " 1299.00\u3000")  # noqa: RUF001
NONE_SAID = {"zh": "请填写数字金额，例如 129.00", "en": "an amount in figures"}  # noqa: RUF001
ABOVE = {
    "zh": "处理结果：各项金额合计不能超过诉求金额 ¥1,299.00",  # noqa: RUF001
    "en": "Remedies: together, they may not come to more than the claim of ¥1,299.00",
}
TOO_FINE = {"zh": "小数位数过多", "en": "more decimal places"}


def flaw(answer: httpx.Response, name: str) -> str:
    found = re.search(rf'id="{name}-flaw">.*?</span>(.*?)</span>', answer.text)
    assert found, name
    return unescape(found[1])


@pytest.mark.parametrize("typed", PRINTED)
def test_an_amount_is_read_as_it_is_printed(typed: str) -> None:
    assert plain_amount(typed, "CNY") == "1299.00"
    assert typed_in_words(typed, "CNY") == "¥1,299.00"


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("12,34,5.678", "CNY"),
        ("129,00", "CNY"),
        ("0,129", "CNY"),
        ("1,299,00", "CNY"),
        ("1,299,", "CNY"),
        ("¥¥129", "CNY"),
        ("¥129", "USD"),
        ("USD 129", "CNY"),
        ("1²", "CNY"),
        ("a lot", "CNY"),
        ("129", ""),
    ],
)
def test_what_is_no_amount_stays_as_it_was_typed(typed: str, currency: str) -> None:
    assert typed_in_words(typed, currency) == typed


def test_other_currencies_have_their_code() -> None:
    assert plain_amount("usd 1,000,000.5", "USD") == "1000000.5"
    assert typed_in_words("JPY 12,800", "JPY") == "JPY 12,800"


@pytest.mark.parametrize("typed", ["1,299.00", FULL_WIDTH])
def test_a_filing_takes_and_prints_it(
    browse: Browse, people: People, typed: str
) -> None:
    buyer = browse("buyer")
    order = ORDER | {"order.paid.amount": typed}
    second = step(buyer, 1, **(hidden(buyer.get("/cases/new")) | order))
    third = step(buyer, 2, **(hidden(second) | REASON))
    claim = CLAIM | {"claim.amount.amount": "¥1,000"}
    fourth = step(buyer, 3, **(hidden(third) | claim))
    assert "最多 ¥1,299.00。" in third.text
    assert "¥1,000.00" in fourth.text
    for page in (second, third, fourth):
        shown = re.sub(r"<input[^>]*>", "", page.text)
        assert "¥1,299.00" in shown
        assert not re.search(r"¥\s*(1299|[¥￥１])", shown)  # noqa: RUF001
    sent = buyer.upload("/cases/new/dispute", **(hidden(fourth) | NOTE))
    case = sent.headers["location"].removeprefix("/cases/").partition("?")[0]
    told = people.buyer.get(f"/v1/disputes/{case}").json()
    assert told["order"]["paid"] == DEAR
    assert told["claim"]["amount"] == DEAR | {"amount": "1000.00"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_filing_says_what_is_none_and_all_else_at_once(
    browse: Browse, lang: str
) -> None:
    buyer = browse("buyer", lang=lang)
    wrong = {"order.id": "o-\u202e7", "day": "2031-01-05"}
    for amount, said in (("12,34,5.678", NONE_SAID), ("1,299.005", TOO_FINE)):
        first = step(buyer, 1, **(ORDER | wrong | {"order.paid.amount": amount}))
        assert said[lang] in flaw(first, "order-paid-amount")
        for name in ("order-id", "day"):
            assert flaw(first, name), name
    # An id alone hides nothing either.
    two = step(buyer, 1, **(ORDER | wrong))
    assert re.findall(r'<li><a href="#([^"]+)">', two.text) == ["order-id", "day"]
    one = step(buyer, 1, **(ORDER | {"order.id": wrong["order.id"]}))
    assert re.findall(r'<li><a href="#([^"]+)">', one.text) == ["order-id"]


def test_an_offer_takes_it(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    filed = people.buyer.file(
        order=FILING["order"] | {"id": "o-9", "paid": DEAR},
        claim={"kind": "refund", "amount": DEAR},
    )
    case = CaseStory(people, background, clock, filed.json()["id"]).contested().id
    version, seller = version_of(people, case, "seller"), browse("seller")
    form = {"terms.kind": "refund", "terms.amount.currency": "CNY"}
    wrong = form | {"terms.amount.amount": "1,29.00"}
    refused = act(seller, case, "offers", version, **wrong)
    assert refused.status_code == 422
    assert NONE_SAID["zh"] in refused.text
    assert 'value="1,29.00"' in refused.text
    right = form | {"terms.amount.amount": "¥1,200.00"}
    assert act(seller, case, "offers", version, **right).status_code == 303
    told = people.buyer.get(f"/v1/disputes/{case}").json()
    assert told["offers"][-1]["terms"]["amount"]["amount"] == "1200.00"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_ruling_takes_it_and_no_more_than_the_claim(
    browse: Browse, people: People, background: Worker, clock: Clock, lang: str
) -> None:
    filed = people.buyer.file(
        order=FILING["order"] | {"id": "o-9", "paid": DEAR},
        claim={"kind": "refund", "amount": DEAR},
    )
    case = CaseStory(people, background, clock, filed.json()["id"]).to_rule().id
    mediator = browse("mediator", lang=lang)
    more = {"remedies.1.kind": "refund", "remedies.1.amount": "1,000.00"}
    first = {"remedies.0.amount": "1,299.00"}
    above = write(mediator, case, "send", **first, **more)
    assert above.status_code == 422
    alert = above.text.partition('role="alert"')[2].partition("</div>")[0]
    assert ABOVE[lang] in alert
    wrong = write(mediator, case, "send", **{"remedies.0.amount": "12,99.00"})
    assert wrong.status_code == 422
    assert NONE_SAID[lang] in flaw(wrong, "r-remedies-0-amount")
    # No sum is shown of what is none.
    assert "¥1,299.00" in shown(mediator, case, "preview", **first).text
    assert write(mediator, case, "send", **first).status_code == 303
    told = people.mediator.get(f"/v1/disputes/{case}").json()
    assert told["ruling"]["remedies"][0]["amount"] == DEAR


def test_the_api_stays_strict(people: People) -> None:
    money = DEAR | {"amount": "1,299.00"}
    answer = people.buyer.file(order=FILING["order"] | {"paid": money})
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert ("/order/paid/amount", "not-a-decimal") in [
        (one["pointer"], one["code"]) for one in errors
    ]

"""What a case waits for is one sentence, with the time as people read it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from application.cases.awaited_sentence import awaited_sentence
from application.cases.readable_values import amount_in_words, moment_in_words
from application.rules.rulebook import Rulebooks
from application.texts import LANGUAGES, texts
from domain.deadlines.deadline import Awaited
from domain.deadlines.waiting_on import SERVICE, Waiting
from domain.money import Money
from domain.roles import Party

POLICY = Rulebooks()["cn-default/1"].policy
NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
DUE = datetime(2026, 11, 28, 15, 39, 59, tzinfo=UTC)
EVIDENCE = Waiting(Party.BOTH, Awaited.EVIDENCE, DUE)
RULING = Waiting(Party.PLATFORM, Awaited.RULING, DUE)


@pytest.mark.parametrize(
    ("waiting", "zh", "en"),
    [
        (
            EVIDENCE,
            "请双方在 11 月 28 日 23:39 前提交凭证，逾期平台将按现有凭证裁决。",  # noqa: RUF001
            (
                "Waiting for both parties: submit your evidence by 28 November, 23:39"
                " (Beijing time); after that the platform decides on what is there."
            ),
        ),
        (
            RULING,
            "举证已结束，平台将在 11 月 28 日 23:39 前作出裁决，逾期将记录在案。",  # noqa: RUF001
            (
                "Waiting for the platform: it rules by 28 November, 23:39"
                " (Beijing time); being late is recorded."
            ),
        ),
        (
            replace(RULING, due=NOW - timedelta(hours=1)),
            (
                "平台未在 11 月 25 日 09:00 前完成裁决，逾期已记录在案，"  # noqa: RUF001
                "案件仍由平台处理。"
            ),
            (
                "Waiting for the platform: the ruling was due by 25 November, 09:00"
                " (Beijing time); being late is recorded, and the case still waits."
            ),
        ),
        (
            Waiting(Party.SELLER, Awaited.RESPONSE),
            "请卖家答复买家的诉求。",
            "Waiting for the seller: answer the claim.",
        ),
        (None, "案件已结案，无须处理。", "The case is closed; nobody is waited for."),  # noqa: RUF001
    ],
)
def test_it_reads_as_a_person_would_write_it(
    waiting: Waiting | None, zh: str, en: str
) -> None:
    assert awaited_sentence(waiting, POLICY, NOW, "zh") == zh
    assert awaited_sentence(waiting, POLICY, NOW, "en") == en


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("party", Party)
@pytest.mark.parametrize("awaited", [*Awaited, SERVICE])
def test_whatever_is_awaited_makes_a_sentence(
    awaited: str, party: Party, language: str
) -> None:
    for due in (None, DUE, NOW - timedelta(days=400)):
        said = awaited_sentence(Waiting(party, awaited, due), POLICY, NOW, language)
        assert said.endswith({"zh": "。", "en": "."}[language])
        assert not re.search(r"[{}]|  |\b[a-z]+-[a-z]+\b", said), said
        if due and awaited != SERVICE:
            assert re.search(r"\d\d:\d\d", said)


def test_nothing_is_awaited_without_words() -> None:
    for table in ("waiting", "awaited"):
        assert set(texts()[table]) == {*Awaited, SERVICE}


@pytest.mark.parametrize(
    ("moment", "zone", "zh", "en"),
    [
        (
            "2026-11-26T16:00:00Z",
            "Asia/Shanghai",
            "11 月 26 日 24:00",
            "the end of 26 November (Beijing time)",
        ),
        (
            # A day that was named without an hour: its last second stands for it.
            "2026-12-31T15:59:59Z",
            "Asia/Shanghai",
            "12 月 31 日 24:00",
            "the end of 31 December (Beijing time)",
        ),
        (
            "2026-11-26T16:00:30Z",
            "Asia/Shanghai",
            "11 月 27 日 00:00",
            "27 November, 00:00 (Beijing time)",
        ),
        (
            "2027-01-03T02:05:00Z",
            "Asia/Shanghai",
            "2027 年 1 月 3 日 10:05",
            "3 January 2027, 10:05 (Beijing time)",
        ),
        (
            "2026-11-26T16:00:00Z",
            "Europe/Berlin",
            "11 月 26 日 17:00（Europe/Berlin 时间）",  # noqa: RUF001
            "26 November, 17:00 (Europe/Berlin time)",
        ),
    ],
)
def test_a_time_is_said_in_its_zone(moment: str, zone: str, zh: str, en: str) -> None:
    at = datetime.fromisoformat(moment)
    assert moment_in_words(at, zone, NOW, "zh") == zh
    assert moment_in_words(at, zone, NOW, "en") == en


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Money(12_900, "CNY"), "¥129.00"),
        (Money(123_456_789, "CNY"), "¥1,234,567.89"),
        (Money(510, "EUR"), "EUR 5.10"),
        (Money(1_500, "JPY"), "JPY 1,500"),
    ],
)
def test_an_amount_has_the_sign_of_the_yuan(amount: Money, said: str) -> None:
    assert amount_in_words(amount) == said

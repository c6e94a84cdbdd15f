"""Mistakes in a policy profile: each is named with its place, all at once."""

from __future__ import annotations

import pytest

from domain.deadlines.time_limits import LimitName
from domain.policy.toml_decoder import Mistaken
from tests.domain.test_policy import GOOD, read, with_


def mistakes(text: str) -> tuple[str, ...]:
    with pytest.raises(Mistaken) as raised:
        read(text)
    assert isinstance(raised.value, ValueError)
    return raised.value.mistakes


@pytest.mark.parametrize("name", sorted(LimitName))
def test_a_missing_limit_is_named(name: str) -> None:
    line = next(one for one in GOOD.splitlines() if one.startswith(f"{name} = "))
    assert mistakes(with_(line + "\n", "")) == (f"limits.{name}: missing",)


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ('name = "cn-default"\n', "", "name: missing"),
        ('"cn-default"', '"CN/1"', "name: Expected `str` matching regex"),
        ("version = 1\n", "", "version: missing"),
        ("version = 1\n", "version = 0\n", "version: Expected `int` >= 1"),
        ("version = 1\n", 'version = "1"\n', "version: Expected `int`, got `str`"),
        ("in_force_from = 2026-01-01\n", "", "in_force_from: missing"),
        ("2026-01-01", '"soon"', "in_force_from: Invalid RFC3339"),
        ('"pending-keep-old"\nzone', '"whatever"\nzone', "transition: Invalid enum"),
        ('"Asia/Shanghai"', '"Mars"', "zone: there is no time zone 'Mars'"),
        ('"Asia/Shanghai"', '"../x"', "zone: there is no time zone '../x'"),
        ('calendar = "CN"', 'calendar = "XX"', "calendar: there is no 'XX'"),
        ("closes = 18", "closes = 08", "window: closes before it opens"),
        ("closes = 18", "closes = 09", "window: closes before it opens"),
        ("closes = 18:00", "closes = 09:59", "window: is open for less than an hour"),
        ("closes = 18:00:00", "closes = 18", "window.closes: Expected `time`"),
        ("opens =", "open =", "window.open: unknown"),
        ('["CNY", "HKD", "MOP", "TWD", "USD", "EUR", "JPY"]', "[]", "currencies: Exp"),
        ('"HKD"', '"hkd"', "currencies: Expected `str` matching regex"),
        ('proof = "proof/1"\n', "", "proof: missing"),
        ('"proof/1"', '"proof"', "proof: 'proof' names no version"),
        ('"proof/1"', '"proof/0"', "proof: 'proof/0' names no version"),
        ('"proof/1"', '"proof/9"', "proof: there is no 'proof/9'"),
        ("facts_minimum = 5", "facts_minimum = 0", "facts_minimum: Expected `int` >="),
        ("_points = 1", "_points = -1", "standing_points: Expected `int` >= 0"),
        ("retention = 3", "retention = 0", "retention: Expected `int` >= 1"),
        ("retention = 3", "", "retention: missing"),
        ('filing = "15 days"', 'filing = "0 days"', "limits.filing: '0 days' is not m"),
        ('filing = "15 days"', 'filing = "-1 days"', "limits.filing: '-1 days' is not"),
        ('filing = "15 days"', 'filing = "soon"', "limits.filing: 'soon' is not '<n>"),
        ('filing = "15 days"', "filing = 15", "limits.filing: '15' is not '<n> hours'"),
        ("[limits]", '[limits]\nnap = "1 day"', "limits.nap: there is no such limit"),
        ('\nruling = "8 days"', '\nnap = "1 day"', "extensions.nap: there is no such"),
        ('\nruling = "8 days"', '\nruling = "-8 days"', "extensions.ruling: '-8 days'"),
        (
            '\nruling = "8 days"',
            '\nruling = "8 working days"',
            "extensions.ruling: 8 working days runs by another clock than limits",
        ),
        ('negotiation = "3 days"', 'negotiation = "1 day"', "limits.offer-answer: 2 d"),
        ("[silence]", "[silence]\nnap = 1", "silence.nap: unknown"),
        ('response = "may-escalate"\n', "", "silence.response: missing"),
        ('response = "may-escalate"', 'response = "nap"', "silence.response: Invalid"),
        (
            'escalation = "escalate"',
            'escalation = "may-escalate"',
            "silence.escalation: the case would be left lying",
        ),
        ('CNY = "5000.00"', 'GBP = "5"', "four_eyes.GBP: is none of the profile's"),
        ('CNY = "5000.00"', 'CNY = "5.001"', "four_eyes.CNY: '5.001' is no amount"),
        ('CNY = "5000.00"', 'CNY = "-5"', "four_eyes.CNY: '-5' is no amount: negative"),
        ('CNY = "5000.00"', 'CNY = "0"', "four_eyes.CNY: '0' is not more than zero"),
        ("name =", "nap = 1\nname =", "nap: unknown"),
        ("[limits]", "[limits", "not TOML: "),
        ("[four_eyes]\n", "four_eyes = 1\n#", "silence.four_eyes: unknown"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, mistake: str) -> None:
    (found,) = mistakes(with_(old, new))
    assert found.startswith(mistake)


@pytest.mark.parametrize(
    ("more", "mistake"),
    [
        ("[by_category.toys]", "by_category.toys: there is no such category"),
        ("[by_reason.mood]", "by_reason.mood: there is no such reason"),
        ("[by_reason.quality]", "by_reason.quality: there is no such reason"),
        (
            '[by_reason.defect]\nnap = "1 day"',
            "by_reason.defect.nap: there is no such limit",
        ),
        (
            '[by_reason.defect]\nruling = "0 days"',
            "by_reason.defect.ruling: '0 days' is not more than zero",
        ),
        (
            '[by_reason.defect]\nevidence = "4 window hours"',
            (
                "extensions.evidence: 2 days runs by another clock than "
                "by_reason.defect (4 window hours)"
            ),
        ),
        (
            '[by_category.invoice]\nnegotiation = "1 day"',
            (
                "by_category.invoice.offer-answer: 2 days is longer than "
                "negotiation, 1 day"
            ),
        ),
        ("[by_reason]\ndefect = 1", "by_reason.defect: not a table"),
    ],
)
def test_a_mistake_in_what_overrides_is_named(more: str, mistake: str) -> None:
    assert mistakes(f"{GOOD}\n{more}\n") == (mistake,)


@pytest.mark.standard("5 limits by category and reason, every error named on load")
def test_every_mistake_is_named_at_once() -> None:
    text = with_("closes = 18", "closes = 08").replace('"proof/1"', '"proof"')
    text = text.replace('filing = "15 days"\n', "").replace('"7 days"', '"x"', 1)
    text = text.replace('negotiation = "may-escalate"', 'negotiation = "nap"')
    found = mistakes(f'{text}\n[by_reason.mood]\nruling = "-1 days"\n')
    places = sorted(one.partition(":")[0] for one in found)
    assert places == [
        "by_reason.mood",
        "by_reason.mood.ruling",
        "limits.escalation",
        "limits.filing",
        "proof",
        "silence.negotiation",
        "window",
    ]


def test_an_empty_file_lacks_everything() -> None:
    found = mistakes("")
    assert {f"{name}: missing" for name in ("name", "limits", "silence", "proof")} <= {
        *found
    }
    assert all(one.endswith(": missing") for one in found)

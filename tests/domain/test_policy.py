"""Policy profiles: what they set, what wins, and every mistake named at once."""

from __future__ import annotations

from datetime import date, time
from importlib.resources import files

import pytest

from domain.deadlines.time_limits import LimitName, LimitUnit
from domain.policy.profile import Policy, Silence, Transition, load
from tests.samples import BOOKS, BUYER, NOW, RULES, context

GOOD = files("domain").joinpath("policy", "cn-default-1.toml").read_text("utf-8")
CODES = BOOKS.codes
SHIPPED = ("cn-default/1", "jd-like/1", "wechat-like/1")

# domain.md, section 5; below the line those that only this profile sets.
STANDARD = {
    "filing": "15 days",
    "admission": "1 working day",
    "response": "1 working day",
    "negotiation": "3 days",
    "offer-answer": "2 days",
    "evidence": "3 days",
    "inspection-pause": "30 days",
    "ruling": "7 days",
    "performance-money": "24 hours",
    "performance-goods": "72 hours",
    "performance-return": "7 days",
    "performance-refund-after-return": "7 days",
    "confirmation": "7 days",
    "appeal": "7 days",
    "appeal-decision": "7 days",
    "sanction-publication": "1 working day",
    # ---
    "escalation": "7 days",
    "escalation-seller": "3 days",
    "voluntary": "24 hours",
    "enforcement": "1 working day",
    "suspension": "30 days",
    "suspension-proof": "7 working days",
    "suspension-review": "90 days",
    "inquiry": "7 days",
}


def read(text: str) -> Policy:
    return load(text, CODES, proofs=["proof/1"], calendars=["CN"])


def with_(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


@pytest.mark.standard("5 the limits and their defaults")
def test_the_default_profile_is_the_standard() -> None:
    policy = BOOKS["cn-default/1"].policy
    assert {name: str(policy.limit(LimitName(name))) for name in STANDARD} == STANDARD
    assert set(STANDARD) == set(LimitName)
    extensions = {name: str(limit) for name, limit in policy.extensions.items()}
    assert extensions == {"evidence": "2 days", "ruling": "8 days"}
    assert policy.four_eyes == {"CNY": 500_000}
    assert (policy.facts_minimum, policy.standing_points) == (5, 1)
    assert policy.retention == 3
    assert (policy.window.opens, policy.window.closes) == (time(9), time(18))
    assert policy.in_force_from == date(2026, 1, 1)
    assert policy.transition is Transition.KEEP_OLD


@pytest.mark.standard("5 two more profiles show that nothing is hard-wired")
def test_three_profiles_ship_and_use_all_clocks() -> None:
    assert set(SHIPPED) <= set(BOOKS.ids)
    policies = [BOOKS[one].policy for one in SHIPPED]
    used = {limit.unit for one in policies for limit in one.limits.values()}
    assert used == set(LimitUnit)
    jd, wechat = policies[1:]
    assert str(jd.limit(LimitName.RESPONSE)) == "24 hours"
    assert str(jd.limit(LimitName.EVIDENCE)) == "4 window hours"
    assert str(jd.limit(LimitName.PERFORMANCE_MONEY)) == "24 hours"
    assert jd.silence.response is Silence.ESCALATE
    assert str(wechat.limit(LimitName.RESPONSE)) == "48 hours"
    assert str(wechat.limit(LimitName.ESCALATION)) == "7 days"
    assert wechat.silence.escalation is Silence.WITHDRAW


@pytest.mark.standard("5 limits by category and reason, every error named on load")
@pytest.mark.parametrize(
    ("category", "reason", "length"),
    [
        ("", "", "1 working day"),
        ("service", "seller-conduct", "1 working day"),
        ("quality", "", "2 days"),
        ("quality", "malfunction", "2 days"),
        ("quality", "defect", "3 days"),
        ("", "defect", "3 days"),
        ("imported", "unheard-of", "1 working day"),
    ],
)
def test_the_most_specific_limit_wins(category: str, reason: str, length: str) -> None:
    policy = read(
        GOOD
        + '[by_category.quality]\nresponse = "2 days"\n'
        + '[by_reason.defect]\nresponse = "3 days"\n'
    )
    assert str(policy.limit(LimitName.RESPONSE, category, reason)) == length
    assert str(policy.limit(LimitName.ADMISSION, category, reason)) == "1 working day"


def test_a_context_knows_what_the_case_is_about() -> None:
    rules = BOOKS["wechat-like/1"]
    general = context(BUYER)
    assert (general.category, general.reason) == ("", "")
    about = general.about("delivery", "lost-parcel")
    assert (about.now, about.rules) == (NOW, RULES)
    assert (about.category, about.reason) == ("delivery", "lost-parcel")
    own = rules.policy.limit(LimitName.RESPONSE, about.category, about.reason)
    assert str(own) == "24 hours"


def test_window_and_overrides_may_be_left_out() -> None:
    policy = read(with_("window = { opens = 09:00:00, closes = 18:00:00 }\n", ""))
    assert (policy.window.opens, policy.window.closes) == (time(9), time(18))
    assert policy.by_category == policy.by_reason == {}

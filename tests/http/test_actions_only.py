"""Who knows nothing but what a case offers can bring it to its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interface.bootstrap import System, wire
from interface.run.worker import Worker
from interface.settings import settings
from tests.conftest import Clock
from tests.http.action_client import ActionClient
from tests.http.conftest import FILING, People

PAID = {"amount": "129.00", "currency": "CNY"}
DEAR = {"amount": "9000.00", "currency": "CNY"}

Filing = tuple[str, str, str, dict[str, str]]
CASES: dict[str, tuple[Filing, ...]] = {
    "cn-default/1": (
        ("quality", "defect", "refund", PAID),
        ("delivery", "not-received", "reship", PAID),
        ("invoice", "invoice-refused", "reissue-invoice", PAID),
        ("quality", "counterfeit-suspected", "return-and-refund", DEAR),
    ),
    "jd-like/1": (
        ("delivery", "damaged-in-transit", "replace", PAID),
        ("service", "promise-not-kept", "compensation", PAID),
        ("return-refund", "refund-blocked", "refund", DEAR),
        ("other", "other", "service-improvement", PAID),
    ),
    "wechat-like/1": (
        ("quality", "malfunction", "repair", PAID),
        ("delivery", "wrong-item", "return-and-refund", PAID),
        ("return-refund", "freight-cost", "price-difference", PAID),
        ("quality", "not-as-described", "refund", DEAR),
    ),
}
PAYING = {"refund", "return-and-refund", "price-difference", "compensation"}
DECIDED = {"settled", "ruled", "enforced", "enforcement-failed"}
MOST_TRIES = 20
"""Some cases are refused, withdrawn or referred; one of each has to be decided."""


@pytest.fixture
def system(
    url: str, tmp_path: Path, clock: Clock, request: pytest.FixtureRequest
) -> Iterator[System]:
    read = settings.read(
        {
            "REDRESS_HOME": str(tmp_path),
            "REDRESS_POLICY": request.param,
            "DATABASE_URL": url,
        }
    )
    one = wire(read, url, url, clock)
    yield one
    one.close()


@pytest.mark.parametrize("system", CASES, indirect=True)
def test_following_the_actions_leads_every_case_to_its_end(
    people: People, background: Worker, clock: Clock, system: System
) -> None:
    for filing in CASES[system.settings.policy]:
        outcomes = []
        for seed in range(MOST_TRIES):
            path = _filed(people, filing, seed)
            case = ActionClient(people, background, clock, seed).lead(path)
            background.catch_up()
            assert case["phase"] == "closed"
            outcomes.append(case["outcome"])
            if case["outcome"] in DECIDED:
                break
        assert set(outcomes) & DECIDED, outcomes


def _filed(people: People, filing: Filing, number: int) -> str:
    category, reason, kind, paid = filing
    claim: dict[str, Any] = {"kind": kind}
    if kind in PAYING:
        claim["amount"] = paid
    order = {"id": f"o-{reason}-{number}", "line": "1", "paid": paid}
    changes = {"category": category, "reason": reason, "claim": claim, "order": order}
    response = people.buyer.post("/v1/disputes", FILING | changes)
    assert response.status_code == 201, response.text
    return str(response.headers["Location"])

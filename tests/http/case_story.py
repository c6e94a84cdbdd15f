"""A case on its way through HTTP, and the bodies of its steps."""

from __future__ import annotations

from typing import Any

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import FILING, People, file_for

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
AMOUNT = {"amount": "129.00", "currency": "CNY"}
REFUND = {"kind": "refund", "amount": AMOUNT}
WEIGHED = {"authentic": True, "relevant": True, "legal": True}
REASON = {
    "issue": "Was it defective?",
    "finding": "The photo shows the crack.",
    "rule": {"id": "proof", "version": "1", "article": "visible-defect"},
    "burden": "buyer",
}
RULING = {
    "liability": "seller",
    "remedies": [REFUND],
    "reasons": [REASON | {"relied_on": [1]}],
}


OF_CASES = ("sequencer", "standing", "views")
"""The parts of the worker that cases are shown by; log and audit take as long again."""


class CaseStory:
    """A case on its way: who does what, and how time passes."""

    picture = PNG

    def __init__(
        self,
        people: People,
        background: Worker,
        clock: Clock,
        case: str | None = None,
    ) -> None:
        self.people, self._background, self._clock = people, background, clock
        self.id = case or file_for(people)
        background.catch_up(*OF_CASES)

    def act(self, role: str, action: str, body: Any = None, who: str = "") -> Any:
        person = getattr(self.people, role)
        if who:
            person = self.people.named(role, who)
        shown = person.act(self.id, action, body)
        self._background.catch_up(*OF_CASES)
        return shown

    def refused(self, role: str, action: str, body: Any = None, who: str = "") -> Any:
        person = getattr(self.people, role)
        if who:
            person = self.people.named(role, who)
        before = self.seen()["version"]
        response = person.post(f"/v1/disputes/{self.id}/{action}", body)
        assert response.status_code >= 400, response.text
        assert self.seen()["version"] == before
        return response.json()

    def passes(self, days: int) -> Any:
        for _ in range(days):
            self._clock.forward(days=1)
            self._background.catch_up(*OF_CASES)
        return self.seen()

    def seen(self, role: str = "supervisor") -> Any:
        return getattr(self.people, role).get(f"/v1/disputes/{self.id}").json()

    def admitted(self) -> CaseStory:
        self.act("mediator", "admission", {})
        return self

    def contested(self) -> CaseStory:
        self.admitted()
        answer = {"position": "contest", "statement": "It left us whole."}
        self.act("seller", "seller-response", answer)
        return self

    def escalated(self) -> CaseStory:
        self.contested()
        self.act("buyer", "escalation", {"trigger": "no-agreement"})
        assert self.people.buyer.upload(self.id, self.picture).status_code == 201
        return self

    def to_rule(self) -> CaseStory:
        self.escalated()
        self.passes(3)
        self.act("mediator", "evidence/1/assessment", WEIGHED)
        return self

    def ruled(self, **changes: Any) -> CaseStory:
        self.to_rule()
        self.act("mediator", "ruling", RULING | changes)
        return self

    def events(self) -> list[str]:
        path = f"/v1/audit/disputes/{self.id}"
        history = self.people.auditor.get(path).json()
        return [recorded["type"] for recorded in history["facts"]]


__all__ = [
    "AMOUNT",
    "FILING",
    "PNG",
    "REASON",
    "REFUND",
    "RULING",
    "WEIGHED",
    "CaseStory",
]

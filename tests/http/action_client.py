"""A client that follows what a case offers, and knows nothing else of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import httpx

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import OF_CASES
from tests.http.conftest import People, Person
from tests.http.field_values import filled

MOST_STEPS = 150
SILENCE = 0.25
"""How often somebody does not do in time what is awaited."""
CURIOSITY = 0.2
"""How often somebody does something that nobody waits for."""

Move = tuple[Person, dict[str, Any]]

NAMED = {
    *("currency", "id", "version", "article", "file", "mediator"),
    *("obligation", "relied_on", "set_aside"),
}
"""Fields that hold names or numbers and not codes: of rules, people, files, items."""


class ActionClient:
    """A case that is led to its end by those whom it waits for."""

    def __init__(
        self, people: People, background: Worker, clock: Clock, seed: int
    ) -> None:
        self._background, self._clock = background, clock
        self._rng = Random(seed)
        staff = [people.named("mediator", f"m-{n}") for n in (1, 2)]
        above = [people.named("supervisor", f"v-{n}") for n in (1, 2, 3, 4)]
        self._sides = {
            "buyer": [people.buyer],
            "seller": [people.seller],
            "platform": staff + above,
            "both": [people.buyer, people.seller],
        }
        self._reader = people.auditor
        self.done: list[str] = []

    def lead(self, path: str) -> Any:
        """Follow a case until nobody is waited for; return it."""
        for _ in range(MOST_STEPS):
            self._background.catch_up(*OF_CASES)
            case = self._reader.get(path).json()
            if case["waiting_on"] is None:
                return case
            self._step(path, case["waiting_on"])
        raise AssertionError(f"not closed after {self.done}")

    def _step(self, path: str, waiting: dict[str, Any]) -> None:
        rng = self._rng
        if rng.random() < CURIOSITY and self._act(self._moves(path, "any")):
            return
        due = waiting["due"] and datetime.fromisoformat(waiting["due"])
        runs = due is not None and due > self._clock.now
        silent = runs and rng.random() < SILENCE
        if not silent and self._act(self._moves(path, waiting["party"])):
            return
        assert runs, f"stuck, waiting for {waiting} after {self.done}"
        self._clock.now = due + timedelta(seconds=1)
        self.done.append(f"until {due}")

    def _moves(self, path: str, party: str) -> list[Move]:
        """List what one person can do of what is awaited of a side, or besides."""
        if party == "any":
            who = self._rng.choice([*self._sides["both"], *self._sides["platform"]])
            return [(who, one) for one in _offered(who, path) if not one["awaited"]]
        side = self._sides[party]
        for who in self._rng.sample(side, len(side)):
            awaited = [(who, one) for one in _offered(who, path) if one["awaited"]]
            if awaited:
                return awaited
        return []

    def _act(self, moves: list[Move]) -> bool:
        if not moves:
            return False
        who, action = self._rng.choice(moves)
        fields = [self._listed(who, one) for one in action["fields"]]
        body = filled(fields, self._rng)
        response = _sent(who, action, body)
        said = f"{action['name']} {body}: {response.text[:600]} after {self.done}"
        assert response.status_code in {200, 201}, said
        self.done.append(action["name"])
        return True

    def _listed(self, who: Person, field: dict[str, Any]) -> dict[str, Any]:
        """Return a field with what it may hold, where that is a list elsewhere."""
        if "href" not in field:
            inner = [self._listed(who, one) for one in field.get("fields", ())]
            return field | {"fields": inner}
        listed = who.get(field["href"]).json()["items"]
        rules = who.get(self._rng.choice(listed)["href"]).json()
        return field | {"possible": [one["rule"] for one in rules["articles"]]}


def _offered(who: Person, path: str) -> list[dict[str, Any]]:
    answer = who.get(path)
    # A seller is shown nothing before the admission.
    actions = [] if answer.status_code == 404 else list(answer.json()["actions"])
    for one in actions:
        assert one["label"]
        assert list(wordless(one["fields"])) == []
    return actions


def wordless(fields: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the fields without a label, and the codes without words."""
    for field in fields:
        if "label" not in field:
            yield str(field["name"])
        if field["name"] not in NAMED:
            yield from set(field.get("codes", ())) - field.get("words", {}).keys()
        yield from wordless(field.get("fields", ()))


def _sent(who: Person, action: dict[str, Any], body: dict[str, Any]) -> httpx.Response:
    file = body.pop("file", None)
    if file is None:
        return who.post(action["href"], body)
    texts = {name: str(one).lower() for name, one in body.items() if one is not None}
    headers = who.headers | {"Idempotency-Key": str(uuid4()), "If-Match": "*"}
    return who.http.post(
        action["href"], files={"file": file}, data=texts, headers=headers
    )

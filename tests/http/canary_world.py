"""Two platforms with the same pseudonyms, and words that tell whose each text is.

A canary is `cnry-<case>-<kind>`; every answer is searched for those of cases, and for
the ids of cases, that its reader may not see.
"""

from __future__ import annotations

import re
from random import Random
from typing import Any
from uuid import UUID

from litestar.testing import TestClient
from msgspec import Struct

from domain.roles import Role
from interface.bootstrap import System
from interface.callers.caller import Caller
from interface.run.worker import Worker
from tests.http.case_story import PNG
from tests.http.conftest import FILING, People, Person

PLATFORMS = ("shop", "mall")
BUYERS, SELLERS = ("b-1", "b-2", "b-3"), ("s-1", "s-2")
STAFF = (Role.MEDIATOR, Role.SUPERVISOR)
OVERSEERS = (Role.AUDITOR, Role.REGULATOR, Role.ANALYST)
CANARY = re.compile(rb"cnry-(\d+)-(\w+)")
_TYPED = re.compile(rb'"path":"[^"]*"')
_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


FEED = b"GET /v1/events"


class CanaryCase(Struct, kw_only=True):
    """A case, and who may know of it. `steps`: how far it has come."""

    number: int
    id: str
    platform: str
    buyer: str
    seller: str
    is_told: bool = False
    recused: frozenset[str] = frozenset()
    order: str = ""

    def word(self, kind: str) -> str:
        """Return a canary: `kind` is "both", "buyer", "seller", "desk" or "goods"."""
        return f"cnry-{self.number}-{kind}"

    def concerns(self, caller: Caller) -> bool:
        """Tell whether a caller may know of the case."""
        if caller.platform not in {None, self.platform}:
            return False
        match caller.role:
            case Role.BUYER:
                return caller.subject == self.buyer
            case Role.SELLER:
                return caller.subject == self.seller and self.is_told
            case Role.ANALYST:
                return False
            case role if role in STAFF:
                return caller.subject not in {self.buyer, self.seller, *self.recused}
            case _:
                return True

    def is_known_to(self, caller: Caller) -> bool:
        """Tell whether a caller may know that the case exists.

        Staff may of all cases of the platform: who is barred from one is told so.
        """
        here = caller.role in STAFF and caller.platform == self.platform
        return here or self.concerns(caller)

    def is_told_in_feed(self, caller: Caller, asked: bytes) -> bool:
        """Tell whether a caller is told of the case in the feed, and there alone.

        Analysts are: of what was bought, and of nothing that a person wrote.
        """
        here = caller.platform in {None, self.platform}
        return FEED in asked and caller.role is Role.ANALYST and here

    def shows(self, caller: Caller, kind: str) -> bool:
        """Tell whether a caller may read the case's canaries of a kind."""
        if not self.concerns(caller):
            return False
        if caller.role in {Role.BUYER, Role.SELLER}:
            return kind in {"both", "goods", caller.role}
        return True


class Leak(Struct, frozen=True):
    """What somebody was shown who may not see it."""

    who: str
    asked: str
    status: int
    shown: str


class CanaryWorld:
    """The cases of two platforms, and everybody who asks about them."""

    def __init__(self, http: TestClient[Any], system: System, worker: Worker) -> None:
        self.http, self._worker, self._system = http, worker, system
        self._people = People(http, system)
        self.cases: list[CanaryCase] = []
        self.callers = [*self._everybody()]
        self._persons = {one: Person(http, system, one) for one in self.callers}

    def person(self, caller: Caller) -> Person:
        return self._persons[caller]

    def _everybody(self) -> Any:
        for platform in PLATFORMS:
            yield from (self._caller(Role.BUYER, one, platform) for one in BUYERS)
            yield from (self._caller(Role.SELLER, one, platform) for one in SELLERS)
            yield self._caller(Role.PLATFORM, "app", platform)
            for role in STAFF:
                for one in ("m-1", "m-9", "b-1", "s-1"):
                    yield self._caller(role, one, platform)
            yield from (self._caller(one, f"{one[0]}-1", platform) for one in OVERSEERS)
        yield from (self._caller(one, f"{one[0]}-1", None) for one in OVERSEERS)

    @staticmethod
    def _caller(role: Role, subject: str, platform: str | None) -> Caller:
        return Caller(role=role, subject=subject, platform=platform)

    def _named(self, role: str, subject: str, platform: str) -> Person:
        return self._people.named(role, subject, platform)

    def populate(self, rounds: int = 1) -> None:
        """File cases of everybody with everybody, on both platforms, each some way."""
        for _ in range(rounds):
            for platform in PLATFORMS:
                for buyer in BUYERS:
                    for seller in SELLERS:
                        self.file(platform, buyer, seller)
        for platform in PLATFORMS:
            self._oversee(platform)
        self._worker.catch_up()

    def _oversee(self, platform: str) -> None:
        """Let auditors read, by a grant that names a case."""
        one = next(case for case in self.cases if case.platform == platform)
        grant = {
            "reader": "a-1",
            "role": "auditor",
            "begins": "2026-03-01T00:00:00+08:00",
            "ends": "2026-12-01T00:00:00+08:00",
            "purpose": "Audit",
            "disputes": [one.id],
        }
        boss = self._named("supervisor", "v-1", platform)
        assert boss.post("/v1/audit/grants", grant).status_code == 201
        reader = self._named("auditor", "a-1", platform)
        assert reader.get(f"/v1/disputes/{one.id}").status_code == 200

    def file(self, platform: str, buyer: str, seller: str) -> CanaryCase:
        """File a case and take it as far as its number says."""
        number = len(self.cases)
        one = CanaryCase(
            number=number, id="", platform=platform, buyer=buyer, seller=seller
        )
        # Two buyers dispute one order: what is counted over it must not tell on them.
        one.order = f"o-{platform}-{seller}-{number // 12}"
        title = {"title": one.word("goods"), "sku": one.word("goods")}
        filed = self._named("buyer", buyer, platform).file(
            seller=seller,
            facts=one.word("both"),
            contact=f"{one.word('buyer')}@example.com",
            evidence_note=one.word("both"),
            order=FILING["order"] | {"id": one.order, "snapshot": title},
        )
        assert filed.status_code == 201, filed.text
        one.id = filed.json()["id"]
        self.cases.append(one)
        self._go_on(one)
        return one

    def _go_on(self, one: CanaryCase) -> None:
        if one.number % 4 == 0:
            # Filed only: its seller does not know of it.
            return
        desk = self._named("mediator", "m-1", one.platform)
        desk.act(one.id, "admission", {"note": one.word("desk")})
        one.is_told = True
        desk.act(one.id, "notes", {"text": one.word("desk")})
        seller = self._named("seller", one.seller, one.platform)
        buyer = self._named("buyer", one.buyer, one.platform)
        said = {"position": "contest", "statement": one.word("both")}
        seller.act(one.id, "seller-response", said)
        buyer.act(one.id, "messages", {"text": one.word("both")})
        if one.number % 4 == 2:
            return
        buyer.act(one.id, "escalation", {"trigger": "no-agreement"})
        buyer.upload(one.id, PNG, note=one.word("both"))
        if one.number % 4 == 3:
            conflict = {"mediator": "m-9", "conflict": one.word("desk")}
            boss = self._named("supervisor", "v-1", one.platform)
            boss.act(one.id, "recusal", conflict)
            one.recused = frozenset({"m-9"})

    def look_again(self, path: str) -> None:
        """Learn from the record who is part of a case that a command has changed."""
        for one in self.cases:
            if one.id in path:
                dispute = self._system.disputes.find(UUID(one.id)).dispute
                one.is_told = not dispute.seller_unaware
                one.recused = frozenset(dispute.recused)

    def leaks_in(self, caller: Caller, asked: bytes, answer: Any) -> list[Leak]:
        """Return what an answer shows that its reader may not see.

        What the request itself said may be said again.
        """
        said, shown = answer.content, []
        if b"/v1/audit/access-log" in asked:
            # What auditors typed is theirs: it need not be of a case of the platform.
            said = _TYPED.sub(b"", said)
        for number, kind in set(CANARY.findall(said)):
            if int(number) >= len(self.cases):
                continue
            one = self.cases[int(number)]
            word = one.word(kind.decode())
            if kind == b"goods" and one.is_told_in_feed(caller, asked):
                continue
            if word.encode() not in asked and not one.shows(caller, kind.decode()):
                shown.append(word)
        ids = {one.id.encode(): one for one in self.cases}
        shown += [
            found.decode()
            for found in set(_ID.findall(said)) & ids.keys()
            if found not in asked
            and not ids[found].is_known_to(caller)
            and not ids[found].is_told_in_feed(caller, asked)
        ]
        who, what = caller.in_log, asked.decode("utf-8", "replace")[:300]
        return [Leak(who, what, answer.status_code, one) for one in shown]


def anybody_elses(chance: Random, world: CanaryWorld) -> str:
    """Return the id of any case, or one that there is not."""
    if chance.random() < 0.03:
        return str(UUID(int=chance.getrandbits(128), version=4))
    return chance.choice(world.cases).id

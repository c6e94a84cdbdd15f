"""Two platforms with people of the same names, and all that happens on one of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from msgspec.structs import replace

from application.jobs.seller_standing import StandingRecorded
from application.privacy.erasure_approvals import ErasureApprovals
from application.privacy.erasure_requests import ErasureRequest
from application.privacy.sealing_keys import with_keys
from application.record.envelope import Recorded
from domain.case.evolve import fold
from domain.identity import standing_key
from domain.roles import RULES, Actor, Party, Role
from domain.sanctions.events import SanctionImposed, SanctionPublished
from domain.standing import FaultRecorded
from interface.bootstrap import System
from interface.run.worker import Worker
from tests.http.case_story import PNG
from tests.http.conftest import FILING, People, Person
from tests.http.test_recorded_reads import ROUTES
from tests.sample_events import EVENTS, FILED

HERE, ELSEWHERE = "shop", "other"
SUBJECTS = {
    "buyer": "b-1",
    "seller": "s-1",
    "mediator": "m-1",
    "supervisor": "v-1",
    "platform": "p-1",
    "auditor": "a-1",
    "regulator": "r-1",
    "analyst": "y-1",
}
WORDS = "Only here: the kettle of platform one."
FILTERS: dict[str, tuple[str, ...]] = {
    "buyer": ("b-1",),
    "seller": ("s-1",),
    "actor": tuple(SUBJECTS.values()),
    "assignee": ("m-1", ""),
    "reader": ("a-1", "r-1", "v-1"),
    "imported_from": ("old-desk",),
    "source": ("old-desk", ""),
}
"""Every parameter that names somebody, or a system; `dispute` is added by the test."""

PUBLIC_BY_PSEUDONYM = {"/v1/sanctions"}
"""Public routes that take a pseudonym; the others hold nothing of a case."""

OF_THE_LEDGER = {"position"}
"""What counts all events of the installation, whose number is public in the log."""


def asked_routes() -> Iterator[tuple[str, set[str]]]:
    for path, handler in ROUTES.items():
        if "public" not in handler.opt or path in PUBLIC_BY_PSEUDONYM:
            names = {one.rstrip("_") for one in handler.parsed_fn_signature.parameters}
            yield path, names


ASKED = dict(asked_routes())
Answers = dict[tuple[str, str, str], tuple[int, Any]]


def someone(people: People, role: str, platform: str) -> Person:
    return people.named(role, SUBJECTS[role], platform)


def queries(
    path: str, names: set[str], ids: dict[str, str]
) -> Iterator[dict[str, str]]:
    needed = {"from": "1", "to": "2"} if "from" in names and "to" in names else {}
    needed |= {"platform": ELSEWHERE} if path in PUBLIC_BY_PSEUDONYM else {}
    yield needed
    for name in sorted(names & FILTERS.keys()):
        for value in FILTERS[name]:
            yield needed | {name: value}
    if "dispute" in names:
        yield needed | {"dispute": ids["dispute_id"]}


def answers(people: People, ids: dict[str, str]) -> Answers:
    """Ask every route with every filter, as each of the people elsewhere."""
    found: Answers = {}
    for role in SUBJECTS:
        person = someone(people, role, ELSEWHERE)
        for path, names in ASKED.items():
            for query in queries(path, names, ids):
                answer = person.get(path.format(**ids), **query)
                shown = {**query, "dispute": ""} if "dispute" in query else query
                key = (role, path, json.dumps(shown, sort_keys=True))
                found[key] = (answer.status_code, comparable(path, answer))
    return found


def comparable(path: str, answer: Any) -> Any:
    kind = answer.headers.get("content-type", "")
    if "json" not in kind or "ndjson" in kind:
        return answer.content
    body = answer.json()
    if isinstance(body, dict):
        # Each request has its own.
        body.pop("request_id", None)
    # Reading is recorded, so that the access log grows by being asked.
    if path == "/v1/audit/access-log" and answer.status_code == 200:
        return {(one["reader"], one["platform"]) for one in body["items"]} - {
            (subject, ELSEWHERE) for subject in SUBJECTS.values()
        }
    return without(body, OF_THE_LEDGER)


def without(value: Any, names: set[str]) -> Any:
    match value:
        case dict():
            return {k: without(v, names) for k, v in value.items() if k not in names}
        case list():
            return [without(one, names) for one in value]
        case _:
            return value


def happen(people: People, system: System, background: Worker) -> dict[str, str]:
    """Let happen on the first platform whatever leaves a trace; return its ids."""
    boss = someone(people, "supervisor", HERE)
    added = boss.post("/v1/webhooks", {"url": "https://8.8.8.8/hook"})
    webhook = added.json()["webhook"]["id"]
    buyer, staff = someone(people, "buyer", HERE), someone(people, "mediator", HERE)
    case = buyer.file(facts=WORDS).json()["id"]
    staff.act(case, "admission", {"note": WORDS})
    contest = {"position": "contest", "statement": WORDS}
    someone(people, "seller", HERE).act(case, "seller-response", contest)
    buyer.act(case, "escalation", {"trigger": "no-agreement"})
    assert buyer.upload(case, PNG).status_code == 201
    background.catch_up()
    supervisor = someone(people, "supervisor", HERE)
    granted = supervisor.post(
        "/v1/audit/grants",
        {
            "reader": "a-1",
            "role": "auditor",
            "begins": "2026-03-01T00:00:00+08:00",
            "ends": "2026-12-01T00:00:00+08:00",
            "purpose": WORDS,
        },
    )
    assert granted.status_code == 201, granted.text
    for role in ("auditor", "regulator"):
        for platform in (HERE, None):
            reader = people.named(role, SUBJECTS[role], platform)
            listed = reader.get("/v1/disputes", platform=HERE, buyer="b-1")
            assert listed.status_code == 200
            assert reader.get("/v1/disputes").json()["items"]
    sanctioned(system)
    erasure = asked_erasure(system)
    background.catch_up()
    sent = boss.get(f"/v1/webhooks/{webhook}/deliveries").json()["items"]
    return {
        "dispute_id": case,
        "erasure_id": str(erasure),
        "webhook_id": webhook,
        "delivery_id": sent[0]["id"],
    }


def sanctioned(system: System) -> None:
    """Record a fault and a published sanction of the seller."""
    case = uuid4()
    imposed = EVENTS[SanctionImposed]
    begun = replace(FILED, platform=HERE)
    events = [
        Recorded(case=case, version=n, event=event, **envelope(system))
        for n, event in enumerate((begun, imposed, SanctionPublished(number=1)), 1)
    ]
    dispute = fold(one.event for one in events)
    system.record.append(with_keys(events, dispute, system.keys), None)
    fault = StandingRecorded(
        case=standing_key(HERE, "s-1"),
        version=1,
        event=FaultRecorded(dispute=case, because="ruled", points=3),
        **envelope(system) | {"actor": RULES},
    )
    system.record.append([fault], None)


def envelope(system: System) -> dict[str, Any]:
    return {
        "at": system.clock(),
        "recorded_at": system.clock(),
        "actor": Actor(role=Role.MEDIATOR, id="m-1"),
        "command_id": uuid4(),
    }


def asked_erasure(system: System) -> UUID:
    erasure = ErasureRequest(
        erasure_id=uuid4(),
        platform=HERE,
        party=Party.BUYER,
        subject="b-1",
        basis=WORDS,
        requested_by="v-1",
        requested_at=system.clock() - timedelta(days=1),
    )
    ErasureApprovals(system.disputes).request(erasure)
    return erasure.erasure_id


PLACES = {
    "number": "1",
    "version": "1",
    "seller": "s-1",
    "period": "all",
    "name": "cn-default",
    "tile": "0/000",
}


def order(order_id: str) -> dict[str, Any]:
    return {**FILING["order"], "id": order_id}

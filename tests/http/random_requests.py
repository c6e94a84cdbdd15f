"""Random requests of anybody to any route, about anything, with a seed."""

from __future__ import annotations

import json
import re
from collections import Counter
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from interface.callers.caller import Caller
from tests.http.canary_world import (
    BUYERS,
    PLATFORMS,
    SELLERS,
    CanaryWorld,
    Leak,
    anybody_elses,
)
from tests.http.case_story import PNG

READS = 0.75
"""How many of the requests read; the others send commands."""

_NAMES = (*BUYERS, *SELLERS, "m-1", "m-9", "v-1", "a-1", "r-1", "app", "")
_WRITTEN = ("POST",)
_SLOW = re.compile(r"/bundle|/log/|/health|/metrics|transparency")
_RARE = 0.05


class RandomRequests:
    """Asks, and notes what was shown to somebody who may not see it."""

    def __init__(self, world: CanaryWorld, seed: int) -> None:
        self._world, self._chance = world, Random(seed)
        self._document = world.http.get("/schema/openapi.json").json()
        self.statuses: Counter[int] = Counter()
        self.read: Counter[str] = Counter()
        self.leaks: list[Leak] = []
        self._gets, self._posts = self._routes("get"), self._routes("post")
        self._links: list[str] = []

    def _routes(self, method: str) -> list[tuple[str, dict[str, Any]]]:
        return [
            (path, about[method])
            for path, about in self._document["paths"].items()
            if method in about and "sandbox" not in path
        ]

    def go(self, number: int) -> None:
        """Send so many requests."""
        for _ in range(number):
            self._one()

    def _one(self) -> None:
        chance, is_read = self._chance, self._chance.random() < READS
        path, about = chance.choice(self._gets if is_read else self._posts)
        if _SLOW.search(path) and chance.random() > _RARE:
            path, about = chance.choice(self._gets)
        if _SLOW.search(path) and chance.random() > _RARE:
            return self._one()
        caller = chance.choice(self._world.callers)
        method = "GET" if "get" in self._document["paths"][path] and is_read else "POST"
        if about is not self._document["paths"][path].get(method.lower()):
            method = "GET"
        return self._send(caller, method, path, about)

    def _send(
        self, caller: Caller, method: str, path: str, about: dict[str, Any]
    ) -> None:
        person = self._world.person(caller)
        where = re.sub(r"\{(\w+)\}", lambda found: self._part(found[1]), path)
        query = urlencode(self._query(about) if method == "GET" else {})
        url = f"{where}?{query}" if query else where
        body = self._body(about) if method == "POST" else {}
        headers = person.headers | {
            "If-Match": "*",
            "Idempotency-Key": f"k-{self._chance.getrandbits(96)}",
            "Accept-Language": self._chance.choice(("en", "zh")),
        }
        answer = self._world.http.request(
            method, url, headers=headers, follow_redirects=False, **body
        )
        self.statuses[answer.status_code] += 1
        if answer.status_code == 200:
            self.read[path] += 1
        if method == "POST" and answer.status_code < 300:
            self._world.look_again(where)
        said = f"{method} {url} {json.dumps(body.get('json'))}".encode()
        self.leaks += self._world.leaks_in(caller, said, answer)
        if path.endswith("/link") and answer.status_code == 200:
            self._follow(caller, answer.json()["href"])

    def _follow(self, caller: Caller, href: str) -> None:
        """Read the file of a link, without a token."""
        answer = self._world.http.get(href)
        self.leaks += self._world.leaks_in(caller, href.encode(), answer)

    def _part(self, name: str) -> str:
        chance = self._chance
        match name:
            case "dispute_id":
                return anybody_elses(chance, self._world)
            case "number" | "version":
                return str(chance.randrange(1, 5))
            case "seller":
                return chance.choice(SELLERS)
            case "period":
                return chance.choice(("all", "2026", "2026-03"))
            case "tile":
                return chance.choice(("0/000", "entries/000", "entries/000.p/9"))
            case "name":
                return "cn-default"
            case _:
                return str(UUID(int=chance.getrandbits(128), version=4))

    def _query(self, about: dict[str, Any]) -> dict[str, str]:
        given = {}
        for one in about.get("parameters", ()):
            if one["in"] != "query":
                continue
            if one.get("required") or self._chance.random() < 0.2:
                value = self._value(one["name"], one)
                if value is not None:
                    given[one["name"]] = value
        return given

    def _value(self, name: str, about: dict[str, Any]) -> str | None:
        chance, case = self._chance, self._chance.choice(self._world.cases)
        known = {
            "platform": PLATFORMS,
            "buyer": BUYERS,
            "seller": SELLERS,
            "party": _NAMES,
            "assignee": _NAMES,
            "decider": _NAMES,
            "actor": _NAMES,
            "reader": _NAMES,
            "order": (case.order,),
            "dispute": (case.id,),
            "text": (case.word("both"), "cnry", case.order),
            "cases": (f"{case.id},{anybody_elses(chance, self._world)}",),
            "limit": ("1", "7", "200"),
            "from": ("1",),
            "to": ("2",),
            "sample": ("3",),
            "count": ("true",),
            "min_version": ("1", "2"),
            "opened": ("true",),
            "with_files": ("true",),
            "stamp": ("false",),
            "as_of": ("2", "filed"),
        }
        if name in known:
            return chance.choice(known[name])
        schema = about.get("schema", {})
        options = [*schema.get("enum", ())]
        for part in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
            options += part.get("enum", ())
        return str(chance.choice(options)) if options else None

    def _body(self, about: dict[str, Any]) -> dict[str, Any]:
        content = about.get("requestBody", {}).get("content")
        if not content:
            return {}
        kind, media = next(iter(content.items()))
        if kind.startswith("multipart/"):
            return {
                "files": {"file": ("crack.png", PNG, "image/png")},
                "data": {"text": "Here."},
            }
        examples = [one["value"] for one in media.get("examples", {}).values()]
        if not examples:
            named = media["schema"].get("$ref", "").rpartition("/")[2]
            schemas = self._document["components"]["schemas"]
            examples = schemas.get(named, {}).get("examples", [{}])
        body = dict(self._chance.choice(examples))
        for name in ("subject", "reader", "mediator"):
            if name in body:
                body[name] = self._chance.choice(_NAMES[:-1])
        return {"json": body}

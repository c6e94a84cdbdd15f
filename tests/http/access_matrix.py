"""Who may ask what: every path, method, caller and relation, asked over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

from litestar.testing import TestClient
from msgspec import Struct

from application.privacy.erasure_approvals import ErasureApprovals
from application.privacy.erasure_requests import ErasureRequest
from domain.roles import Party, Role
from interface.bootstrap import System
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from tests.http.access_things import api_key, failed_notice, webhook_with_dead_letter
from tests.http.case_story import PNG
from tests.http.conftest import FILING, People
from tests.samples import NOW

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

SHOP, MALL = "shop", "mall"


class Column(Struct, frozen=True):
    """A kind of caller, in a relation to the case that is asked about."""

    role: Role | None
    relation: str
    subject: str = ""
    platform: str | None = SHOP

    @property
    def name(self) -> str:
        return f"{self.role or 'nobody'}: {self.relation}" if self.role else "nobody"


COLUMNS = (
    Column(None, "nobody"),
    Column(Role.BUYER, "of the case", "b-1"),
    Column(Role.BUYER, "another", "b-2"),
    Column(Role.BUYER, "elsewhere", "b-1", MALL),
    Column(Role.SELLER, "of the case", "s-1"),
    Column(Role.SELLER, "another", "s-2"),
    Column(Role.SELLER, "elsewhere", "s-1", MALL),
    Column(Role.PLATFORM, "of the case", "app"),
    Column(Role.PLATFORM, "elsewhere", "app", MALL),
    Column(Role.MEDIATOR, "of the platform", "m-1"),
    Column(Role.MEDIATOR, "is the buyer", "b-1"),
    Column(Role.MEDIATOR, "is the seller", "s-1"),
    Column(Role.MEDIATOR, "recused", "m-9"),
    Column(Role.MEDIATOR, "elsewhere", "m-1", MALL),
    Column(Role.SUPERVISOR, "of the platform", "v-1"),
    Column(Role.SUPERVISOR, "elsewhere", "v-1", MALL),
    Column(Role.AUDITOR, "of the platform", "a-1"),
    Column(Role.AUDITOR, "elsewhere", "a-1", MALL),
    Column(Role.AUDITOR, "of all", "a-1", None),
    Column(Role.REGULATOR, "of the platform", "r-1"),
    Column(Role.REGULATOR, "elsewhere", "r-1", MALL),
    Column(Role.REGULATOR, "of all", "r-1", None),
    Column(Role.ANALYST, "of the platform", "n-1"),
    Column(Role.ANALYST, "elsewhere", "n-1", MALL),
    Column(Role.ANALYST, "of all", "n-1", None),
)


class Cell(Struct, frozen=True):
    """One request and the status of its answer."""

    path: str
    method: str
    column: Column
    status: int
    is_public: bool

    @property
    def said(self) -> str:
        """Say whether the caller came as far as the matter itself."""
        # Refused for what was sent, or for where the case stands: not for who asked.
        passed = self.status < 400 or self.status in {400, 409, 412, 415, 422, 428}
        return "✓" if passed else str(self.status)


class Asker:
    """Asks every cell about cases of one platform."""

    def __init__(
        self, http: TestClient[Any], system: System, people: People, ruled: str
    ) -> None:
        self._http, self._people, self._ruled = http, people, ruled
        self._system = system
        key = DevelopmentKey(system.settings.home)
        self._tokens = {
            column: key.token(
                Caller(
                    subject=column.subject,
                    role=column.role,
                    platform=column.platform,
                ),
                timedelta(days=1),
            )
            for column in COLUMNS
            if column.role is not None
        }
        self._public = {
            (re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path), method)
            for route in http.app.routes
            for handler in getattr(route, "route_handlers", ())
            for method in handler.http_methods
            if "public" in handler.opt
        }
        self._document = http.get("/schema/openapi.json").json()
        self._known = self._places()

    @property
    def paths(self) -> list[str]:
        return sorted(self._document["paths"])

    def row(self, path: str, method: str) -> Iterator[Cell]:
        """Ask one path with one method as every caller."""
        is_command = method == "POST" and "{dispute_id}" in path
        is_public = (path, method) in self._public
        case = self._filed() if is_command else self._ruled
        if is_command and "{delivery_id}" in path:
            self._known["delivery_id"] = failed_notice(self._system, case)
        for column in COLUMNS:
            answer = self.ask(path, method, column, case)
            # What was done must not decide what the next caller may do.
            if method == "POST" and answer.status_code < 400:
                case = self._undone(path, case)
            yield Cell(path, method, column, answer.status_code, is_public)

    def _undone(self, path: str, case: str) -> str:
        """Make anew what a request has changed; return the case to ask about next."""
        if "{webhook_id}" in path:
            self._known |= webhook_with_dead_letter(self._people, self._system)
        elif "{dispute_id}" in path:
            case = self._filed()
            if "{delivery_id}" in path:
                self._known["delivery_id"] = failed_notice(self._system, case)
        return case

    def ask(
        self, path: str, method: str, column: Column, case: str, match: str = "*"
    ) -> Any:
        """Send one request about a case."""
        known = self._known | {"dispute_id": case}
        url = re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], "1"), path)
        headers = {
            "If-Match": match,
            "Idempotency-Key": str(uuid4()),
            "Purpose": "Audit",
        }
        if column.role is not None:
            headers["Authorization"] = f"Bearer {self._tokens[column]}"
        return self._http.request(
            method,
            url,
            headers=headers,
            params={"from": 1, "to": 1} if path.endswith("/difference") else None,
            follow_redirects=False,
            **self._body(path, method),
        )

    def _body(self, path: str, method: str) -> dict[str, Any]:
        about = self._document["paths"][path].get(method.lower()) or {}
        if "requestBody" not in about:
            return {}
        kind, media = next(iter(about["requestBody"]["content"].items()))
        if kind.startswith("multipart/"):
            return {
                "files": {"file": ("crack.png", PNG, "image/png")},
                "data": {"text": "Here."}
                if path.endswith("files")
                else {"kind": "photo"},
            }
        return {"json": self._example(media)}

    def _example(self, media: dict[str, Any]) -> Any:
        """Return the example of a body, or that of its schema."""
        for one in media.get("examples", {}).values():
            return one["value"]
        schema = media["schema"]
        for one in (schema, *schema.get("oneOf", ()), *schema.get("allOf", ())):
            name = one.get("$ref", "").rpartition("/")[2]
            named = self._document["components"]["schemas"].get(name, one)
            if named.get("examples"):
                return named["examples"][0]
        return {}

    def _filed(self) -> str:
        """File a case in which the mediator m-9 has recused themselves."""
        order = FILING["order"] | {"id": str(uuid4())}
        case: str = self._people.buyer.file(order=order).json()["id"]
        recused = self._people.named("mediator", "m-9")
        told = recused.post(
            f"/v1/disputes/{case}/recusal", {"conflict": "They are family."}
        )
        assert told.status_code == 204, told.text
        return case

    def _places(self) -> dict[str, str]:
        """Return what path parameters are filled with, all of it there."""
        erasure = ErasureApprovals(self._system.disputes).request(
            ErasureRequest(
                erasure_id=uuid4(),
                platform=SHOP,
                party=Party.BUYER,
                subject="b-9",
                basis="Request 2026-12",
                requested_by="v-2",
                requested_at=NOW,
            )
        )
        grant = self._people.supervisor.post(
            "/v1/audit/grants",
            {
                "reader": "a-1",
                "role": "auditor",
                "begins": NOW.isoformat(),
                "ends": (NOW + timedelta(days=30)).isoformat(),
                "purpose": "Audit",
            },
        ).json()
        return {
            "erasure_id": str(erasure.erasure_id),
            "grant_id": grant["id"],
            "key_id": api_key(self._people),
            **webhook_with_dead_letter(self._people, self._system),
            "seller": "s-1",
            "period": "2026-03",
            "name": "cn-default",
            "tile": "0/000",
            # Whose link it is decides what it shows: test_file_links.py.
            "link": "none",
        }

"""Schemathesis asks a running server what its OpenAPI document promises.

A few operations for one role, by a seed. All operations for all roles, by hand:
`SCHEMATHESIS=all pytest -s tests/http/test_schemathesis.py`; for some of them:
`SCHEMATHESIS=buyer,seller`, and of some operations only:
`SCHEMATHESIS_OPERATIONS="readQueue fileDispute"`. `SCHEMATHESIS_SEED=7` is another
seed, and `SCHEMATHESIS_REPORTS=/tmp` the folder to which each report is written.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from msgspec import Struct

from domain.roles import Role
from interface.callers.caller import OVERSEERS, Caller
from interface.callers.development_key import DevelopmentKey
from interface.demo.cast import PLATFORM
from interface.demo.welcome import PEOPLE
from tests.http.conftest import FILING
from tests.http.schemathesis_settings import KNOWN
from tests.processes import Process, free_port, http_client, wait_until_ready
from tests.sizes import only_whole

pytestmark = [pytest.mark.kill, pytest.mark.long, only_whole]

ROOT = Path(__file__).parents[2]
WHO = os.environ.get("SCHEMATHESIS", "")
SEED = int(os.environ.get("SCHEMATHESIS_SEED", "2026"))
CASES = 30
FEW = 5
"""How many operations are asked in each run of the suite, and other ones by a seed."""

JOINED = ("fileDispute", "readDispute")
PARTIES = (Role.BUYER, Role.SELLER)
METHODS = {"get", "post", "put", "patch", "delete"}


def roles() -> list[Role]:
    """Return whose requests are made: one role's, by the seed, if nothing is said."""
    every: list[Role] = [role for role in Role if role is not Role.CLOCK]
    if WHO == "all":
        return every
    if WHO:
        return [Role(one) for one in WHO.split(",")]
    return [random.Random(SEED).choice(every)]


class Asked(Struct, frozen=True):
    """A server with sample cases: where it is, and where its keys are."""

    url: str
    home: Path

    def token(self, role: Role, subject: str) -> str:
        platform = None if role in OVERSEERS else PLATFORM
        caller = Caller(subject=subject, role=role, platform=platform)
        return DevelopmentKey(self.home).token(caller, timedelta(days=1))

    def ask(self, role: Role, subject: str, path: str, body: Any = None) -> Any:
        headers = {
            "Authorization": f"Bearer {self.token(role, subject)}",
            "Idempotency-Key": str(uuid4()),
            "If-Match": "*",
        }
        method = "GET" if body is None else "POST"
        with http_client() as client:
            answer = client.request(
                method, f"{self.url}{path}", json=body, headers=headers
            )
        answer.raise_for_status()
        return answer.json()


@pytest.fixture
def asked(url: str, tmp_path: Path) -> Asked:
    port, home = free_port(), tmp_path / "home"
    environ = {
        "DATABASE_URL": url,
        "REDRESS_HOME": str(home),
        "REDRESS_PORT": str(port),
        "REDRESS_CASES_PER_DAY": "1000000",
    }
    subprocess.run(
        [sys.executable, "-m", "interface", "demo", "--no-serve", f"--cases={CASES}"],
        env=os.environ | environ,
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    Process(environ, "serve", "--with-worker")
    api = f"http://127.0.0.1:{port}"
    wait_until_ready(api)
    return Asked(api, home)


@pytest.mark.parametrize("role", roles())
def test_no_answer_breaks_what_the_document_promises(
    asked: Asked, role: Role, tmp_path: Path
) -> None:
    begun = time.monotonic()
    subject, what_there_is = known(asked, role)
    run = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli"),
            f"--config-file={Path(__file__).with_name('schemathesis.toml')}",
            *("run", f"{asked.url}/schema/openapi.json"),
            f"--seed={SEED}",
            # Of the requests that follow links; the others are as many as there are.
            f"--max-examples={25 if WHO else 3}",
            *(f"--include-operation-id={one}" for one in chosen(asked)),
        ],
        env=os.environ
        | {
            "PYTHONPATH": str(ROOT),
            "SCHEMATHESIS_HOOKS": "tests.http.schemathesis_hooks",
            "REDRESS_TOKEN": asked.token(role, subject),
            KNOWN: json.dumps(what_there_is),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - begun
    print(f"{role}, {seconds:.0f} s: {run.stdout[-600:]}")  # noqa: T201 - with -s
    if out := os.environ.get("SCHEMATHESIS_REPORTS"):
        Path(out, f"{role}.txt").write_text(run.stdout + run.stderr, "utf-8")
    assert run.returncode == 0, run.stdout + run.stderr


def chosen(asked: Asked) -> list[str]:
    """Return the operations that are asked: some of them by the seed, or none for all.

    Among them are always those that begin a case and read it: a link joins them.
    """
    if WHO:
        return os.environ.get("SCHEMATHESIS_OPERATIONS", "").split()
    document = asked.ask(Role.BUYER, "b-1", "/schema/openapi.json")
    every = [
        about["operationId"]
        for path in document["paths"].values()
        for method, about in path.items()
        if method in METHODS
    ]
    others = sorted({*every} - {*JOINED})
    return [*JOINED, *random.Random(SEED).sample(others, FEW)]


def known(asked: Asked, role: Role) -> tuple[str, dict[str, Any]]:
    """Return who asks, and what the hooks put in place of ids that nothing has."""
    cases = asked.ask(Role.SUPERVISOR, "v-1", "/v1/disputes?limit=200")["items"]
    subject, _ = PEOPLE[role]
    if role in PARTIES:
        subject = Counter(one[role] for one in cases).most_common(1)[0][0]
    buyer = subject if role is Role.BUYER else cases[0]["buyer"]
    filed = FILING | {"seller": subject if role is Role.SELLER else cases[0]["seller"]}
    # What has been received for months is refused on filing.
    received = datetime.now(UTC) - timedelta(days=2)
    recent = FILING["order"] | {"received_at": received.isoformat()}
    own = [
        asked.ask(Role.BUYER, buyer, "/v1/disputes", filed | {"order": order})["id"]
        for order in ({**recent, "id": f"o-{n}"} for n in range(4))
    ]
    if role is Role.SELLER:
        # Nobody tells a seller of a case before it is admitted.
        for one in own:
            asked.ask(Role.MEDIATOR, "m-2", f"/v1/disputes/{one}/admission", {})
    read = cases
    if role in PARTIES:
        read = asked.ask(role, subject, "/v1/disputes?limit=200")["items"]
    theirs = [one["id"] for one in read if one["id"] not in own]
    places = {"dispute_id": own + theirs, "number": [1, 2, 1]}
    return subject, {"role": role, "path": places}

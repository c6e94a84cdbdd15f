"""Whatever is made of the OpenAPI document is answered as the document says."""

from __future__ import annotations

import json
import os
from typing import Any

import httpx
import pytest

from domain.roles import Role
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for
from tests.http.conftest import whole_worker as background
from tests.http.openapi_fuzzer import Fuzzer, Sent
from tests.sizes import sized

__all__ = ["background"]

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", sized(300, 2_000)))
SEED = int(os.environ.get("FUZZ_SEED", "2026"))

ROLES = [role for role in Role if role is not Role.CLOCK]


@pytest.mark.long
def test_every_answer_is_one_that_the_document_names(
    people: People, background: Worker, clock: Clock
) -> None:
    document = json.loads(people.buyer.http.get("/schema/openapi.json").content)
    story = CaseStory(people, background, clock).ruled()
    cases = [story.id, *(file_for(people, f"o-fuzz-{n}") for n in range(3))]
    background.catch_up()
    known = {
        "dispute_id": cases,
        "number": ["1", "2"],
        "version": ["1", "3"],
        "seller": ["s-1"],
        "period": ["2026-03", "all"],
        "name": ["cn-default"],
        "tile": ["0/000", "entries/000"],
    }
    fuzzer, faults = Fuzzer(document, SEED, known), []
    for sent in fuzzer.requests(REQUESTS):
        if sent.operation.endswith(("/bundle", "/proof", "/proof/{version}")):
            # Else the log has not signed it yet, which is no fault.
            background.catch_up()
        role = fuzzer.rng.choice([*ROLES, None])
        answer = ask(people, sent, role)
        faults += [f"{role} {sent}\n    {one}" for one in fuzzer.faults(sent, answer)]
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults[:20])


def ask(people: People, sent: Sent, role: Role | None) -> Any:
    headers = dict(sent.headers)
    if role is not None:
        headers |= {"Authorization": getattr(people, role).headers["Authorization"]}
    return people.buyer.http.request(
        sent.method.upper(),
        sent.path,
        params=httpx.QueryParams(tuple(sent.query)),
        content=sent.content,
        headers=[(n.encode(), v.encode("latin-1")) for n, v in headers.items()],
    )

"""Whatever is sent is answered: done, or one clear error, never a fault of ours."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http.conftest import FILING, People

# The connection pool draws random pauses in a thread of its own, meanwhile.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module")

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda part: (
        st.lists(part, max_size=3)
        | st.dictionaries(st.text(max_size=8), part, max_size=3)
    ),
    max_leaves=6,
)
PATHS = (
    "admission",
    "refusal",
    "withdrawal",
    "seller-response",
    "offers",
    "offers/1/acceptance",
    "offers/1/decline",
    "escalation",
    "assignment",
    "ruling",
    "fulfilments",
    "fulfilments/1/confirmation",
)
RELAXED = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@given(st.dictionaries(st.sampled_from([*FILING, "buyer"]), JSON, max_size=3))
@RELAXED
def test_any_filing_is_answered(people: People, changes: dict[str, Any]) -> None:
    order = FILING["order"] | {"id": str(uuid4())}
    response = people.buyer.file(**({"order": order} | changes))
    assert response.status_code in {201, 400, 409, 422}, response.text
    if response.status_code != 201:
        assert response.json()["type"].startswith("urn:redress:problem:")


@given(st.sampled_from(PATHS), st.sampled_from(["buyer", "seller", "mediator"]), JSON)
@RELAXED
def test_any_command_is_answered(
    people: People, path: str, role: str, body: Any
) -> None:
    case = people.buyer.file(order=FILING["order"] | {"id": str(uuid4())}).json()["id"]
    person = getattr(people, role)
    response = person.post(f"/v1/disputes/{case}/{path}", body)
    assert response.status_code < 500, response.text


@given(st.binary(max_size=200), st.text(max_size=30))
@RELAXED
def test_any_header_is_answered(people: People, raw: bytes, text: str) -> None:
    value = text.encode("ascii", "ignore").replace(b"\r", b"").replace(b"\n", b"")
    for name in ("If-Match", "Idempotency-Key", "Accept-Language", "Authorization"):
        headers = {"Idempotency-Key": "k", "If-Match": "*"} | people.buyer.headers
        headers[name] = value.decode()
        response = people.buyer.http.post("/v1/disputes", content=raw, headers=headers)
        assert response.status_code in {400, 401}, response.text

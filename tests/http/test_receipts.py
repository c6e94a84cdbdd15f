"""Receipts: whoever acts can show what the platform has taken, and need not ask it."""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from litestar.testing import TestClient

from application.log.format.tlog_proof import parse_proof
from application.log.format.verifier_keys import Algorithm, VerifierKey, parse_vkey
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.statement_keys import trusted
from application.record.statements import parted
from interface.bootstrap import System
from interface.run.worker import Worker
from tests.http.conftest import FILING, People, file_for
from tests.http.conftest import whole_worker as background

__all__ = ["background"]


def made_by(
    message: bytes, signed: bytes | None, keys: tuple[VerifierKey, ...]
) -> bool:
    """Tell whether one of the keys has signed a message."""
    assert signed is not None
    for key in keys:
        if key.key_id == signed[:4]:
            public = Ed25519PublicKey.from_public_bytes(key.public)
            try:
                public.verify(signed[4:], message)
            except InvalidSignature:
                return False
            return True
    return False


def test_an_answer_names_the_receipt_of_what_was_done(people: People) -> None:
    filed = people.buyer.file()
    href = f"/v1/disputes/{filed.json()['id']}/receipts/1"
    assert filed.headers["Link"] == f'<{href}>; rel="receipt"'
    receipt = people.buyer.get(href)
    assert receipt.status_code == 200
    assert receipt.headers["Content-Disposition"].startswith("attachment; filename=")
    one = receipt.json()
    assert (one["format"], one["version"]) == ("redress-receipt/1", 1)
    assert one["proof"] is None
    state = b64decode(one["event"])
    assert sha256(b"\x00" + state).hexdigest() == one["leaf"]
    assert b'"type":"filed"' in state
    assert b"The kettle leaks" not in state
    assert "Link" not in people.buyer.get(f"/v1/disputes/{one['case']}").headers


def test_what_the_rules_make_of_a_filing_has_no_receipt_in_its_place(
    people: People,
) -> None:
    # Refused at once: the rules refuse it, and the case is closed in the buyer's name.
    late = {"received_at": "2020-02-27T09:30:00+08:00"}
    filed = people.buyer.file(order=FILING["order"] | late)
    assert filed.status_code == 201, filed.text
    assert filed.json()["phase"] == "closed"
    case = filed.json()["id"]
    assert filed.headers["Link"] == f'</v1/disputes/{case}/receipts/1>; rel="receipt"'


def test_a_receipt_shows_the_filing_to_whoever_trusts_the_log(
    people: People, background: Worker
) -> None:
    case = file_for(people)
    background.catch_up()
    (one,) = people.buyer.get(f"/v1/disputes/{case}/receipts").json()["items"]
    # All that its reader knows from elsewhere is the log's key.
    found = [parse_vkey(key["vkey"]) for key in one["keys"]]
    (log,) = (key for key in found if key.algorithm is Algorithm.ED25519)
    proof = parse_proof(one["proof"])
    seals = proof.verify(bytes.fromhex(one["leaf"]), [log])
    assert [seal.key for seal in seals] == [log]
    keys = trusted([log], [key["endorsement"] for key in one["statement_keys"]])
    message, signed = parted(b64decode(one["event"]))
    assert made_by(message, signed, keys)
    assert not made_by(message + b" ", signed, keys)
    stranger = replaced(log)
    assert trusted([stranger], [one["statement_keys"][0]["endorsement"]]) == ()


def replaced(key: VerifierKey) -> VerifierKey:
    return VerifierKey(key.name, key.algorithm, bytes(32))


def test_everybody_has_the_receipts_of_what_they_did_themselves(
    people: People, background: Worker
) -> None:
    case = file_for(people)
    path = f"/v1/disputes/{case}"
    admitted = people.mediator.post(f"{path}/admission", {})
    assert admitted.headers["Link"] == f'<{path}/receipts/2>; rel="receipt"'
    background.catch_up()
    assert versions(people.buyer.get(f"{path}/receipts")) == [1]
    assert versions(people.mediator.get(f"{path}/receipts")) == [2]
    assert versions(people.seller.get(f"{path}/receipts")) == []
    assert people.buyer.get(f"{path}/receipts/2").status_code == 404
    assert people.seller.get(f"{path}/receipts/1").status_code == 404
    assert people.named("buyer", "b-9").get(f"{path}/receipts").status_code == 404


def versions(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [one["version"] for one in answer.json()["items"]]


def test_the_log_says_how_far_it_reaches_and_what_it_promises(
    people: People, background: Worker, http: TestClient[Any], clock: Any
) -> None:
    assert http.get("/v1/log").json() | {"origin": ""} == {
        "origin": "",
        "size": 0,
        "signed": 0,
        "cosigned": 0,
        "published": "signed",
        "merge_delay": 60,
        "waiting": 0,
        "is_late": False,
    }
    file_for(people)
    clock.forward(seconds=61)
    late = http.get("/v1/log").json()
    assert (late["waiting"], late["is_late"]) == (61, True)
    background.catch_up()
    kept = http.get("/v1/log").json()
    assert (kept["waiting"], kept["is_late"]) == (0, False)
    assert kept["signed"] == kept["size"] > 0


def test_the_keys_of_statements_are_published_with_their_endorsement(
    people: People, background: Worker, http: TestClient[Any], system: System
) -> None:
    assert http.get("/v1/log/statement-keys").json() == {"items": [], "next": None}
    file_for(people)
    background.catch_up()
    (one,) = http.get("/v1/log/statement-keys").json()["items"]
    assert one["vkey"].startswith(f"{system.settings.log.origin}/statements+")
    assert one["vkey"] in one["endorsement"].splitlines()


@pytest.mark.parametrize("path", ["checkpoint", "cosigned-checkpoint"])
def test_a_log_that_publishes_what_is_cosigned_shows_nothing_before(
    people: People, background: Worker, http: TestClient[Any], system: System, path: str
) -> None:
    case = file_for(people)
    background.catch_up()
    assert http.get("/v1/log/checkpoint").status_code == 200
    # As `REDRESS_LOG_PUBLISH=cosigned` sets it.
    msgspec.structs.force_setattr(system.settings.log, "publish", Kind.COSIGNED)
    assert http.get(f"/v1/log/{path}").status_code == 404
    (one,) = people.buyer.get(f"/v1/disputes/{case}/receipts").json()["items"]
    assert one["proof"] is None
    bundle = people.auditor.get(f"/v1/audit/disputes/{case}/bundle")
    assert bundle.status_code == 503

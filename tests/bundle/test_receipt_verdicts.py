"""Receipts: what a party holds shows that its filing was taken, without the record."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from application.bundle.imported_case import ImportRefused
from application.log.sign.checkpoint_store import publish_keys
from interface.bootstrap import System
from interface.run.worker import Worker
from interface.verified_bundle import verify_bundle
from interface.verifier.redress_verify import (
    OF_RECEIPTS,
    Asked,
    check,
    main,
    parse_key,
)
from tests.bundle import written_bundle
from tests.bundle.bundle_archive import canonical
from tests.bundle.conftest import states
from tests.bundle.node_verifier import NodeVerifier, outcomes
from tests.bundle.witnesses import witness
from tests.bundle.written_bundle import (
    CASE,
    GIVEN,
    ORIGIN,
    STATEMENTS,
    STATING,
    STRANGER,
    told_events,
    vkey,
    written,
)
from tests.http.conftest import People
from tests.samples import NOW

WHOLE = written()
UNSTATED = written(stated_by=dict.fromkeys(range(1, 6)))
EVENT = WHOLE.states()[0]
TOLD = json.loads(WHOLE.receipt(1))
PROOF: str = TOLD["proof"]
NEXT: str = json.loads(WHOLE.receipt(2))["proof"]


def without(name: str) -> bytes:
    return canonical({one: TOLD[one] for one in TOLD if one != name})


def unstated(**changes: Any) -> bytes:
    return UNSTATED.receipt(1, **changes)


CASES: dict[str, tuple[bytes, str]] = {
    "as it is": (WHOLE.receipt(1), "valid"),
    "of another event of the case": (WHOLE.receipt(4), "valid"),
    "not in the log yet": (WHOLE.receipt(1, proof=None), "valid"),
    "written in another form": (json.dumps(TOLD, indent=1).encode(), "valid"),
    "an event of before, in the log": (unstated(), "valid"),
    "an event of before, not in the log": (unstated(proof=None), "statement-missing"),
    "another format": (WHOLE.receipt(1, format="redress-receipt/2"), "other-format"),
    "no JSON": (b"{", "receipt-malformed"),
    "no format": (b"{}", "receipt-malformed"),
    "more than a receipt": (WHOLE.receipt(1, more=1), "receipt-malformed"),
    "less than one": (without("proof"), "receipt-malformed"),
    "a version in text": (WHOLE.receipt(1, version="1"), "receipt-malformed"),
    "a version below zero": (WHOLE.receipt(1, version=-1), "receipt-malformed"),
    "a list for a proof": (WHOLE.receipt(1, proof=[PROOF]), "receipt-malformed"),
    "an object for keys": (WHOLE.receipt(1, keys={}), "receipt-malformed"),
    "keys that are none": (WHOLE.receipt(1, keys=[1]), "keys-wrong"),
    "of another version": (WHOLE.receipt(1, version=2), "event-elsewhere"),
    "of another case": (WHOLE.receipt(1, case="x"), "event-elsewhere"),
    "another leaf": (WHOLE.receipt(1, leaf="0" * 64), "receipt-malformed"),
    "an event that is none": (
        WHOLE.receipt(1, event=b64encode(b"[]").decode()),
        "event-malformed",
    ),
    "an event in no base64": (WHOLE.receipt(1, event="e30"), "receipt-malformed"),
    "a changed event": (
        WHOLE.receipt(
            1,
            event=b64encode(EVENT.replace(b"b-1", b"b-2")).decode(),
            leaf=sha256(b"\0" + EVENT.replace(b"b-1", b"b-2")).hexdigest(),
        ),
        "not-in-log",
    ),
    "stated by a stranger": (
        written(stated_by={1: STRANGER}).receipt(1),
        "statement-foreign",
    ),
    "by a key that nobody endorses": (
        written(
            statement_keys=[
                {"vkey": vkey(STATING, STATEMENTS), "endorsement": None},
            ]
        ).receipt(1),
        "unvouched",
    ),
    "the proof of another event": (WHOLE.receipt(1, proof=NEXT), "not-in-log"),
    "a proof that is none": (WHOLE.receipt(1, proof="x"), "checkpoint-wrong"),
    "a proof of another log": (
        WHOLE.receipt(1, origin="other.example/log", keys=[], statement_keys=[]),
        "other-log",
    ),
    "a checkpoint of another tree": (
        WHOLE.receipt(1, proof=PROOF.replace(f"{ORIGIN}\n8\n", f"{ORIGIN}\n9\n")),
        "not-in-log",
    ),
    "a checkpoint that nobody signed": (
        WHOLE.receipt(1, proof=PROOF.replace(f"\u2014 {ORIGIN} ", "\u2014 x ")),
        "foreign-key",
    ),
    "without its witness": (
        WHOLE.receipt(1, proof=PROOF.replace("\u2014 w.example", "\u2014 v.example")),
        "quorum-missed",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_is_named_rightly_by_both(name: str, other: NodeVerifier | None) -> None:
    content, verdict = CASES[name]
    report = check(content, written_bundle.asked())
    assert report.verdict == verdict, states(report)
    if other is not None:
        theirs = other.check(content)
        assert outcomes(theirs) == states(report)
        assert theirs["verdict"] == verdict
        plain = json.loads(json.dumps([one._asdict() for one in report.found]))
        assert theirs["properties"] == plain
        assert (theirs["kind"], theirs["case"]) == (report.kind, report.case)


def test_a_buyer_shows_that_a_filing_was_taken_and_later_dropped() -> None:
    """The record was put back to before; the receipt still says what was promised."""
    kept = WHOLE.receipt(1, proof=None)
    report = check(kept, written_bundle.asked())
    assert tuple(states(report)) == OF_RECEIPTS
    assert states(report)["statements"] == "holds"
    assert states(report)["logged"] == "none"
    later = written([{**told_events()[0], "command_id": "another"}])
    assert later.states()[0] != EVENT
    assert check(later.receipt(1), written_bundle.asked()).verdict == "valid"
    about = {one.name: one.about for one in report.found}
    assert about["event"] == "version 1, filed, recorded 2026-03-02T02:00:01Z"


def test_what_the_route_gives_holds_for_whoever_has_the_keys(
    people: People, background: Worker, system: System, asked: Asked
) -> None:
    """Before the log has signed it the application's statement alone shows it."""
    filed = people.buyer.file()
    href = f"/v1/disputes/{filed.json()['id']}/receipts/1"
    key = parse_key(system.statement_key.vkey)
    early = check(people.buyer.get(href).content, asked._replace(statement_keys=(key,)))
    assert (early.verdict, states(early)["logged"]) == ("valid", "none")
    background.catch_up()
    late = check(people.buyer.get(href).content, asked)
    assert late.verdict == "valid"
    assert set(states(late).values()) == {"holds", "none"}
    assert states(late)["logged"] == states(late)["statements"] == "holds"


def test_a_renamed_log_gives_receipts_with_its_own_keys(
    people: People, background: Worker, system: System, asked: Asked, tmp_path: Path
) -> None:
    before = witness(tmp_path, "before.example")
    with system.database.get_connection() as connection:
        publish_keys(connection, before)
    filed = people.buyer.file()
    background.catch_up()
    content = people.buyer.get(f"/v1/disputes/{filed.json()['id']}/receipts/1").content
    assert check(content, asked).verdict == "valid"
    assert b"before.example" not in content


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_program_takes_a_receipt_in_place_of_a_bundle(
    language: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "receipt.json"
    path.write_bytes(WHOLE.receipt(1))
    keys = [part for one in GIVEN["log"] for part in ("--key", one)]
    assert main([str(path), *keys, "--lang", language, "--timeline"]) == 0
    text = capfdbinary.readouterr().out.decode()
    assert CASE in text
    assert {"en": "buyer: Dispute filed", "zh": "买家：提交纠纷"}[language] in text  # noqa: RUF001


def test_a_receipt_is_no_bundle_to_import() -> None:
    with pytest.raises(ImportRefused, match="a receipt is no bundle"):
        verify_bundle(WHOLE.receipt(1), written_bundle.asked(), NOW)

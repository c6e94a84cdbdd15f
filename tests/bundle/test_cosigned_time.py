"""What signatures and co-signatures say of a bundle's time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from application.log.case_proofs import NotSignedYet
from interface.bootstrap import System
from interface.run.worker import Worker
from interface.verifier.redress_verify import Asked, check, parse_key
from tests.bundle.made_bundle import make
from tests.bundle.witnesses import cosign, vkey, witness
from tests.http.conftest import People, file_for


def test_what_is_not_signed_yet_is_not_bundled(
    people: People, background: Worker, system: System
) -> None:
    case = file_for(people)
    with pytest.raises(NotSignedYet):
        make(system, UUID(case))
    answer = people.auditor.get(f"/v1/audit/disputes/{case}/bundle")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json()["type"] == "urn:redress:problem:not-signed-yet"
    background.catch_up()
    people.mediator.act(case, "admission", {})
    assert make(system, UUID(case)).version == 1


def test_a_quorum_of_witnesses_bounds_the_time(
    system: System, case: UUID, asked: Asked, tmp_path: Any, clock: Any
) -> None:
    ours = [witness(tmp_path, f"w{n}.example") for n in (1, 2)]
    stranger = witness(tmp_path, "w3.example")
    now = int(clock.now.timestamp())
    with system.database.get_connection() as connection:
        cosign(connection, now + 30, *ours)
    made = make(system, case)
    keys = tuple(map(_witness_key, [*ours, stranger]))
    for quorum, verdict in ((None, "quorum-missed"), (3, "quorum-missed")):
        trusted = asked._replace(witnesses=keys, quorum=quorum)
        assert check(made.content, trusted).verdict == verdict
    report = check(made.content, asked._replace(witnesses=keys, quorum=2))
    assert report.verdict == "valid"
    about = {one.name: one.about for one in report.found}
    assert about["witnessed"] == "witnesses: 2 of 3"
    assert about["timed"] == "by witnesses: not after 2026-03-05T02:00:30Z"


def test_events_younger_than_their_cosignature_are_out_of_order(
    system: System, case: UUID, asked: Asked, tmp_path: Any, clock: Any
) -> None:
    one = witness(tmp_path, "w1.example")
    with system.database.get_connection() as connection:
        cosign(connection, int(clock.now.timestamp()) - 86_400, one)
    made = make(system, case)
    report = check(made.content, asked._replace(witnesses=(_witness_key(one),)))
    assert report.verdict == "time-order"


def _witness_key(file: Any) -> Any:
    return parse_key(vkey(file))

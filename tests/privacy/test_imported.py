"""Imported cases are erased too, also where the source names nobody."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from application.cases.disputes import Disputes
from application.cases.evidence_files import EvidenceFiles
from application.privacy.erasure import Eraser, NothingToErase
from application.privacy.erasure_requests import ErasureRequest, Subject
from application.record.codec import ERASED
from domain.filing.events import Filed
from domain.identity import imported_key
from domain.roles import Party
from tests.conftest import Clock
from tests.imports.conftest import HEADER, Import, run_import

__all__ = ["run_import"]

CASE = imported_key("desk", "1")
NAMELESS = "1,2020-01-02 10:00:00,2020-02-03,broken,?,It broke.,12.90\n"


def test_the_nameless_party_of_a_case_is_erased(
    run_import: Import,
    disputes: Disputes,
    clock: Clock,
    tmp_path: Path,
) -> None:
    run_import(HEADER + NAMELESS)
    first = disputes.mapper.opened(disputes.find(CASE).events)[0].event
    assert isinstance(first, Filed)
    assert (first.buyer, first.facts) == (None, "It broke.")
    subject = Subject(platform=first.platform, party=Party.BUYER, id=f"case:{CASE}")
    files = EvidenceFiles(tmp_path / "evidence")
    worker = Eraser(disputes, files, lambda _: [CASE], settle=0.0)
    worker.check(subject)
    wanted = ErasureRequest(
        erasure_id=CASE,
        platform=subject.platform,
        party=subject.party,
        subject=subject.id,
        basis="Request 7",
        requested_by="v-1",
        requested_at=clock(),
    )
    worker.approvals.request(wanted)
    approved = worker.approvals.approve(wanted, "v-2", clock() + timedelta(seconds=1))
    done = worker.carry_out(approved)
    assert (done.state, len(done.key_ids or ())) == ("done", 1)
    again = disputes.mapper.opened(disputes.find(CASE).events)[0].event
    assert isinstance(again, Filed)
    assert again.facts == ERASED
    with pytest.raises(NothingToErase):
        worker.check(subject)

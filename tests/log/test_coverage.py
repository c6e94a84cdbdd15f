"""What verify says if nothing differs, but nothing vouches for what is there either."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from application.jobs.status import reports
from application.log.fsck.auditor import UNSIGNED_SECONDS, Auditor
from application.log.fsck.finding import Property
from application.log.fsck.trusted_checkpoints import Kept, Trust
from application.log.fsck.verdict import Status, Verdict
from application.log.fsck.whole_record import check
from application.log.sign.checkpoint_store import publish_keys
from application.log.witness.trust_policy import TrustPolicy, parse_policy
from tests.conftest import Clock
from tests.log.log_fixture import LogFixture
from tests.log.owner_edits import cut_log, owner_without_triggers
from tests.log.signed_record import Owner, SignedRecord
from tests.log.signer_fixture import SignerFixture
from tests.log.verify_process import run
from tests.log.witness_set import WitnessSet, grow

SIGNED = ("log_checkpoints", "log_archive")
LOG = ("log_tiles", "ledger")


def emptied(url: str, *tables: str, batches: str | None = None) -> None:
    with owner_without_triggers(url) as owner:
        for table in tables:
            owner.execute(f"DELETE FROM {table}".encode())
        if batches is not None:
            owner.execute(f"DELETE FROM log_batches WHERE {batches}".encode())


@pytest.fixture
def witnesses(
    signer: SignerFixture, tmp_path: Path, clock: Clock
) -> Iterator[WitnessSet]:
    one = WitnessSet(signer, tmp_path, clock)
    yield one
    one.servers.close()


def test_an_empty_record_is_fine_until_something_was_in_it(
    log: LogFixture, signer: SignerFixture, app: Owner
) -> None:
    trust = Trust(signer.keys.verifiers)
    assert check(app, trust).status is Status.INTACT
    publish_keys(app, signer.keys)
    assert check(app, trust).status is Status.INTACT
    grow(log, signer)
    assert check(app, trust).status is Status.INTACT
    emptied(log.url, *SIGNED, *LOG, "events", batches="size > 0")
    verdict = check(app, trust)
    assert (verdict.status, verdict.intact) == (Status.UNSIGNED, False)
    assert verdict.said is not None
    assert "is empty, but events were stored in it once; yet" in verdict.said


def test_a_record_whose_signatures_were_taken_away(record: SignedRecord) -> None:
    emptied(record.log.url, *SIGNED)
    verdict = record.verify()
    assert (verdict.status, verdict.intact) == (Status.UNSIGNED, False)
    assert verdict.unsigned == verdict.entries > 0
    assert verdict.said is not None
    assert "no signed checkpoint" in verdict.said
    assert "the log's keys are published (the first made 2026-" in verdict.said
    assert record.verify(record.cases[0]).status is Status.UNSIGNED
    assert record.verify(None, [Kept("kept", record.signer.remembered())]).intact


def test_a_record_of_which_only_events_are_left(record: SignedRecord) -> None:
    emptied(record.log.url, *SIGNED, *LOG, batches="size > 0")
    verdict = record.verify()
    assert (verdict.status, verdict.unordered) == (Status.UNSIGNED, record.total)
    found = record.found(None, [Kept("kept", record.signer.remembered())])
    assert "the log was cut" in found.said


@pytest.mark.parametrize("case", [None, UUID(int=1)])
def test_a_log_without_a_beginning(record: SignedRecord, case: UUID | None) -> None:
    emptied(record.log.url, *SIGNED, *LOG, batches="true")
    found = record.found(case)
    assert (found.property, found.case) == (Property.TREE, None)
    assert "lost its beginning" in found.said


def test_the_audit_complains_if_nothing_is_ever_signed(
    record: SignedRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    emptied(record.log.url, *SIGNED)
    now = 1_000.0
    monkeypatch.setattr("application.log.fsck.auditor.time.monotonic", lambda: now)
    one = Auditor(record.log.url, lambda: Trust(record.signer.keys.verifiers))

    def said() -> str | None:
        while one.tick():
            pass
        return {part.part: part.problem for part in reports(record.app)}["auditor"]

    assert said() is None
    now += UNSIGNED_SECONDS
    assert "no signed checkpoint" in (said() or "")
    one.close()


def test_a_case_that_there_is_not(record: SignedRecord) -> None:
    verdict = record.verify(case := uuid4())
    assert (verdict.status, verdict.intact) == (Status.ABSENT, False)
    assert verdict.said == f"there is no case {case} in this record"
    record.app.execute(
        "INSERT INTO imported_bundles VALUES (%s, 3, 'other.example/log', 9,"
        " sha256('x'), gen_random_uuid(), 'x', now())",
        (case,),
    )
    said = record.verify(case).said
    assert said is not None
    assert "is of another log, other.example/log, for which this one does not" in said
    assert "`redress verifier`" in said


def test_a_case_newer_than_an_old_backup_is_not_said_to_be_none(
    record: SignedRecord,
) -> None:
    """And an old one is not blamed for it."""
    kept = [Kept("kept", record.signer.remembered())]
    sizes = record.app.execute("SELECT size FROM log_batches ORDER BY size").fetchall()
    with owner_without_triggers(record.log.url) as owner:
        cut_log(owner, sizes[2][0])
    for case in (None, record.cases[0], record.cases[-1], uuid4()):
        found = record.found(case, kept)
        assert (found.property, found.case) == (Property.TREE, None)
        assert "the log was cut: the checkpoint (kept) covers more" in found.said


def asked(signer: SignerFixture, quorum: str) -> TrustPolicy:
    lines = [f"log {key.vkey}" for key in signer.keys.verifiers]
    return parse_policy("\n".join([*lines, f"quorum {quorum}", ""]).encode())


def test_a_quorum_that_is_missed(
    log: LogFixture, signer: SignerFixture, witnesses: WitnessSet, app: Owner
) -> None:
    def verdict(policy: TrustPolicy | None) -> Verdict:
        return check(app, Trust(signer.keys.verifiers, policy))

    grow(log, signer)
    missed = verdict(witnesses.policy())
    assert (missed.status, missed.quorum) == (Status.UNWITNESSED, False)
    assert missed.said is not None
    assert "the quorum 'all-of-them' that the policy asks for" in missed.said
    for policy in (None, asked(signer, "none")):
        one = verdict(policy)
        assert (one.status, one.quorum) == (Status.INTACT, None)
    assert witnesses.collect(log.url) == 1
    first = verdict(witnesses.policy())
    assert (first.status, first.quorum) == (Status.INTACT, True)
    grow(log, signer)
    later = verdict(witnesses.policy())
    assert (later.size, later.quorum) == (first.size, True)
    assert later.signed == later.entries > later.size


def test_the_command_line_has_a_status_for_each(
    record: SignedRecord, tmp_path: Path
) -> None:
    environ = {
        "DATABASE_URL": record.log.url,
        "REDRESS_HOME": str(tmp_path),
        "REDRESS_LOG_KEY": str(tmp_path / "log.json"),
        "REDRESS_LOG_STATE": str(tmp_path / "none.json"),
    }
    done = run(str(uuid4()), **environ)
    assert (done.returncode, done.stderr) == (4, "")
    assert "redress verify: there is no case" in done.stdout
    record.log.tell()
    told = run(**environ).stdout
    assert "events have no position yet" in told
    plain, _ = record.signer.keys.verifiers
    policy = tmp_path / "policy"
    policy.write_text(f"log {plain.vkey}\nquorum none\n")
    done = run(**environ, REDRESS_LOG_POLICY=str(policy))
    assert done.returncode == 0, done.stderr
    assert "times were not checked" in done.stdout
    emptied(record.log.url, *SIGNED)
    done = run("--json", **environ)
    assert done.returncode == 3
    told_so = json.loads(done.stdout)
    assert (told_so["status"], told_so["intact"]) == ("unsigned", False)
    assert told_so["quorum"] is None

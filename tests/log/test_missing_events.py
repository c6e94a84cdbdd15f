"""Events and cases that the database's owner takes out, and what names them."""

from __future__ import annotations

import pytest

from application.log.fsck.finding import Property
from application.log.fsck.trusted_checkpoints import Trust
from application.log.fsck.whole_record import check
from tests.log.log_fixture import LogFixture
from tests.log.owner_edits import owner_without_triggers
from tests.log.signed_record import (
    LONG,
    Owner,
    SignedRecord,
    close_ranks,
    place,
    rebuild_log,
    remove,
)
from tests.log.signer_fixture import SignerFixture


@pytest.mark.parametrize("ledger", [False, True])
@pytest.mark.parametrize("renumbered", [False, True])
@pytest.mark.parametrize("version", [7, LONG])
def test_an_event_taken_from_the_middle_or_the_end(
    record: SignedRecord, version: int, *, ledger: bool, renumbered: bool
) -> None:
    case = record.cases[5]
    position = record.position(case, version)
    with owner_without_triggers(record.log.url) as owner:
        remove(owner, case, range(version, version + 1), ledger=ledger)
        if renumbered and ledger:
            close_ranks(owner)
    whole = record.found()
    if not (renumbered and ledger):
        assert place(whole) == (Property.LEDGER, case, version, position)
    else:
        assert whole.property in {Property.LOG, Property.CHAIN}
        assert whole.position == position
    one = record.found(case)
    assert (one.case, one.version) == (case, version)
    assert one.property in {Property.LEDGER, Property.HEAD}


@pytest.mark.parametrize("renumbered", [False, True])
def test_a_whole_case_taken_out(record: SignedRecord, *, renumbered: bool) -> None:
    case = record.cases[6]
    first = record.position(case, 1)
    with owner_without_triggers(record.log.url) as owner:
        remove(owner, case, range(1, LONG + 1), ledger=True)
        if renumbered:
            close_ranks(owner)
    found = record.found()
    assert found.position == first
    if not renumbered:
        assert (found.property, found.case) == (Property.LEDGER, case)
        assert found.version == 1
    one = record.found(case)
    assert (one.property, one.case, one.version) == (Property.HEAD, case, 1)
    assert one.expected == f"version {LONG}"


@pytest.mark.parametrize("ledger_alone", [False, True])
def test_two_cases_are_never_taken_for_one_another(
    record: SignedRecord, *, ledger_alone: bool
) -> None:
    """The one whose next event comes first is not the one that is lost first."""
    holes = [(record.cases[4], 5), (record.cases[5], 5), (record.cases[6], 3)]
    holes += [(case, version + 1) for case, version in holes]
    with owner_without_triggers(record.log.url) as owner:
        positions = {record.position(*one): one for one in holes}
        for case, version in holes:
            if not ledger_alone:
                remove(owner, case, range(version, version + 1), ledger=True)
            else:
                owner.execute(
                    "DELETE FROM ledger WHERE originator_id = %s"
                    " AND originator_version = %s",
                    (case, version),
                )
    found = record.found()
    first = min(positions)
    assert found.position == first
    assert (found.case, found.version) in {positions[first], (None, None)}
    if ledger_alone:
        assert (found.case, found.version) == positions[first]


def test_a_case_of_one_batch_taken_out_is_named_from_its_first_version(
    log: LogFixture, signer: SignerFixture, app: Owner
) -> None:
    log.tell_mixed(3)
    log.build()
    _, gone, _ = (log.tell() for _ in range(3))
    log.build()
    signer.sign()
    with owner_without_triggers(log.url) as owner:
        remove(owner, gone, range(1, LONG + 1), ledger=True)
    found = check(app, Trust(signer.keys.verifiers)).finding
    assert found is not None
    assert place(found) == (Property.LEDGER, gone, 1, 4 * LONG + 1)


def test_the_last_case_cut_short_with_the_log_rebuilt_over_it(
    record: SignedRecord,
) -> None:
    case, _, _ = record.at(record.total)
    with owner_without_triggers(record.log.url) as owner:
        position = record.total
        while record.at(position)[0] == case:
            position -= 1
        owner.execute(
            "DELETE FROM events USING ledger l WHERE l.position > %s"
            " AND l.notification_id = events.notification_id",
            (position,),
        )
        owner.execute("DELETE FROM ledger WHERE position > %s", (position,))
        rebuild_log(record, owner, position)
    found = record.found()
    assert found.property is Property.TREE
    assert "covers more" in found.said or "another root" in found.said

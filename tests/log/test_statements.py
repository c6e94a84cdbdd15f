"""Who appended an event: told by the application's signature, not by the database."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from psycopg import Connection
from psycopg.rows import TupleRow

from application.log.format.note import NoteMalformed
from application.log.format.verifier_keys import Algorithm
from application.log.fsck.finding import Finding, Property
from application.log.fsck.trusted_checkpoints import Trust
from application.log.fsck.verdict import Verdict
from application.log.fsck.whole_record import check
from application.log.sign.checkpoint_store import keys
from application.log.sign.key_history import followed, rotated, without_old
from application.log.sign.statement_keys import (
    StatementKey,
    endorsed,
    key_name,
    published,
    renewed,
    trusted,
)
from application.record.envelope import Recorded, encode, leaf, topic
from application.record.statements import HEADING, Sign, parted, stated
from domain.case.events import DisputeEvent
from domain.mediators.events import NoteAdded
from domain.roles import CLOCK, Actor
from domain.ruling.events import Ruled
from tests.log.log_fixture import STORY, LogFixture
from tests.log.signer_fixture import ORIGIN, SignerFixture
from tests.samples import MEDIATOR, NOW
from tests.statement_key_file import made_statement_key

App = Connection[TupleRow]
END = len(STORY)


@pytest.fixture
def key(tmp_path: Path, signer: SignerFixture, log: LogFixture) -> StatementKey:
    """The application's key, endorsed by the log, with which events are appended."""
    one = made_statement_key(tmp_path, ORIGIN)
    signer.keys = endorsed(signer.keys, [one.vkey])
    log.sign_as(one.sign)
    return one


@pytest.fixture
def case(log: LogFixture, signer: SignerFixture, key: StatementKey) -> UUID:
    """A closed case among others, all of them signed by the application."""
    del key
    log.tell()
    one = log.tell()
    log.build()
    signer.sign()
    return one


def verdict(app: App, signer: SignerFixture, case: UUID | None = None) -> Verdict:
    return check(app, Trust(signer.keys.verifiers), case=case)


def found(app: App, signer: SignerFixture, case: UUID | None = None) -> Finding:
    one = verdict(app, signer, case).finding
    assert one is not None
    return one


def put_in(
    app: App,
    case: UUID,
    event: DisputeEvent,
    actor: Actor,
    *,
    statement: bytes = b"",
    sign: Sign | None = None,
) -> bytes:
    """Append an event by SQL, as whoever has the application's password can."""
    row = app.execute(
        "SELECT state FROM events WHERE originator_id = %s"
        " ORDER BY originator_version DESC LIMIT 1",
        (case,),
    ).fetchone()
    assert row is not None
    state = encode(
        Recorded(
            case=case,
            version=END + 1,
            at=NOW,
            recorded_at=NOW,
            actor=actor,
            command_id=uuid4(),
            policy="cn-default/1",
            prev=leaf(row[0]),
            event=event,
        )
    )
    if statement:
        sign = lambda _: statement  # noqa: E731 - as short as it is
    if sign is not None:
        state = stated(state, sign)
    app.execute(
        "INSERT INTO events (originator_id, originator_version, topic, state)"
        " VALUES (%s, %s, %s, %s)",
        (case, END + 1, topic(event), state),
    )
    return state


def test_what_the_application_appends_is_vouched_for(
    app: App, signer: SignerFixture, case: UUID
) -> None:
    for one in (verdict(app, signer), verdict(app, signer, case)):
        assert one.intact
        assert (one.vouched, one.unstated) == (True, 0)
        assert one.stated == one.events > 0


def test_an_event_put_in_by_sql_is_told_apart(
    app: App, signer: SignerFixture, case: UUID, log: LogFixture
) -> None:
    # As it could be: the lifecycle lets a mediator add a note to a closed case.
    put_in(app, case, NoteAdded(text="settled by telephone"), MEDIATOR)
    log.build()
    signer.sign()
    for one in (found(app, signer), found(app, signer, case)):
        assert (one.property, one.case, one.version) == (
            Property.STATEMENT,
            case,
            END + 1,
        )


def test_a_statement_about_other_bytes_or_by_another_key_counts_for_nothing(
    app: App, signer: SignerFixture, case: UUID, log: LogFixture, tmp_path: Path
) -> None:
    (state,) = app.execute(
        "SELECT state FROM events WHERE originator_id = %s LIMIT 1", (case,)
    ).fetchone() or (b"",)
    theirs = parted(state)[1]
    assert theirs is not None
    event = NoteAdded(text="settled by telephone")
    put_in(app, case, event, MEDIATOR, statement=theirs)
    log.build()
    assert "not signed these bytes" in found(app, signer).said
    other = made_statement_key(tmp_path / "other", ORIGIN)
    stolen = log.tell()
    put_in(app, stolen, event, MEDIATOR, statement=other.sign(b"anything"))
    log.build()
    assert "no trusted key" in found(app, signer, stolen).said


def test_events_of_earlier_versions_have_none_and_are_counted(
    app: App, signer: SignerFixture, log: LogFixture, tmp_path: Path
) -> None:
    old = log.tell()
    key = made_statement_key(tmp_path, ORIGIN)
    signer.keys = endorsed(signer.keys, [key.vkey])
    log.sign_as(key.sign)
    log.tell()
    log.build()
    signer.sign()
    assert verdict(app, signer).intact
    assert verdict(app, signer).unstated == END
    assert verdict(app, signer, old).unstated == END


def test_without_a_trusted_key_it_says_that_nobody_was_asked(
    app: App, log: LogFixture, signer: SignerFixture, tmp_path: Path
) -> None:
    log.sign_as(made_statement_key(tmp_path, ORIGIN).sign)
    log.tell()
    log.build()
    signer.sign()
    one = verdict(app, signer)
    assert (one.intact, one.vouched, one.stated) == (True, False, END)


def test_a_renewed_key_is_trusted_beside_the_old_one(
    app: App, signer: SignerFixture, case: UUID, log: LogFixture, key: StatementKey
) -> None:
    del case
    fresh = StatementKey(renewed(key.file, NOW))
    assert fresh.vkey != key.vkey
    assert [one.seed is None for one in fresh.file.keys] == [True, False]
    log.sign_as(fresh.sign)
    one = log.tell()
    log.build()
    signer.sign()
    assert found(app, signer, one).property is Property.STATEMENT
    signer.keys = endorsed(signer.keys, [fresh.vkey])
    signer.sign()
    assert verdict(app, signer).intact


def test_after_a_rotation_the_new_key_alone_leads_to_all_others(
    app: App, signer: SignerFixture, case: UUID, log: LogFixture
) -> None:
    signer.keys = without_old(rotated(signer.keys, NOW))
    log.tell()
    log.build()
    signer.sign()
    (newest,) = (
        signer.keys.verifier(one)
        for one in signer.keys.active
        if one.algorithm is Algorithm.ED25519
    )
    notes = [one.endorsement for one in keys(app) if one.endorsement]
    assert {key.algorithm for key in followed([newest], notes)} == {
        Algorithm.ED25519,
        Algorithm.ML_DSA_44_COSIGNATURE,
    }
    endorsements = [one.endorsement for one in published(app)]
    assert len(trusted([newest], endorsements)) == 1
    assert verdict(app, signer, case).intact


def test_an_endorsement_that_the_log_has_not_signed_counts_for_nothing(
    app: App, signer: SignerFixture, case: UUID, log: LogFixture, tmp_path: Path
) -> None:
    other = made_statement_key(tmp_path / "other", ORIGIN)
    forger = SignerFixture(log.url, tmp_path / "forger", signer.clock)
    note = endorsed(forger.keys, [other.vkey]).statements[0]
    app.execute("INSERT INTO statement_keys VALUES (%s, %s)", (other.vkey, note))
    log.sign_as(other.sign)
    log.tell()
    log.build()
    assert len(published(app)) == 2
    assert "no trusted key" in found(app, signer).said
    assert verdict(app, signer, case).intact


def test_only_a_key_of_this_log_s_application_is_endorsed(
    signer: SignerFixture, tmp_path: Path
) -> None:
    other = made_statement_key(tmp_path, "another.example/log")
    with pytest.raises(NoteMalformed, match=key_name("another.example/log")):
        endorsed(signer.keys, [other.vkey])
    with pytest.raises(NoteMalformed):
        endorsed(signer.keys, [signer.keys.verifiers[0].vkey])


def test_a_ruling_by_the_clock_in_a_closed_case_is_out_of_order(
    app: App, signer: SignerFixture, log: LogFixture
) -> None:
    # Without statements, as of before: the lifecycle alone does not allow it.
    case = log.tell()
    put_in(app, case, next(one for one in STORY if isinstance(one, Ruled)), CLOCK)
    log.build()
    signer.sign()
    for one in (found(app, signer), found(app, signer, case)):
        assert (one.property, one.case, one.version) == (Property.ORDER, case, END + 1)
        assert "no clock" in one.said


def test_an_event_of_another_phase_is_out_of_order(
    app: App, signer: SignerFixture, log: LogFixture
) -> None:
    case = log.tell()
    put_in(app, case, STORY[-1], CLOCK)
    log.build()
    signer.sign()
    for one in (found(app, signer), found(app, signer, case)):
        assert (one.property, one.version) == (Property.ORDER, END + 1)
        assert "no 'closed' in the phase closed" in one.said


def test_a_statement_is_cut_out_of_the_end_only(key: StatementKey) -> None:
    state = b'{"case":"x","event":{"type":"filed"}}'
    with_one = stated(state, key.sign)
    assert parted(with_one) == (HEADING + state, key.sign(HEADING + state))
    assert parted(state) == (HEADING + state, None)
    assert parted(b"{}")[1] is None
    # Base64 in another form would be other bytes of the same statement.
    odd = with_one[:-3] + b'*"}'
    assert parted(odd)[1] == b""

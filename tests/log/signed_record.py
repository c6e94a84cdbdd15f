"""A signed record, and the hands of an owner who rewrites it with triggers off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import TupleRow

from application.log.build.batches import tip
from application.log.build.integrate import LogBuilder
from application.log.fsck.finding import Finding, Property
from application.log.fsck.trusted_checkpoints import Kept, Trust
from application.log.fsck.verdict import Verdict
from application.log.fsck.whole_record import check
from application.record.envelope import decode, encode, leaf
from tests.log.log_fixture import STORY, LogFixture
from tests.log.signer_fixture import SignerFixture

Owner = Connection[TupleRow]
LONG = len(STORY)


class SignedRecord:
    """A log of mixed cases, signed several times, and what its owner does to it."""

    def __init__(
        self, log: LogFixture, signer: SignerFixture, app: Connection[TupleRow]
    ) -> None:
        self.log, self.signer, self.app = log, signer, app
        self.cases: list[UUID] = []
        for seed in range(4):
            log.now = signer.clock.now
            self.cases += log.tell_mixed(4, seed)
            log.build()
            signer.sign()
            signer.clock.forward(minutes=11)
        self.total = tip(app).position

    def verify(
        self, case: UUID | None = None, kept: list[Kept] | None = None
    ) -> Verdict:
        return check(self.app, Trust(self.signer.keys.verifiers), kept or [], case)

    def found(self, *arguments: Any) -> Finding:
        verdict = self.verify(*arguments)
        assert not verdict.intact
        assert verdict.finding is not None
        return verdict.finding

    def at(self, position: int) -> tuple[UUID, int, bytes]:
        row = self.app.execute(
            "SELECT e.originator_id, e.originator_version, e.state FROM ledger"
            " JOIN events e USING (notification_id) WHERE position = %s",
            (position,),
        ).fetchone()
        assert row is not None
        return row[0], row[1], row[2]

    def position(self, case: UUID, version: int) -> int:
        row = self.app.execute(
            "SELECT position FROM ledger WHERE originator_id = %s"
            " AND originator_version = %s",
            (case, version),
        ).fetchone()
        assert row is not None
        return int(row[0])


def place(finding: Finding) -> tuple[Property, UUID | None, int | None, int | None]:
    return finding.property, finding.case, finding.version, finding.position


def set_state(owner: Owner, case: UUID, version: int, state: bytes) -> None:
    owner.execute(
        "UPDATE events SET state = %s WHERE originator_id = %s"
        " AND originator_version = %s",
        (state, case, version),
    )


def remove(owner: Owner, case: UUID, versions: range, *, ledger: bool) -> None:
    for table in ("events", "ledger")[: 1 + ledger]:
        owner.execute(
            f"DELETE FROM {table} WHERE originator_id = %s"
            " AND originator_version = ANY(%s)".encode(),
            (case, list(versions)),
        )


def close_ranks(owner: Owner) -> None:
    """Number the ledger's positions anew, without gaps."""
    owner.execute(
        "UPDATE ledger SET position = -n FROM (SELECT notification_id,"
        " row_number() OVER (ORDER BY notification_id) AS n FROM ledger) AS new"
        " WHERE new.notification_id = ledger.notification_id"
    )
    owner.execute("UPDATE ledger SET position = -position")


def rechain(owner: Owner, case: UUID) -> None:
    """Make a case's chain and leaves consistent again."""
    rows = owner.execute(
        "SELECT originator_version, state FROM events WHERE originator_id = %s"
        " ORDER BY originator_version",
        (case,),
    ).fetchall()
    before = None
    for version, state in rows:
        again = encode(replace(decode(state), prev=before))
        set_state(owner, case, version, again)
        before = leaf(again)
    owner.execute(
        "UPDATE ledger SET leaf = sha256('\\x00'::bytea || state) FROM events e"
        " WHERE e.notification_id = ledger.notification_id"
    )


def rebuild_log(record: SignedRecord, owner: Owner, upto: int = 1 << 60) -> None:
    """Build tiles and batches anew over what is there now, within the old bounds."""
    bounds = owner.execute(
        "SELECT position FROM log_batches WHERE size > 0 ORDER BY size"
    ).fetchall()
    owner.execute("DELETE FROM log_tiles")
    owner.execute("DELETE FROM log_batches WHERE size > 0")
    owner.execute("CREATE TABLE IF NOT EXISTS hidden AS SELECT * FROM ledger")
    owner.execute("DELETE FROM ledger")
    for (end,) in bounds:
        position = min(end, upto)
        owner.execute(
            "INSERT INTO ledger SELECT * FROM hidden h WHERE position <= %s"
            " AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.position = h.position)",
            (position,),
        )
        owner.commit()
        builder = LogBuilder(record.log.url)
        builder.lock = 1
        while builder.tick():
            pass
        builder.close()
    owner.execute("DROP TABLE hidden")


def inserted(owner: Owner, case: UUID, version: int, state: bytes, at: int) -> None:
    owner.execute(
        "INSERT INTO events (originator_id, originator_version, topic, state,"
        " notification_id) OVERRIDING SYSTEM VALUE VALUES (%s, %s, 'filed', %s, %s)",
        (case, version, state, at),
    )

"""What has to hold of each event, by itself and after the one before it in its case."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import msgspec

from application.log.fsck.finding import Differs, Finding, Property
from application.log.fsck.record_rows import Chained, CheckedRow, decode_chained


def check_row(row: CheckedRow) -> Chained:
    """Return what an event's bytes say; raise Differs unless row, leaf and chain agree.

    Each check relies on those before it, so the first that fails names the cause.
    """
    _, _, version, leaf, before, stored_there, topic, state, _ = row
    if state is None:
        raise _differs(row, Property.LEDGER, "the event of this position is missing")
    computed = sha256(b"\x00" + state).digest()
    if computed != leaf:
        raise _differs(
            row,
            Property.BYTES,
            "the stored event does not hash to the ledger's leaf",
            leaf.hex(),
            computed.hex(),
        )
    chained = _decoded(row, state)
    if not stored_there or chained.event.type != topic or not _is_placed(row, chained):
        raise _misplaced(row, chained)
    if chained.prev != before or (before is None and version != 1):
        raise _unchained(row, chained)
    return chained


def back_dated(row: CheckedRow, chained: Chained, floor: float) -> Finding:
    """Return the finding for an event that states a time before it can be recorded."""
    said = "the event is back-dated, or a signer's clock was ahead once: a checkpoint"
    since = datetime.fromtimestamp(floor, UTC)
    return _differs(
        row,
        Property.TIME,
        f"{said} without it was signed before",
        f"a time after {since.isoformat()}",
        chained.recorded_at.isoformat(),
    ).finding


def _is_placed(row: CheckedRow, chained: Chained) -> bool:
    return chained.case == row[1] and chained.version == row[2]


def _decoded(row: CheckedRow, state: bytes) -> Chained:
    try:
        return decode_chained(state)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        said = f"the stored bytes are not an event: {error}"
        raise _differs(row, Property.ENVELOPE, said) from None


def _misplaced(row: CheckedRow, chained: Chained) -> Differs:
    where = f"{row[6]} of case {row[1]}, version {row[2]}"
    if not row[5]:
        said = "the ledger gives this position to another event than the record"
        return _differs(row, Property.LEDGER, said)
    return _differs(
        row,
        Property.ENVELOPE,
        "the event's bytes say another case, version or kind than its row",
        where,
        f"{chained.event.type} of case {chained.case}, version {chained.version}",
    )


def _unchained(row: CheckedRow, chained: Chained) -> Differs:
    before, version = row[4], row[2]
    if before is None and version != 1:
        said = f"version {version - 1} of the case, which comes before, is missing"
    else:
        said = "the event does not name the one before it in its case"
    return _differs(
        row,
        Property.CHAIN,
        said,
        before.hex() if before else "none",
        chained.prev.hex() if chained.prev else "none",
    )


def _differs(
    row: CheckedRow,
    kind: Property,
    said: str,
    expected: str | None = None,
    got: str | None = None,
) -> Differs:
    position, case, version = row[:3]
    return Differs(
        Finding(
            property=kind,
            said=said,
            case=case,
            version=version,
            position=position,
            expected=expected,
            got=got,
        )
    )

"""Checks who appended each event: its statement, by a key that is trusted."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from psycopg import Connection

from application.log.format.note import KEY_ID_BYTES
from application.log.format.verifier_keys import VerifierKey
from application.log.fsck.finding import Differs, Finding, Property
from application.log.fsck.record_rows import CheckedRow
from application.log.fsck.trusted_checkpoints import Trust
from application.log.sign.checkpoint_store import keys
from application.log.sign.key_history import followed
from application.log.sign.statement_keys import published, trusted
from application.record.statements import parted


def statement_keys(
    connection: Connection[object], trust: Trust
) -> tuple[VerifierKey, ...]:
    """Return the application's keys: those given, and those the log has endorsed."""
    history = [one.endorsement for one in keys(connection) if one.endorsement]
    log_keys = followed(trust.log_keys, history)
    found = trusted(log_keys, [one.endorsement for one in published(connection)])
    return tuple(dict.fromkeys((*trust.statement_keys, *found)))


class Statements:
    """Checks the statements of events, which come in order. Raises Differs.

    Events of earlier versions have none (`unstated`). Once one has, all after it have:
    an event without one was not appended by the application. Without any trusted key
    nothing is checked.
    """

    def __init__(self, trusted_keys: Iterable[VerifierKey]) -> None:
        self._keys = {
            key.key_id: Ed25519PublicKey.from_public_bytes(key.public)
            for key in trusted_keys
        }
        self._since: int | None = None
        self.unstated = self.stated = 0

    @property
    def is_checked(self) -> bool:
        """Tell whether there is a key to check with."""
        return bool(self._keys)

    def take(self, row: CheckedRow) -> None:
        """Check the next event. Raises Differs."""
        message, signed = parted(row[7] or b"")
        if signed is None:
            self._expect_none(row)
            self.unstated += 1
            return
        self.stated += 1
        if not self._keys:
            return
        key = self._keys.get(signed[:KEY_ID_BYTES])
        if key is None:
            raise _differs(row, "its statement is by no trusted key of the application")
        try:
            key.verify(signed[KEY_ID_BYTES:], message)
        except InvalidSignature:
            said = "the application has not signed these bytes"
            raise _differs(row, said) from None
        if self._since is None:
            self._since = row[0]

    def _expect_none(self, row: CheckedRow) -> None:
        if self._since is not None:
            raise _differs(
                row,
                "the application has not signed the event, as it has each one since"
                f" position {self._since}: it was put in past it",
            )


def _differs(row: CheckedRow, said: str) -> Differs:
    position, case, version = row[:3]
    return Differs(
        Finding(
            property=Property.STATEMENT,
            said=said,
            case=case,
            version=version,
            position=position,
        )
    )

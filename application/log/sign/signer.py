"""The signer: signs the tree's head if it goes on from what it signed last.

It has a key and a memory of its own, and trusts the database with neither. It stores
what it signs before it publishes it. Killed in between, it publishes on its next start;
the other way round, it could publish a tree, forget it, and sign another of that size.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from application.jobs.leader import LeaderJob
from application.jobs.locks import SIGNING
from application.jobs.status import SIGNER, report
from application.jobs.wakeup import LOG
from application.log.build.batches import Batch, batch_of_size, tip
from application.log.build.stored_tree import StoredTree
from application.log.build.waiting_events import first_unlogged
from application.log.format.checkpoint import Checkpoint, parse_checkpoint
from application.log.format.note import Note
from application.log.format.verifier_keys import seals
from application.log.sign import key_ends, statement_keys
from application.log.sign.append_only import LogInconsistent, check_goes_on, is_new
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import (
    Published,
    latest,
    publish,
    publish_keys,
)
from application.log.sign.key_file import KeyFile
from application.log.sign.last_signed import LastSigned, StateFile, StateUnusable
from application.operator_error import OperatorError
from application.privacy.master_key import KeyFileUnusable

PERIOD_SECONDS = 1.0
MOST_BEHIND = timedelta(minutes=5)
"""How long ago an event may be recorded that the signed tree does not hold yet: half of
what counts as back-dated, which leaves the rest to appends that have not ended."""

CLOCK_SLACK = 60
"""How far the clock may be behind the time signed last, in seconds, unreported."""


class Signer(LeaderJob):
    """Signs the log every second while it grows.

    `adopt`: without a memory, take the published checkpoint as what was signed last.
    `changed` returns the key file if it has changed, else None.
    """

    name = SIGNER
    lock = SIGNING
    channels = (LOG,)
    # It also signs by time: what was too old to be signed may be no more.
    idle_seconds = PERIOD_SECONDS

    def __init__(
        self,
        url: str,
        keys: KeyFile,
        state: StateFile,
        clock: Callable[[], datetime],
        *,
        adopt: bool = False,
        period: float = PERIOD_SECONDS,
        changed: Callable[[], KeyFile | None] = lambda: None,
    ) -> None:
        super().__init__(url)
        self._keys, self._state, self._clock = keys, state, clock
        self._adopt, self._period, self._changed = adopt, period, changed
        self._last: LastSigned | None = None

    def take_up(self) -> None:
        """Read what was signed last, and publish it if that has not happened.

        Raises StateUnusable or LogInconsistent.
        """
        self._state.hold()
        self._publish_keys(self._keys)
        try:
            self._last = self._state.read() or self._published()
            if self._last is not None:
                self._publish(self._last)
        except OperatorError as problem:
            self._complain(problem)
            raise

    def close(self) -> None:
        """Give up leadership, and let another signer use the state file."""
        super().close()
        self._state.release()

    def work(self) -> int:
        """Sign the tree's head if the log has grown; return 1 then."""
        try:
            self._look_for_keys()
            # The time first: whatever was recorded before it is seen below, unless its
            # append has not ended yet.
            now = self._clock()
            head = tip(self.connection)
            if not is_new(head, self._checkpoint) or self._is_behind(head, now):
                return 0
            self._sign(head, int(now.timestamp()))
        except (OperatorError, OSError) as problem:
            self._complain(problem)
            raise
        return 1

    def _look_for_keys(self) -> None:
        """Continue with the key file if it has changed. Raises KeyFileUnusable."""
        keys = self._changed()
        if keys is None:
            return
        if keys.name != self._keys.name:
            raise KeyFileUnusable(f"the key file became one of {keys.name}")
        # Published before they sign: a reader finds the endorsement of each new key.
        self._publish_keys(keys)
        self._keys = keys

    def _publish_keys(self, keys: KeyFile) -> None:
        publish_keys(self.connection, keys)
        statement_keys.publish(self.connection, keys)
        key_ends.publish(self.connection, keys)

    def rest(self, done: int) -> float:
        """Wait for more entries to sign at once."""
        return self._period if done else 0.0

    @property
    def _checkpoint(self) -> Checkpoint | None:
        return self._last.checkpoint if self._last else None

    def _is_behind(self, head: Batch, now: datetime) -> bool:
        """Tell whether the log has still to take up events of long ago.

        A signature states that nothing older is missing. After a long stop of the
        worker, or a jump of a sandbox's clock, it waits until that is true: else the
        events that the log takes up later would look back-dated for ever.
        """
        waiting = first_unlogged(self.connection, head.position)
        return waiting is not None and now - waiting > MOST_BEHIND

    def _sign(self, head: Batch, now: int) -> None:
        check_goes_on(StoredTree(self.connection), head, self._checkpoint)
        checkpoint = Checkpoint(self._keys.name, head.size, head.root)
        # A signed time is never taken back, even if the clock is.
        moment = max(now, self._last.time if self._last else 0)
        note = Note(checkpoint.text, self._keys.signatures(checkpoint, moment))
        signed = LastSigned(note=str(note), time=moment)
        self._state.write(signed)
        self._last = signed
        self._publish(signed)

    def _publish(self, signed: LastSigned) -> None:
        checkpoint, at = signed.checkpoint, self._clock()
        # On a start it may be an old backup, which lacks the tree that was signed.
        batch = batch_of_size(self.connection, checkpoint.size)
        if batch is None or batch.root != checkpoint.root:
            raise LogInconsistent(
                f"the log lost what was signed: at {checkpoint.size} entries there"
                f" is {'another tree' if batch else 'no tree'}"
            )
        one = Published(size=checkpoint.size, note=signed.note, at=at)
        publish(self.connection, Kind.SIGNED, one)
        behind = signed.time - self._now()
        late = f"the clock is {behind} s behind what was signed before"
        problem = late if behind > CLOCK_SLACK else None
        report(self.connection, SIGNER, checkpoint.size, problem, at)

    def _published(self) -> LastSigned | None:
        """Return the published checkpoint to go on from, None if nothing is published.

        Raises StateUnusable unless the operator has said to adopt it: the database is
        what the signer must not trust.
        """
        published = latest(self.connection, Kind.SIGNED)
        if published is None:
            return None
        if not self._adopt:
            raise StateUnusable(
                f"{self._state.path} is lost, and {published.size} entries were signed"
                " before: put it back, or accept the published checkpoint with"
                " `redress sign --adopt`"
            )
        held = seals(*parse_checkpoint(published.note), self._keys.verifiers)
        if not held:
            raise StateUnusable("the published checkpoint is not signed with this key")
        moment = max(seal.time or 0 for seal in held)
        adopted = LastSigned(note=published.note, time=moment)
        self._state.write(adopted)
        return adopted

    def _complain(self, problem: Exception) -> None:
        reached = self._checkpoint.size if self._checkpoint else 0
        report(self.connection, SIGNER, reached, str(problem), self._clock())

    def _now(self) -> int:
        return int(self._clock().timestamp())

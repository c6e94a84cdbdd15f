"""Follows logs by their URLs for a witness, and reports what is wrong with them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from threading import Event

from application.log.format.checkpoint import Checkpoint
from application.log.format.merkle_proofs import ProofWrong
from application.log.format.note import Note
from application.log.witness.remote_log import RemoteLog
from application.log.witness.trust_policy import TrustPolicy
from application.log.witness.witness import Declined, Witness, submission_text
from application.operator_error import OperatorError

EVERY_SECONDS = 10.0

_log = logging.getLogger(__name__)


class LogFollower:
    """Looks regularly at every log of a policy that has a URL."""

    def __init__(
        self, witness: Witness, policy: TrustPolicy, every: float = EVERY_SECONDS
    ) -> None:
        self._witness, self._every = witness, every
        self._logs = {one.key.name: one.url for one in policy.logs if one.url}
        self.problems: dict[str, str] = {}

    @property
    def follows(self) -> Mapping[str, str]:
        """Return the URL of each log that is followed, by its origin."""
        return self._logs

    def run(self, stop: Event) -> None:
        """Follow until stopped."""
        while not stop.is_set():
            self.round()
            stop.wait(self._every)

    def round(self) -> bool:
        """Look at each log once; return whether all of them are well."""
        for origin, url in self._logs.items():
            try:
                self._look(origin, url)
            except (OperatorError, Declined, OSError) as error:
                self._note(origin, " ".join(str(error).split()))
            except Exception as error:  # noqa: BLE001 - one log must not end the others
                # What a log sends can be anything; its message may be as long as that.
                self._note(
                    origin, f"it sent what cannot be read: {type(error).__name__}"
                )
            else:
                self.problems.pop(origin, None)
        return not self.problems

    def _look(self, origin: str, url: str) -> None:
        log = RemoteLog(url)
        checkpoint, note = log.checkpoint()
        if checkpoint.origin != origin:
            raise OperatorError(f"{url} is the log {checkpoint.origin}, not {origin}")
        self._follow_ends(log)
        self._follow_keys(log, checkpoint, note)
        last = self._witness.last(origin)
        old = last.checkpoint.size if last else 0
        if checkpoint.size < old:
            raise OperatorError(
                f"the log shrank or is stale: {old} entries were cosigned,"
                f" {checkpoint.size} are shown"
            )
        is_seen = last is not None and last.checkpoint.text == checkpoint.text
        if not is_seen and checkpoint.size > 0:
            proof = log.consistency(old, checkpoint.size) if old else []
            body = submission_text(old, proof, str(note)).encode()
            try:
                self._witness.add(body)
            except Declined as error:
                if error.status == HTTPStatus.UNPROCESSABLE_ENTITY and old:
                    self._keep_fork(log, body, old, checkpoint.size)
                raise

    def _follow_ends(self, log: RemoteLog) -> None:
        """Learn where keys ended, from a log that says so."""
        # Logs of other programs have no such list.
        with suppress(OperatorError):
            ends = log.key_ends()
            self._witness.follow(log.endorsements() if ends else (), ends)

    def _follow_keys(self, log: RemoteLog, checkpoint: Checkpoint, note: Note) -> None:
        """Trust newer keys that the trusted ones endorsed, if none of those signed."""
        try:
            self._witness.check_signed(checkpoint, note)
        except Declined as error:
            try:
                self._witness.follow(log.endorsements())
            except OperatorError:
                raise error from None
            self._witness.check_signed(checkpoint, note)

    def _keep_fork(self, log: RemoteLog, body: bytes, old: int, new: int) -> None:
        # If the old size is a power of two, the proof leaves the old root out, and does
        # not show which other tree the new one begins with: the log's tiles do. They
        # may not answer, or not fit the proof; then there is nothing to keep, and the
        # checkpoint was declined anyway.
        with suppress(OperatorError, ProofWrong):
            self._witness.keep_fork(body, log.beginning(old, new))

    def _note(self, origin: str, problem: str) -> None:
        if self.problems.get(origin) != problem:
            _log.warning("%s: %s", origin, problem)
        self.problems[origin] = problem

"""Collects cosignatures, and publishes a checkpoint once a quorum has cosigned it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from msgspec.structs import replace

from application.jobs.leader import LeaderJob
from application.jobs.locks import COLLECTING
from application.jobs.status import COSIGNATURES, fork, report, witness_part
from application.log.format.checkpoint import parse_checkpoint
from application.log.format.note import Note, Signature
from application.log.format.verifier_keys import seals
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import latest, publish
from application.log.witness.http_client import SECONDS
from application.log.witness.trust_policy import Trusted, TrustPolicy
from application.log.witness.witness_client import (
    Contradicted,
    CosignatureRequest,
    WitnessClient,
)
from application.operator_error import OperatorError

REST_SECONDS = 2.0
GRACE_SECONDS = 1.0
"""How long, after a quorum has cosigned, others may still add their cosignatures."""

# Threads. Each late witness keeps one busy, over several rounds, until its time is up;
# the others must not wait for one meanwhile.
AT_ONCE = 32
Answered = Future[tuple[Signature, ...]]


class Collector(LeaderJob):
    """Sends every new checkpoint to the witnesses of a policy that have a URL.

    A late witness holds up nobody; it is asked again once it has answered.
    """

    name = COSIGNATURES
    lock = COLLECTING
    channels = ()

    def __init__(
        self, url: str, policy: Callable[[], TrustPolicy], seconds: float = SECONDS
    ) -> None:
        super().__init__(url)
        self._policy, self._seconds = policy, seconds
        self._seen: dict[str, int] = {}
        self._late: dict[str, Answered] = {}
        self._pool: ThreadPoolExecutor | None = None
        self._done = 0

    def take_up(self) -> None:
        """Begin with the checkpoint that is published."""
        self._done = 0

    def close(self) -> None:
        """Wait until all requests have ended, and give up leadership."""
        # Their threads use the leader's connection.
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        self._pool, self._late = None, {}
        super().close()

    def rest(self, done: int) -> float:
        """Wait between two rounds: witnesses are other people's machines."""
        del done
        return REST_SECONDS

    def work(self) -> int:
        """Have the latest checkpoint cosigned; return 1 if a quorum has cosigned it."""
        published = latest(self.connection, Kind.SIGNED)
        if published is None or published.size <= self._done:
            return 0
        policy = self._policy()
        checkpoint, note = parse_checkpoint(published.note)
        request = CosignatureRequest(checkpoint, note, published, policy.log_keys)
        found: list[Signature] = []
        for more in self._answers(policy, request):
            found += more
            # In an order that does not depend on which witness was faster.
            found.sort(key=lambda one: (one.name, one.key_id))
            self._publish(policy, request, note.signed_by(*found))
        if self._done == published.size:
            return 1
        held = seals(checkpoint, note.signed_by(*found), policy.witness_keys)
        said = f"{len(held)} cosignatures are not enough for the quorum"
        report(self.connection, self.name, published.size, said)
        return 0

    def _publish(
        self, policy: TrustPolicy, request: CosignatureRequest, cosigned: Note
    ) -> None:
        """Publish the cosigned checkpoint if a quorum is met."""
        held = seals(request.checkpoint, cosigned, policy.witness_keys)
        if not policy.is_met(held):
            return
        # A policy without a quorum is met by no cosignature at all.
        if held:
            one = replace(request.published, note=str(cosigned))
            publish(self.connection, Kind.COSIGNED, one)
        if self._done < request.published.size:
            self._done = request.published.size
            report(self.connection, self.name, self._done, None)

    def _answers(
        self, policy: TrustPolicy, request: CosignatureRequest
    ) -> Iterator[tuple[Signature, ...]]:
        """Yield cosignatures as they come, until all have answered or time is up.

        Until the quorum is met there is no limit but that of each request.
        """
        pending, end = self._ask_all(policy, request), None
        # Before any answer: a policy without a quorum is met already.
        yield ()
        while pending:
            if end is None and self._done == request.published.size:
                end = time.monotonic() + GRACE_SECONDS
            left = None if end is None else max(0.0, end - time.monotonic())
            ready, _ = wait(pending.values(), left, FIRST_COMPLETED)
            if not ready:
                break
            pending = {url: one for url, one in pending.items() if one not in ready}
            yield tuple(signature for one in ready for signature in one.result())
        self._late |= pending

    def _ask_all(
        self, policy: TrustPolicy, request: CosignatureRequest
    ) -> dict[str, Answered]:
        """Ask every witness that has answered its last request."""
        # By URL: a witness with two keys is asked once, and signs with both.
        self._late = {url: one for url, one in self._late.items() if not one.done()}
        places: dict[str, list[Trusted]] = {}
        for one in policy.witnesses.values():
            if one.url is not None and one.url not in self._late:
                places.setdefault(one.url, []).append(one)
        if self._pool is None:
            self._pool = ThreadPoolExecutor(AT_ONCE)
        return {
            url: self._pool.submit(
                self._ask, WitnessClient(url, keys, self._seconds), request
            )
            for url, keys in places.items()
        }

    def _ask(
        self, witness: WitnessClient, request: CosignatureRequest
    ) -> tuple[Signature, ...]:
        part, witness.seen = witness_part(witness.name), self._seen.get(witness.url, 0)
        found: tuple[Signature, ...] = ()
        problem: str | None = None
        try:
            found = witness.cosignatures(self.connection, request)
        except Contradicted as error:
            problem = fork(error)
        except OperatorError as error:
            problem = str(error)
        self._seen[witness.url] = witness.seen
        report(self.connection, part, witness.seen, problem)
        return found

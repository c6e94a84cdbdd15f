"""A case's proofs: against which checkpoint, how far, and that they hold."""

from __future__ import annotations

from uuid import uuid4

import msgspec
import pytest
from psycopg import Connection
from psycopg.rows import TupleRow

from application.log.build.batches import CaseHead
from application.log.case_proofs import CaseProver, NotSignedYet
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import latest, publish
from tests.log import oracle
from tests.log.log_fixture import LogFixture
from tests.log.signer_fixture import SignerFixture

App = Connection[TupleRow]


def cosign(app: App) -> None:
    """Publish what is signed as what witnesses have co-signed, too."""
    signed = latest(app, Kind.SIGNED)
    assert signed is not None
    publish(app, Kind.COSIGNED, signed)


def proved(log: LogFixture, signer: SignerFixture, prover: CaseProver) -> int:
    """Return the version up to which a case is proved, if everything of it holds."""
    proof, keys = prover.signed_part(), signer.keys.verifiers
    head = msgspec.json.decode(proof.head, type=CaseHead)
    stored = log.recorder.select_events(head.case, lte=head.version)
    leaves = [oracle.mth([one.state]) for one in stored]
    assert head.leaf == leaves[-1]
    for leaf, one in zip(leaves, proof.events, strict=True):
        one.verify(leaf, keys)
    proof.head_proof.verify(oracle.mth([proof.head]), keys)
    return head.version


def test_the_cosigned_checkpoint_is_taken_unless_the_signed_one_covers_more(
    log: LogFixture, signer: SignerFixture, app: App
) -> None:
    story = log.tell_in_parts(2, 3)
    case = next(story)
    log.build()
    assert CaseProver(app, case).kind is None
    signer.sign()
    assert CaseProver(app, case).kind is Kind.SIGNED
    cosign(app)
    next(story)
    log.build()
    prover = CaseProver(app, case)
    assert (prover.kind, len(prover.events)) == (Kind.COSIGNED, 3)
    assert prover.proof(prover.events[-1].index) is None
    assert proved(log, signer, prover) == 2
    signer.sign()
    prover = CaseProver(app, case)
    assert (prover.kind, proved(log, signer, prover)) == (Kind.SIGNED, 3)
    cosign(app)
    prover = CaseProver(app, case)
    assert (prover.kind, proved(log, signer, prover)) == (Kind.COSIGNED, 3)


def test_of_a_batch_with_events_that_are_not_known_nothing_is_proved(
    log: LogFixture, signer: SignerFixture, app: App
) -> None:
    story = log.tell_in_parts(2, 3, 5)
    case = next(story)
    log.build()
    next(story), next(story)
    log.build()
    signer.sign()
    known = {upto: CaseProver(app, case, upto) for upto in (1, 2, 3, 4, 5)}
    with pytest.raises(NotSignedYet, match=str(case)):
        known.pop(1).signed_part()
    ends = {upto: proved(log, signer, prover) for upto, prover in known.items()}
    assert ends == {2: 2, 3: 2, 4: 2, 5: 5}


def test_a_case_that_is_not_there_is_not_signed(
    log: LogFixture, signer: SignerFixture, app: App
) -> None:
    log.tell()
    log.build()
    signer.sign()
    prover = CaseProver(app, uuid4())
    assert prover.events == []
    with pytest.raises(NotSignedYet):
        prover.signed_part()

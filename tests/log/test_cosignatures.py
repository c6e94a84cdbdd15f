"""The log's side of witnessing: policies, and when a quorum is there."""

from __future__ import annotations

import time
from typing import Any

import pytest

from application.log.build.batches import tip
from application.log.format.checkpoint import parse_checkpoint
from application.log.format.verifier_keys import seals
from application.log.fsck.trusted_checkpoints import Trust
from application.log.fsck.whole_record import check
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import latest
from application.log.witness.cosignatures import Collector
from application.log.witness.trust_policy import PolicyUnusable, parse_policy
from tests.log.log_fixture import LogFixture
from tests.log.signer_fixture import SignerFixture
from tests.log.witness_set import App, WitnessSet, cosigners, grow, said


def test_what_a_quorum_cosigned_is_published_and_verified(
    log: LogFixture, signer: SignerFixture, witnesses: WitnessSet, app: App
) -> None:
    assert witnesses.collect(log.url) == 0
    for _ in range(3):
        grow(log, signer)
        assert witnesses.collect(log.url) == 1
        one = latest(app, Kind.COSIGNED)
        assert one is not None
        assert one.size == tip(app).size
        assert cosigners(app, witnesses) == {"w1.example", "w2.example", "w3.example"}
    assert set(said(app).values()) == {""}
    verdict = check(app, Trust(signer.keys.verifiers, witnesses.policy()))
    assert (verdict.intact, verdict.quorum) == (True, True)
    assert verdict.witnesses == ("w1.example", "w2.example", "w3.example")


def test_a_collector_that_goes_on_asks_nothing_twice(
    log: LogFixture, signer: SignerFixture, witnesses: WitnessSet
) -> None:
    one = Collector(log.url, witnesses.policy)
    grow(log, signer)
    assert (one.tick(), one.tick()) == (1, 0)
    grow(log, signer)
    assert (one.tick(), one.tick()) == (1, 0)
    one.close()


def test_who_is_late_holds_up_nobody(
    log: LogFixture, signer: SignerFixture, witnesses: WitnessSet, app: App
) -> None:
    true, asked = witnesses.answering["w1"], list[float]()

    def late(*request: Any) -> Any:
        asked.append(time.monotonic())
        time.sleep(3)
        return true(*request)

    witnesses.answering["w1"] = late
    one = Collector(log.url, witnesses.policy, 8.0)
    for _ in range(3):
        grow(log, signer)
        began = time.monotonic()
        assert one.tick() == 1
        assert time.monotonic() - began < 1.9
        assert cosigners(app, witnesses) == {"w2.example", "w3.example"}
    assert len(asked) < 3
    one.close()
    assert said(app)["witness w1.example"] == ""


def test_a_quorum_is_published_before_the_others_have_answered(
    log: LogFixture, signer: SignerFixture, witnesses: WitnessSet, app: App
) -> None:
    true, already = witnesses.answering["w1"], list[set[str]]()

    def late(*request: Any) -> Any:
        time.sleep(0.5)
        already.append(cosigners(app, witnesses))
        return true(*request)

    witnesses.answering["w1"] = late
    grow(log, signer)
    assert witnesses.collect(log.url) == 1
    assert already == [{"w2.example", "w3.example"}]
    assert cosigners(app, witnesses) == {"w1.example", "w2.example", "w3.example"}


@pytest.mark.parametrize(
    ("policy", "named"),
    [
        ("", "no quorum line"),
        ("quorum w1", "'w1' was not defined"),
        ("quorum none\nquorum none", "second quorum"),
        ("log\nquorum none", "line 1: not understood"),
        ("log LOG\nlog LOG\nquorum none", "line 2: the key of"),
        ("log WITNESS\nquorum none", "does not fit here"),
        ("witness a LOG\nquorum none", "does not fit here"),
        ("witness a WITNESS ftp://x\nquorum none", "not a http"),
        ("witness none WITNESS\nquorum none", "'none' is taken"),
        ("witness a WITNESS\nwitness b WITNESS\nquorum a", "there already"),
        ("witness a WITNESS\ngroup a any a\nquorum a", "'a' is taken"),
        ("witness a WITNESS\ngroup g 2 a\nquorum g", "2 of 1 can never"),
        ("witness a WITNESS\ngroup g 0 a\nquorum g", "'0' is no threshold"),
        ("witness a WITNESS\ngroup g any a a\nquorum g", "in a group already"),
        ("group g any b\nquorum g", "'b' was not defined"),
        ("log x+y+z\nquorum none", "line 1: not a verifier key"),
        ("quorum none\r\n", "control characters"),
    ],
)
def test_a_wrong_policy_is_named_by_its_line(
    witnesses: WitnessSet, policy: str, named: str
) -> None:
    log, witness = witnesses.signer.keys.verifiers[0], witnesses.keys["w1"].verifiers[0]
    text = policy.replace("LOG", log.vkey).replace("WITNESS", witness.vkey)
    with pytest.raises(PolicyUnusable) as raised:
        parse_policy(text.encode())
    assert named in str(raised.value)


def test_a_quorum_of_groups_is_counted_as_it_is_written(witnesses: WitnessSet) -> None:
    vkeys = [file.verifiers[1] for file in witnesses.keys.values()]
    text = (
        "# who watches\n"
        f" \twitness a {vkeys[0].vkey}\nwitness b {vkeys[1].vkey}\n"
        f"witness c {vkeys[2].vkey} https://c.example/w/\n\n"
        "group two 2 a b\ngroup either any two c\nquorum either\n"
    )
    policy = parse_policy(text.encode())
    assert policy.witnesses["c"].url == "https://c.example/w"
    checkpoint, _ = parse_checkpoint(f"o\n1\n{'A' * 43}=\n\n— k AAAAAAAA\n")
    a, b, c = (
        seals(
            checkpoint,
            parse_checkpoint(f"{checkpoint.text}\n{line}")[1],
            policy.witness_keys,
        )[0]
        for line in (
            "".join(f"{one.line}\n" for one in file.signatures(checkpoint, 1))
            for file in witnesses.keys.values()
        )
    )
    met = [(), (a,), (b,), (a, b), (c,), (a, c), (a, a)]
    assert [policy.is_met(one) for one in met] == [
        False,
        False,
        False,
        True,
        True,
        True,
        False,
    ]

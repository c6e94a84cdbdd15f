"""The log's side of witnessing: policies, quorums, and witnesses that misbehave."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from application.log.batches import tip
from application.log.checking.anchors import Trust
from application.log.checking.whole import check
from application.log.checkpoint import parse_checkpoint
from application.log.collecting import Collector
from application.log.policy import PolicyUnusable, parse_policy
from application.log.published import Kind, latest
from application.log.verifier_keys import seals
from tests.conftest import Clock
from tests.log.desks import Desk
from tests.log.logs import Log
from tests.log.panels import App, Panel, cosigners, grow, said
from tests.log.servers import Answering
from tests.log.tampering import cut_log, owner_without_triggers


@pytest.fixture
def panel(desk: Desk, tmp_path: Path, clock: Clock) -> Iterator[Panel]:
    one = Panel(desk, tmp_path, clock)
    yield one
    one.servers.close()


def test_what_a_quorum_cosigned_is_published_and_verified(
    log: Log, desk: Desk, panel: Panel, app: App
) -> None:
    assert panel.collect(log.url) == 0
    for _ in range(3):
        grow(log, desk)
        assert panel.collect(log.url) == 1
        one = latest(app, Kind.COSIGNED)
        assert one is not None
        assert one.size == tip(app).size
        assert cosigners(app, panel) == {"w1.example", "w2.example", "w3.example"}
    assert set(said(app).values()) == {""}
    verdict = check(app, Trust(desk.keys.verifiers, panel.policy()))
    assert (verdict.intact, verdict.quorum) == (True, True)
    assert verdict.witnesses == ("w1.example", "w2.example", "w3.example")


def test_a_collector_that_goes_on_asks_nothing_twice(
    log: Log, desk: Desk, panel: Panel
) -> None:
    one = Collector(log.url, panel.policy)
    grow(log, desk)
    assert (one.tick(), one.tick()) == (1, 0)
    grow(log, desk)
    assert (one.tick(), one.tick()) == (1, 0)
    one.close()


def never(handler: BaseHTTPRequestHandler, *_: Any) -> None:
    time.sleep(2)
    handler.close_connection = True


def trickle(handler: BaseHTTPRequestHandler, *_: Any) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _pause in range(30):
        try:
            handler.wfile.write(b"x")
            handler.wfile.flush()
        except OSError:
            break
        time.sleep(0.1)
    handler.close_connection = True


def no_http(handler: BaseHTTPRequestHandler, *_: Any) -> None:
    handler.wfile.write(b"\x16\x03\x01 nonsense\r\n\r\n")
    handler.close_connection = True


NONSENSE: list[tuple[Answering, str]] = [
    (lambda *_: (200, b""), "no cosignature"),
    (lambda *_: (200, b"\xff\xfe\x00"), "no cosignature"),
    (lambda *_: (200, "— w1.example AAAA\n".encode()), "no cosignature"),
    (lambda *_: (200, "— w1.example AAAAAAAAAAAA\n".encode()), "no cosignature"),
    (lambda *_: (200, b"x" * 3_000_000), "longer than"),
    (lambda *_: (409, b"many"), "409 without a size"),
    (lambda *_: (409, b"9" * 19), "has cosigned 9999999999999999999 entries"),
    (lambda *_: (409, b"0\n"), "answered 409"),
    (lambda *_: (403, b"no \x1b[31m key\n"), "answered 403 no [31m key"),
    (lambda *_: (500, b""), "answered 500"),
    (lambda *_: (302, b""), "answered 302"),
    (never, "within 0.5 s"),
    (trickle, "within 0.5 s"),
    (no_http, "http"),
]


@pytest.mark.parametrize(("answering", "told"), NONSENSE)
def test_a_witness_that_answers_nonsense_late_or_never_is_named(
    log: Log, desk: Desk, panel: Panel, app: App, answering: Answering, told: str
) -> None:
    panel.answering["w1"] = answering
    grow(log, desk)
    began = time.monotonic()
    assert panel.collect(log.url, 0.5) == 1
    assert time.monotonic() - began < 3
    assert cosigners(app, panel) == {"w2.example", "w3.example"}
    problem = said(app)["witness w1.example"]
    assert panel.urls["w1"] in problem
    assert told in problem
    assert "\x1b" not in problem
    assert said(app)["witness w2.example"] == ""


def test_a_witness_that_is_gone_is_named(
    log: Log, desk: Desk, panel: Panel, app: App
) -> None:
    panel.urls["w1"] = "http://127.0.0.1:9"
    panel.urls["w2"] = "http://nowhere.invalid"
    grow(log, desk)
    assert panel.collect(log.url, 3.0) == 0
    assert "refused" in said(app)["witness w1.example"]
    assert said(app)["witness w2.example"].startswith("http://nowhere.invalid")
    assert said(app)["witnesses"] == "1 cosignatures are not enough for the quorum"
    assert cosigners(app, panel) == set()
    assert panel.collect(log.url, 3.0, threshold=1) == 1
    assert cosigners(app, panel) == {"w3.example"}


def test_a_cosignature_of_another_checkpoint_is_not_taken(
    log: Log, desk: Desk, panel: Panel, app: App
) -> None:
    true, kept = panel.answering["w1"], list[tuple[int, bytes]]()

    def stale(handler: BaseHTTPRequestHandler, path: str, body: bytes) -> Any:
        answer = true(handler, path, body)
        assert answer is not None
        if answer[0] == 200:
            kept.append(answer)
            return kept[0]
        return answer

    panel.answering["w1"] = stale
    for _ in range(2):
        grow(log, desk)
        panel.collect(log.url)
    assert len(kept) == 2
    assert "w1.example does not verify" in said(app)["witness w1.example"]
    assert cosigners(app, panel) == {"w2.example", "w3.example"}


def test_an_old_backup_is_found_by_the_witnesses(
    log: Log, desk: Desk, panel: Panel, app: App
) -> None:
    for _ in range(2):
        grow(log, desk)
        panel.collect(log.url)
    with owner_without_triggers(log.url) as owner:
        cut_log(owner, 17)
    desk.path.unlink()
    assert desk.sign() == 1
    assert panel.collect(log.url) == 0
    for name in ("w1", "w2", "w3"):
        problem = said(app)[f"witness {name}.example"]
        assert problem.startswith("contradiction: ")
        assert "has cosigned 34 entries, the log has 17: the log was cut" in problem
    log.close()
    for _ in range(2):
        grow(log, desk)
        assert panel.collect(log.url) == 0
    problem = said(app)["witness w1.example"]
    assert problem.startswith("contradiction: ")
    assert "the log forked: of 34 entries" in problem


@pytest.mark.parametrize("answer", [(422, b"no"), (409, b"99\n")])
def test_the_mere_word_of_a_witness_is_no_contradiction(
    log: Log, desk: Desk, panel: Panel, app: App, answer: tuple[int, bytes]
) -> None:
    true = panel.answering["w1"]
    grow(log, desk)
    assert panel.collect(log.url) == 1
    for shown in (true, lambda *_: (200, b"nonsense"), never):

        def lie(handler: Any, path: str, body: bytes, shown: Any = shown) -> Any:
            return answer if "add" in path else shown(handler, path, body)

        panel.answering["w1"] = lie
        grow(log, desk)
        assert panel.collect(log.url, 0.5) == 1
        problem = said(app)["witness w1.example"]
        assert problem
        assert "contradiction" not in problem


def test_who_is_late_holds_up_nobody(
    log: Log, desk: Desk, panel: Panel, app: App
) -> None:
    true, asked = panel.answering["w1"], list[float]()

    def late(*request: Any) -> Any:
        asked.append(time.monotonic())
        time.sleep(3)
        return true(*request)

    panel.answering["w1"] = late
    one = Collector(log.url, panel.policy, 8.0)
    for _ in range(3):
        grow(log, desk)
        began = time.monotonic()
        assert one.tick() == 1
        assert time.monotonic() - began < 1.9
        assert cosigners(app, panel) == {"w2.example", "w3.example"}
    assert len(asked) < 3
    one.close()
    assert said(app)["witness w1.example"] == ""


def test_a_quorum_is_published_before_the_others_have_answered(
    log: Log, desk: Desk, panel: Panel, app: App
) -> None:
    true, already = panel.answering["w1"], list[set[str]]()

    def late(*request: Any) -> Any:
        time.sleep(0.5)
        already.append(cosigners(app, panel))
        return true(*request)

    panel.answering["w1"] = late
    grow(log, desk)
    assert panel.collect(log.url) == 1
    assert already == [{"w2.example", "w3.example"}]
    assert cosigners(app, panel) == {"w1.example", "w2.example", "w3.example"}


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
    panel: Panel, policy: str, named: str
) -> None:
    log, witness = panel.desk.keys.verifiers[0], panel.keys["w1"].verifiers[0]
    text = policy.replace("LOG", log.vkey).replace("WITNESS", witness.vkey)
    with pytest.raises(PolicyUnusable) as raised:
        parse_policy(text.encode())
    assert named in str(raised.value)


def test_a_quorum_of_groups_is_counted_as_it_is_written(panel: Panel) -> None:
    vkeys = [file.verifiers[1] for file in panel.keys.values()]
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
            for file in panel.keys.values()
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

"""What witnesses answer: nonsense, late, never, or about something else."""

from __future__ import annotations

import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from tests.log.http_servers import Answering
from tests.log.log_fixture import LogFixture
from tests.log.owner_edits import cut_log, owner_without_triggers
from tests.log.signer_fixture import SignerFixture
from tests.log.witness_set import App, WitnessSet, cosigners, grow, said


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
    log: LogFixture,
    signer: SignerFixture,
    witnesses: WitnessSet,
    app: App,
    answering: Answering,
    told: str,
) -> None:
    witnesses.answering["w1"] = answering
    grow(log, signer)
    began = time.monotonic()
    assert witnesses.collect(log.url, 0.5) == 1
    assert time.monotonic() - began < 3
    assert cosigners(app, witnesses) == {"w2.example", "w3.example"}
    problem = said(app)["witness w1.example"]
    assert witnesses.urls["w1"] in problem
    assert told in problem
    assert "\x1b" not in problem
    assert said(app)["witness w2.example"] == ""


def test_a_witness_that_is_gone_is_named(
    log: LogFixture, signer: SignerFixture, witnesses: WitnessSet, app: App
) -> None:
    witnesses.urls["w1"] = "http://127.0.0.1:9"
    witnesses.urls["w2"] = "http://nowhere.invalid"
    grow(log, signer)
    assert witnesses.collect(log.url, 3.0) == 0
    assert "refused" in said(app)["witness w1.example"]
    assert said(app)["witness w2.example"].startswith("http://nowhere.invalid")
    assert said(app)["witnesses"] == "1 cosignatures are not enough for the quorum"
    assert cosigners(app, witnesses) == set()
    assert witnesses.collect(log.url, 3.0, threshold=1) == 1
    assert cosigners(app, witnesses) == {"w3.example"}


def test_a_cosignature_of_another_checkpoint_is_not_taken(
    log: LogFixture, signer: SignerFixture, witnesses: WitnessSet, app: App
) -> None:
    true, kept = witnesses.answering["w1"], list[tuple[int, bytes]]()

    def stale(handler: BaseHTTPRequestHandler, path: str, body: bytes) -> Any:
        answer = true(handler, path, body)
        assert answer is not None
        if answer[0] == 200:
            kept.append(answer)
            return kept[0]
        return answer

    witnesses.answering["w1"] = stale
    for _ in range(2):
        grow(log, signer)
        witnesses.collect(log.url)
    assert len(kept) == 2
    assert "w1.example does not verify" in said(app)["witness w1.example"]
    assert cosigners(app, witnesses) == {"w2.example", "w3.example"}


def test_an_old_backup_is_found_by_the_witnesses(
    log: LogFixture, signer: SignerFixture, witnesses: WitnessSet, app: App
) -> None:
    for _ in range(2):
        grow(log, signer)
        witnesses.collect(log.url)
    with owner_without_triggers(log.url) as owner:
        cut_log(owner, 17)
    signer.path.unlink()
    assert signer.sign() == 1
    assert witnesses.collect(log.url) == 0
    for name in ("w1", "w2", "w3"):
        problem = said(app)[f"witness {name}.example"]
        assert problem.startswith("contradiction: ")
        assert "has cosigned 34 entries, the log has 17: the log was cut" in problem
    log.close()
    for _ in range(2):
        grow(log, signer)
        assert witnesses.collect(log.url) == 0
    problem = said(app)["witness w1.example"]
    assert problem.startswith("contradiction: ")
    assert "the log forked: of 34 entries" in problem


@pytest.mark.parametrize("answer", [(422, b"no"), (409, b"99\n")])
def test_the_mere_word_of_a_witness_is_no_contradiction(
    log: LogFixture,
    signer: SignerFixture,
    witnesses: WitnessSet,
    app: App,
    answer: tuple[int, bytes],
) -> None:
    true = witnesses.answering["w1"]
    grow(log, signer)
    assert witnesses.collect(log.url) == 1
    for shown in (true, lambda *_: (200, b"nonsense"), never):

        def lie(handler: Any, path: str, body: bytes, shown: Any = shown) -> Any:
            return answer if "add" in path else shown(handler, path, body)

        witnesses.answering["w1"] = lie
        grow(log, signer)
        assert witnesses.collect(log.url, 0.5) == 1
        problem = said(app)["witness w1.example"]
        assert problem
        assert "contradiction" not in problem

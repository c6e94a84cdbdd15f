"""A call is sent again where that is safe, under its key, and not for ever."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest

from interface.client import FileToSend, ProblemRaised, Redress, RetryRules
from interface.client.case_handle import own_path
from interface.client.generated.models import ClockBody, Phase
from interface.client.problem_raised import (
    DigestMismatch,
    RedressError,
    TooMany,
    Unavailable,
    Unreachable,
    UnreadableAnswer,
)
from interface.client.retry_rules import asked_pause
from tests.clients.scripted_server import Answer, Script, scripted
from tests.processes import free_port

FAST = RetryRules(attempts=4, pause=0.01, total=5.0)
PAGE = Answer(body=b'{"items": [], "next": null, "total": null, "sample": null}')
BUSY = Answer(
    status=503,
    body=b'{"type": "urn:redress:problem:busy", "title": "Busy", "status": 503}',
    headers={"Content-Type": "application/problem+json"},
)
CASE = uuid4()


def client(script: Script) -> Redress:
    return Redress(script.address, token="t", retries=FAST)


def keys(script: Script) -> set[str]:
    return {one.headers["idempotency-key"] for one in script.asked}


def test_a_command_is_repeated_under_its_key() -> None:
    cut = Answer(body=b"{" + b" " * 1000, is_cut=True)
    with scripted(BUSY, cut, Answer(status=204)) as script, client(script) as redress:
        done = redress.accept_offer(CASE, 1, if_match='"3"')
    assert done is None
    assert len(script.asked) == 3
    assert len(keys(script)) == 1
    # They are one request of the caller's, to the server's log as well.
    assert len({one.headers["x-request-id"] for one in script.asked}) == 1
    assert {one.headers["if-match"] for one in script.asked} == {'"3"'}


def test_each_command_has_a_key_of_its_own() -> None:
    gone = Answer(status=204)
    with scripted(gone, gone) as script, client(script) as redress:
        redress.accept_offer(CASE, 1, if_match="*")
        redress.accept_offer(CASE, 1, if_match="*")
    assert len(keys(script)) == 2


def test_what_has_no_key_is_sent_once() -> None:
    with scripted(BUSY, PAGE) as script, client(script) as redress:
        with pytest.raises(Unavailable):
            redress.advance_clock(ClockBody(advance="PT1H"))
        assert len(script.asked) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 422, 500])
def test_an_answer_is_an_answer(status: int) -> None:
    refused = Answer(
        status=status, body=b"<h1>No</h1>", headers={"X-Request-Id": "r-1"}
    )
    with scripted(refused, PAGE) as script, client(script) as redress:
        with pytest.raises(ProblemRaised) as said:
            redress.list_disputes()
        assert len(script.asked) == 1
    assert (said.value.status, said.value.request_id) == (status, "r-1")
    assert said.value.type == "about:blank"


def test_the_server_says_when() -> None:
    later = Answer(status=429, headers={"Retry-After": "1"})
    with scripted(later, PAGE) as script, client(script) as redress:
        begun = time.monotonic()
        assert redress.list_disputes().items == ()
        assert time.monotonic() - begun >= 1.0
    # Longer than anybody wants to wait: told at once.
    with scripted(Answer(status=429, headers={"Retry-After": "3600"})) as script:
        begun = time.monotonic()
        with client(script) as redress, pytest.raises(TooMany) as said:
            redress.list_disputes()
        assert time.monotonic() - begun < 1.0
    assert said.value.retry_after == 3600


def test_it_gives_up() -> None:
    with scripted(*[BUSY] * 9) as script, client(script) as redress:
        with pytest.raises(Unavailable, match="503 Busy"):
            redress.list_disputes()
        assert len(script.asked) == FAST.attempts
    with (
        Redress(f"http://127.0.0.1:{free_port()}", retries=FAST) as redress,
        pytest.raises(Unreachable) as nobody,
    ):
        redress.accept_offer(CASE, 1, if_match="*", idempotency_key="k-1")
    assert nobody.value.idempotency_key == "k-1"


def test_pauses_grow_to_a_bound_and_differ() -> None:
    rules = RetryRules(pause=1.0, longest_pause=8.0)
    drawn = [[rules.pause_before(n, None) for n in range(2, 9)] for _ in range(50)]
    for pauses in drawn:
        for pause, most in zip(pauses, [1, 2, 4, 8, 8, 8, 8], strict=True):
            assert most / 2 <= pause <= most
    assert len({pauses[0] for pauses in drawn}) > 40
    assert 30 <= rules.pause_before(2, 30.0) <= 33


def test_retry_after_is_seconds_or_a_date() -> None:
    def asked(said: str | None) -> float | None:
        return asked_pause(httpx.Response(503, headers=[("Retry-After", said or "")]))

    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert asked("7") == 7
    assert 85 < (asked(soon) or 0) <= 90
    assert asked("Thu, 01 Jan 2015 00:00:00 GMT") == 0
    assert asked("soon") is asked(None) is asked("-1") is None


class Once:
    """A stream that nobody can rewind."""

    def __init__(self, content: bytes) -> None:
        self._inner = BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        return self._inner.read(size)

    def seekable(self) -> bool:
        return False


def test_a_file_is_sent_from_its_beginning_each_time(tmp_path: Path) -> None:
    path = tmp_path / "裂缝.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"picture" * 1000)
    stream = BytesIO(path.read_bytes())
    stream.read(7)
    for source in (path, path.read_bytes(), stream, FileToSend(path, name="a.png")):
        with scripted(BUSY, Answer(status=204)) as script, client(script) as redress:
            redress.submit_evidence(CASE, file=source, kind="photo", if_match="*")
        assert len(script.asked) == 2
        for one in script.asked:
            assert path.read_bytes() in one.body
            assert b"Content-Type: image/png" in one.body
    once: Any = Once(b"x" * 10)
    with scripted(BUSY, Answer(status=204)) as script, client(script) as redress:
        with pytest.raises(Unavailable):
            redress.submit_evidence(CASE, file=once, kind="photo", if_match="*")
        assert len(script.asked) == 1


def test_the_token_goes_to_no_other_host() -> None:
    with (
        scripted(PAGE) as other,
        scripted(
            Answer(status=302, headers={"Location": f"{other.address}/v1/disputes"})
        ) as script,
    ):
        with client(script) as redress, pytest.raises(ProblemRaised):
            redress.list_disputes()
        assert other.asked == []
    assert script.asked[0].headers["authorization"] == "Bearer t"


@pytest.mark.parametrize(
    "href", ["https://evil.example/v1/disputes", "//evil.example/x", "@evil.example"]
)
def test_an_action_leads_to_no_other_host(href: str) -> None:
    assert own_path("/v1/disputes/1/offers") == "/v1/disputes/1/offers"
    with pytest.raises(RedressError, match="not below"):
        own_path(href)


def test_what_is_said_of_all_requests() -> None:
    with scripted(PAGE, PAGE) as script, client(script) as redress:
        told = redress.speaking("zh-CN", purpose="年度审计 100%")
        told.on_behalf_of("seller", "卖家").list_disputes(overdue=True, limit=5)
        redress.list_disputes()
    first, second = script.asked
    assert first.path == "/v1/disputes?overdue=true&limit=5"
    assert first.headers["accept-language"] == "zh-CN"
    assert first.headers["purpose"].endswith("100%25")
    assert first.headers["purpose"].isascii()
    assert first.headers["on-behalf-of"] == 'seller; id=%"%e5%8d%96%e5%ae%b6"'
    assert second.headers.keys().isdisjoint({"accept-language", "on-behalf-of"})
    assert second.path == "/v1/disputes"


def test_answers_are_read_strictly_and_of_later_servers() -> None:
    later = json.loads(PAGE.body) | {"colour": "red"}
    with (
        scripted(
            Answer(body=json.dumps(later).encode()), Answer(body=b'{"items": 3}')
        ) as script,
        client(script) as redress,
    ):
        assert redress.list_disputes().next is None
        with pytest.raises(UnreadableAnswer, match="items"):
            redress.list_disputes()


def test_a_code_of_a_later_server_is_read_as_it_is() -> None:
    known, later = msgspec.json.decode(b'["closed", "thawed"]', type=tuple[Phase, ...])
    assert known is Phase.CLOSED
    assert (str(later), later.value) == ("thawed", "thawed")
    assert later not in set(Phase)
    assert msgspec.json.encode(later) == b'"thawed"'


def test_a_file_that_was_damaged_on_its_way_is_none() -> None:
    headers = {"Repr-Digest": "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"}
    fine, other = (Answer(body=one, headers=headers) for one in (b"", b"x"))
    with scripted(fine, other) as script, client(script) as redress:
        assert redress.download_evidence(CASE, 1) == b""
        with pytest.raises(DigestMismatch):
            redress.download_evidence(CASE, 1)


def test_a_download_that_breaks_off_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(b"before")
    cut, whole = Answer(body=b"z" * 100_000, is_cut=True), Answer(body=b"z" * 100_000)
    with scripted(cut, whole) as script, client(script) as redress:
        with pytest.raises(Unreachable):
            redress.save_bundle(CASE, path)
        assert path.read_bytes() == b"before"
        assert redress.save_bundle(CASE, path).read_bytes() == whole.body
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("token", ["", "a b", "a\r\nX-Role: regulator", "密"])
def test_a_token_that_is_none_is_not_shown(token: str) -> None:
    with (
        Redress("http://127.0.0.1:9", token=token) as redress,
        pytest.raises(ValueError, match="the token is") as said,
    ):
        redress.list_disputes()
    assert not token or token not in str(said.value)


def test_nothing_that_is_printed_of_a_client_holds_its_token() -> None:
    with Redress("http://127.0.0.1:9", token="the-secret") as redress:
        assert "the-secret" not in f"{redress!r} {redress.sender!r} {vars(redress)!r}"


def test_what_can_never_be_sent_is_tried_once() -> None:
    begun = time.monotonic()
    with (
        Redress("ftp://127.0.0.1", retries=RetryRules(pause=5.0)) as redress,
        pytest.raises(Unreachable),
    ):
        redress.list_disputes()
    assert time.monotonic() - begun < 2.0


def test_all_that_it_raises_is_one_family() -> None:
    for kind in (ProblemRaised, Unreachable, UnreadableAnswer, DigestMismatch):
        assert issubclass(kind, RedressError)

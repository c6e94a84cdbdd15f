"""Bytes that are no proper request, on a real socket: 4xx or nothing, and no ERROR."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from domain.roles import Role
from interface.api.request_target import is_host
from tests.http.conftest import FILING
from tests.installation import Installation, installed
from tests.processes import PATIENCE

pytestmark = pytest.mark.long

__all__ = ["installed"]

RECENT = FILING | {"order": FILING["order"] | {"received_at": None}}
LINE = re.compile(r"\d{4}-\d\d-\d\dT\S+Z [A-Z]+ \d+ \S+: .+|redress: serving on .+")


class Wire:
    """Sends bytes to a server as they are."""

    def __init__(self, server: Installation) -> None:
        self.server = server
        host, _, port = server.api.removeprefix("http://").partition(":")
        self._where = host, int(port)
        self.case = server.post("/v1/disputes", RECENT).json()["id"]
        self.headers = {
            role: "".join(
                f"{name}: {value}\r\n"
                for name, value in server.headers(role, f"{role[0]}-1").items()
            ).encode()
            for role in (Role.BUYER, Role.MEDIATOR)
        }

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Return the status and the body of the answer; 0: closed without any."""
        with socket.create_connection(self._where, 5) as client:
            client.settimeout(10)
            client.sendall(request)
            answer = b""
            while b"\r\n\r\n" not in answer:
                try:
                    got = client.recv(65_536)
                except ConnectionError:
                    break
                if not got:
                    break
                answer += got
            client.settimeout(0.3)
            try:
                while got := client.recv(65_536):
                    answer += got
            except (TimeoutError, ConnectionError):
                pass
        head, _, body = answer.partition(b"\r\n\r\n")
        return (int(head.split()[1]) if head else 0), body

    def hang_up(self, request: bytes) -> None:
        with socket.create_connection(self._where, 5) as client:
            client.sendall(request)
            time.sleep(0.02)

    def get(self, target: bytes, role: Role = Role.MEDIATOR, host: bytes = b"x") -> Any:
        return self.ask(
            b"GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
            % (target, host, self.headers[role])
        )

    def post(self, target: str, headers: bytes, body: bytes) -> bytes:
        start = f"POST {target} HTTP/1.1\r\nHost: x\r\n".encode()
        return start + self.headers[Role.BUYER] + headers + b"\r\n" + body

    def upload(self, kind: bytes, body: bytes) -> bytes:
        headers = b"Content-Type: %s\r\nContent-Length: %d\r\n" % (kind, len(body))
        return self.post(f"/v1/disputes/{self.case}/evidence", headers, body)


@pytest.fixture
def wire(installed: Installation) -> Iterator[Wire]:
    one = Wire(installed)
    yield one
    time.sleep(0.2)
    lines = installed.log.read_text("utf-8", errors="strict").split("\n")
    assert lines.pop() == ""
    # Whatever was sent: no error of ours, and no line that we did not write.
    assert [line for line in lines if " ERROR " in line] == []
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert all(line.isprintable() for line in lines)


PATHS = {
    b"/static/%00": 404,
    b"/static/%00%0aFORGED": 404,
    b"/static/%0d%0aFORGED": 404,
    b"/static/%1b[2J": 404,
    b"/static/%e2%80%ae": 404,
    b"/static/verifier/%00": 404,
    b"/static/" + b"a" * 3_000: 404,
    b"/static/../../../etc/passwd": 404,
    b"/static/%ed%a0%80": 404,
    b"/v1/disputes/%00": 404,
    b"/v1/disputes/%ff%fe": 404,
    b"/v1/sellers/%00/standing": 404,
    b"/v1/sellers/%0a/standing": 404,
    b"/v1/log/tile/0/x%00": 404,
    b"/v1/log/tile/99999999999999999999/999": 404,
    b"/v1/log/tile/0/%D9%A1%D9%A2%D9%A3": 404,
    b"/v1/log/consistency?old=1&new=999999999999999999999999": 404,
    b"/v1/queue?limit=%EF%BC%91%EF%BC%92": 400,
    b"/v1/queue?limit=1e400": 400,
    b"/v1/queue?limit=1_0": 400,
    b"/v1/queue?limit=%201": 400,
    b"/v1/queue?limit=" + b"9" * 5_000: 400,
    b"/v1/queue?limit=-1": 400,
    b"/v1/queue?limit=NaN": 400,
    b"/v1/queue?category=%ff": 400,
    b"/v1/queue?assignee=%00": 400,
    b"/v1/queue?category=\xff\xfe": 400,
    b"/v1/disputes?after=%D9%A1:1": 400,
}


def test_a_head_ends_with_its_headers_and_a_line_names_its_request(
    wire: Wire,
) -> None:
    head = b"HEAD /v1/codes HTTP/1.1\r\nHost: x\r\nX-Request-Id: probe-1\r\n\r\n"
    status, body = wire.ask(head)
    assert (status, body) == (200, b"")
    refused = b"GET /v1/queue HTTP/1.1\r\nHost: x\r\nX-Request-Id: probe-2\r\n\r\n"
    assert wire.ask(refused)[0] == 401
    time.sleep(0.2)
    log = wire.server.log.read_text("utf-8")
    assert [line for line in log.splitlines() if "refused 401" in line] == [
        line for line in log.splitlines() if "probe-2" in line
    ]


def test_a_target_that_is_none_is_the_clients_fault(wire: Wire) -> None:
    case = wire.case.encode()
    paths = PATHS | {
        b"/v1/disputes?after=" + case + b":99999999999999999999": 400,
        b"/v1/disputes?after=" + case + b":%D9%A1": 400,
        b"/v1/disputes?after=" + case + b":-1": 400,
        b"/v1/disputes?after=" + case + b":1e400": 400,
    }
    answers = {path: wire.get(path)[0] for path in paths}
    assert answers == paths


HOSTS = (b"a b", b"[::", b"x:99999999", b"\xff", b"a/b", b"a\r\nHost: b", b"x:y", b"@")


def test_a_host_that_is_none_has_words_of_its_own(wire: Wire) -> None:
    for host in HOSTS:
        for path in (b"/v1/queue", b"/health/live", b"/static/docs.js"):
            status, body = wire.get(path, host=host)
            assert (status, b"not-json" in body) == (400, False), (host, path)
            assert b'"pointer":"/host","code":"not-a-host"' in body
    nameless = b"GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n"
    status, body = wire.ask(nameless)
    assert (status, b'"code":"not-a-host"' in body) == (400, True)
    for host in (b"x", b"x:80", b"[::1]:8000", b"127.0.0.1", b"a_b.example."):
        assert wire.get(b"/health/live", host=host)[0] == 200
        assert is_host(host.decode())


def test_bodies_that_cannot_be_taken_apart(wire: Wire) -> None:
    chunked = b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
    form = b"multipart/form-data; boundary="
    part = b"--b\r\nContent-Disposition: form-data; name="
    upload = f"/v1/disputes/{wire.case}/evidence"
    requests = {
        "chunk zz": wire.post("/v1/disputes", chunked, b"zz\r\nabc\r\n"),
        "chunk -1": wire.post("/v1/disputes", chunked, b"-1\r\nabc\r\n"),
        "chunk ffffffffffffffffff": wire.post(
            "/v1/disputes", chunked, b"ffffffffffffffffff\r\nabc\r\n"
        ),
        "chunk of an upload": wire.post(
            upload,
            b"Content-Type: %sb\r\nTransfer-Encoding: chunked\r\n" % form,
            b"zz\r\n",
        ),
        "boundary of 1,025 bytes": wire.upload(form + b"b" * 1_025, b"abcde"),
        "boundary of latin-1": wire.upload(form + b"\xe9", b"abcde"),
        "no boundary": wire.upload(b"multipart/form-data", b"abcde"),
        "no type": wire.upload(b';;="', b"abcde"),
        "name of bytes": wire.upload(form + b"b", part + b"\xff\xfe\r\n\r\na\r\n--b--"),
        "no name": wire.upload(form + b"b", part + b"\r\n\r\na\r\n--b--"),
        "no parts": wire.upload(form + b"b", b"--b--\r\n"),
        "nothing": wire.upload(form + b"b", b""),
        "nul": wire.upload(form + b"b", part + b"kind\r\n\r\n\0\r\n--b--\r\n"),
        "negative length": wire.post("/v1/disputes", b"Content-Length: -5\r\n", b""),
        "length of text": wire.post("/v1/disputes", b"Content-Length: abc\r\n", b""),
        "length of 30 digits": wire.post(
            "/v1/disputes", b"Content-Length: " + b"9" * 30 + b"\r\n", b""
        ),
        "number of 1e400": _json(wire, b'{"facts":1e400}'),
        "number of 5,000 digits": _json(wire, b'{"facts":' + b"9" * 5_000 + b"}"),
        "lone surrogate": _json(wire, b'{"facts":"\\ud800"}'),
        "nul in a text": _json(wire, b'{"facts":"\\u0000"}'),
        "not UTF-8": _json(wire, b'{"facts":"\xff"}'),
        "garbage": b"\x16\x03\x01\x00\xff garbage\r\n\r\n",
        "no such method": b"FOO /v1/queue HTTP/1.1\r\nHost: x\r\n\r\n",
        "asterisk": b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        "connect": b"CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n",
    }
    answers = {name: wire.ask(request)[0] for name, request in requests.items()}
    odd = {n: s for n, s in answers.items() if s != 0 and not 400 <= s < 500}
    assert odd == {}
    assert answers["chunk zz"] == answers["boundary of 1,025 bytes"] == 400


def test_a_request_inside_of_a_body_is_no_request(wire: Wire) -> None:
    # A proxy may go by the length where the server goes by the chunks.
    hidden = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(hidden), hidden)
    chunked = b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
    for size in (0, body.index(hidden), len(body)):
        length = b"Content-Length: %d\r\n" % size
        for headers in (length + chunked, chunked + length):
            status, rest = wire.ask(wire.post("/v1/disputes", headers, body))
            assert status in {0, 400}
            assert b"HTTP/1.1 " not in rest


def _json(wire: Wire, body: bytes) -> bytes:
    headers = b"Content-Type: application/json\r\nContent-Length: %d\r\n" % len(body)
    return wire.post("/v1/disputes", headers, body)


def test_headers_that_are_no_text(wire: Wire) -> None:
    for name in (b"Accept-Language", b"Purpose", b"Cookie", b"Range", b"If-None-Match"):
        request = b"GET /v1/queue HTTP/1.1\r\nHost: x\r\n%s%s: \xff\xfe;=,\r\n\r\n"
        status, _ = wire.ask(request % (wire.headers[Role.MEDIATOR], name))
        assert status in {200, 400}, name
    for name in (b"Idempotency-Key", b"If-Match", b"Authorization"):
        request = b"POST /v1/disputes/%s/withdrawal HTTP/1.1\r\nHost: x\r\n" % (
            wire.case.encode()
        )
        kept = b"".join(
            line + b"\r\n"
            for line in wire.headers[Role.BUYER].split(b"\r\n")
            if line and not line.startswith(name)
        )
        body = b'{"reason":"Enough."}'
        request += kept + name + b": \xff\xfe\r\nContent-Type: application/json\r\n"
        request += b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        status, answer = wire.ask(request)
        assert status in {200, 400, 401, 428}, (name, answer)


def test_three_hundred_clients_that_hang_up_leave_no_line(wire: Wire) -> None:
    length = b"Content-Length: 5000\r\n"
    text = b"Content-Type: text/plain\r\n\r\nthe beginning"
    form = b"Content-Type: multipart/form-data; boundary=b\r\n"
    part = b"--b\r\nContent-Disposition: form-data; name=file; filename=a\r\n"
    upload = f"/v1/disputes/{wire.case}/evidence"
    cut = [
        wire.post("/v1/disputes", b"Content-Type: application/json\r\n" + length, b"{"),
        wire.post("/v1/sandbox/clock", length, b"{"),
        wire.post(upload, form + length, b"--b\r\n"),
        wire.post(upload, form + length, part + text),
        wire.post("/v1/disputes", b"Transfer-Encoding: chunked\r\n", b"5\r\nab"),
        b"GET /v1/queue HTT",
        b"GET /schema/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{",
    ]
    for number in range(320):
        wire.hang_up(cut[number % len(cut)])
    assert wire.get(b"/health/live")[0] == 200
    # Nothing stays of the uploads that were cut.
    folder = wire.server.home / "evidence"
    until = time.monotonic() + PATIENCE
    while list(folder.glob(".incoming.*")):
        assert time.monotonic() < until
        time.sleep(0.05)

"""Messages never reach an address inside, however its name or number is written."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from application.deliveries.address_rules import is_open, read_address
from application.deliveries.guarded_http import GuardedHttp, Outcome, Problem
from application.deliveries.webhook_url import (
    OutboundRules,
    UrlRefused,
    check_addresses,
    check_url,
)
from tests.deliveries.conftest import LOCAL
from tests.deliveries.receiver import Answer, receiving

STRICT = OutboundRules()
OPEN_HTTP = OutboundRules(encrypted=False)
HEADERS = {"webhook-id": "msg_1", "webhook-timestamp": "1", "webhook-signature": "v1,"}
INSIDE = (
    *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1"),  # noqa: S104
    *("172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
    *("255.255.255.255", "192.88.99.1", "::1", "::", "fe80::1", "fec0::1"),
    *("fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    *("::ffff:a9fe:a9fe", "::127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe"),
    *("64:ff9b:1::8.8.8.8", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:a00:1::"),
    *("2001::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1", "fe80::1%eth0"),
)
OUTSIDE = ("8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2400:3200::1")


def posted(
    url: str,
    rules: OutboundRules = LOCAL,
    addresses: Callable[[str], Sequence[str]] | None = None,
    context: ssl.SSLContext | None = None,
    seconds: float = 5.0,
) -> Outcome:
    """Post once; `addresses` is the resolver."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        del port
        return addresses(host) if addresses else [host]

    http = GuardedHttp(rules, resolve, context=context, whole_seconds=seconds)
    return asyncio.run(http.post(url, b"{}", HEADERS))


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_is_open(address: str) -> None:
    assert not is_open(read_address(address))
    said = posted("https://hook.example/", STRICT, lambda _: [address])
    assert said.problem is Problem.ADDRESS


@pytest.mark.parametrize("address", OUTSIDE)
def test_addresses_outside_are_open(address: str) -> None:
    assert is_open(read_address(address))


def test_one_address_inside_among_others_is_enough() -> None:
    said = posted("https://hook.example/", STRICT, lambda _: ["8.8.8.8", "10.0.0.1"])
    assert said.problem is Problem.ADDRESS


def test_networks_that_the_operator_names_are_open_and_no_others() -> None:
    allowed = (ip_network("10.1.0.0/16"),)
    assert is_open(read_address("10.1.2.3"), allowed)
    assert is_open(read_address("::ffff:10.1.2.3"), allowed)
    assert not is_open(read_address("10.2.0.1"), allowed)
    assert not is_open(read_address("127.0.0.1"), allowed)


def test_a_name_that_rebinds_is_judged_by_the_address_that_is_connected_to() -> None:
    with receiving() as receiver:
        port = receiver.url.rpartition(":")[2].partition("/")[0]
        answers = iter([["8.8.8.8"], ["127.0.0.1"], ["127.0.0.1"]])
        asked: list[str] = []

        def rebinding(host: str) -> Sequence[str]:
            asked.append(host)
            return next(answers)

        url = f"http://rebind.example:{port}/hook"
        # The check at creation saw a public address; the connection sees another.
        assert rebinding("rebind.example") == ["8.8.8.8"]
        said = posted(url, OPEN_HTTP, rebinding)
        assert said.problem is Problem.ADDRESS
        assert receiver.received == []
        # Once for each connection: no second look-up between the check and connecting.
        assert posted(url, LOCAL, rebinding).problem is None
        assert len(asked) == 3
    assert receiver.received[0].headers["host"] == f"rebind.example:{port}"


def test_no_redirect_is_followed() -> None:
    with receiving() as inside:
        answer = Answer(307, headers=(("Location", inside.url),))
        with receiving(lambda _: answer) as receiver:
            said = posted(receiver.url)
        assert (said.status, said.problem) == (307, Problem.REDIRECT)
        assert inside.received == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/", "webhook-address"),
        ("https://[::1]/", "webhook-address"),
        ("https://[::ffff:127.0.0.1]/", "webhook-address"),
        ("https://[::ffff:7f00:1]:8443/", "webhook-address"),
        ("https://2130706433/", "webhook-address"),
        ("https://0x7f000001/", "webhook-address"),
        ("https://0x7f.1/", "webhook-address"),
        ("https://0177.0.0.1/", "webhook-address"),
        ("https://127.1/", "webhook-address"),
        ("https://169.254.169.254/latest/meta-data", "webhook-address"),
        ("http://example.com/", "webhook-https"),
        ("https://user:pass@example.com/", "webhook-url"),
        ("https://user@example.com/", "webhook-url"),
        ("https://example.com/#there", "webhook-url"),
        ("https://example.com:0/", "webhook-url"),
        ("https://example.com:99999/", "webhook-url"),
        ("https://example.com\\@10.0.0.1/", "webhook-url"),
        ("https://exa mple.com/", "webhook-url"),
        ("https://example.com/\r\nX: y", "webhook-url"),
        ("https:///hook", "webhook-url"),
        ("ftp://example.com/", "webhook-url"),
        ("file:///etc/passwd", "webhook-url"),
        ("//example.com/", "webhook-url"),
        ("https://例子.中国/", "webhook-url"),
        ("https://①②⑦.0.0.1/", "webhook-url"),
        (f"https://example.com/{'a' * 500}", "webhook-url"),
    ],
)
def test_urls_that_are_refused_are_refused_at_each_attempt_too(
    url: str, code: str
) -> None:
    with pytest.raises(UrlRefused, match=code):
        check_url(url, STRICT)
    assert posted(url, STRICT).problem is Problem.URL


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com:8443/hook?shop=1",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
        "https://xn--fsqu00a.xn--fiqs8s/",
        "https://a.1b/",
    ],
)
def test_urls_that_are_taken(url: str) -> None:
    check_url(url, STRICT)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.1", "localhost"])
def test_whatever_a_resolver_makes_of_a_host_is_judged(host: str) -> None:
    # As the system resolves them: to the loopback.
    found = {str(one[4][0]) for one in socket.getaddrinfo(host, 443)}
    assert found <= {"127.0.0.1", "::1"}
    with pytest.raises(UrlRefused, match="webhook-address"):
        check_addresses(f"https://{host}/", STRICT)
    said = posted("https://hook.example/", STRICT, lambda _: sorted(found))
    assert said.problem is Problem.ADDRESS


def test_an_answer_that_never_ends_is_cut_off_and_a_long_one_not_read() -> None:
    def trickling(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(200):
            connection.sendall(b"x")
            time.sleep(0.05)

    with _raw(trickling) as url:
        began = time.monotonic()
        said = posted(url, seconds=0.5)
        assert said.problem is Problem.TIMEOUT
        assert time.monotonic() - began < 3

    sent = 0

    def flooding(connection: socket.socket) -> None:
        nonlocal sent
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n")
        while sent < 900_000_000:
            sent += connection.send(b"x" * 65_536)

    with _raw(flooding) as url:
        assert posted(url).problem is None
    assert sent < 50_000_000


def test_what_is_no_http_and_a_port_where_nobody_listens_are_told_apart() -> None:
    def another(connection: socket.socket) -> None:
        _request(connection)
        connection.sendall(b"SSH-2.0-x\r\n")

    with _raw(another) as url:
        assert posted(url).problem is Problem.PROTOCOL
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert posted(f"http://127.0.0.1:{port}/").problem is Problem.UNREACHABLE

    def nowhere(_: str) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    assert posted("https://no.example/", STRICT, nowhere).problem is Problem.UNRESOLVED


def test_the_pause_that_a_receiver_asks_for_is_read_and_nonsense_is_not() -> None:
    for said, pause in (("7", 7), ("-1", None), ("soon", None), ("9" * 30, None)):
        answer = Answer(503, headers=(("Retry-After", said),))
        with receiving(lambda _, answer=answer: answer) as receiver:  # type: ignore[misc]
            asked = posted(receiver.url).asked
        assert asked == (None if pause is None else timedelta(seconds=pause))


def test_tls_asks_for_the_name_though_the_address_was_fixed(tmp_path: Path) -> None:
    trusted = _certificate(tmp_path, "hook.example")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    names: list[str | None] = []
    server.sni_callback = lambda _socket, name, _context: names.append(name)

    def answering(connection: socket.socket) -> None:
        with server.wrap_socket(connection, server_side=True) as secured:
            _request(secured)
            secured.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with _raw(answering) as url:
        port = url.rpartition(":")[2].rstrip("/")
        here: Callable[[str], Sequence[str]] = lambda _: ["127.0.0.1"]  # noqa: E731
        said = posted(f"https://hook.example:{port}/", LOCAL, here, trusted)
        assert (said.status, said.problem) == (204, None)
        # A certificate of another name, or by nobody who is trusted, is refused.
        other = posted(f"https://other.example:{port}/", LOCAL, here, trusted)
        assert other.problem is Problem.TLS
        unknown = posted(f"https://hook.example:{port}/", LOCAL, here)
        assert unknown.problem is Problem.TLS
    assert names == ["hook.example", "other.example", "hook.example"]


def _certificate(folder: Path, name: str) -> ssl.SSLContext:
    """Make a certificate that signs itself; return what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / "cert.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return ssl.create_default_context(cadata=pem.decode())


def _request(connection: socket.socket) -> None:
    """Read all of a request: head and body come apart.

    With any of it unread, closing breaks the connection off, and an answer is lost that
    still waits for the other side to confirm what was sent before it.
    """
    got = b""
    while not got.endswith(b"\r\n\r\n{}"):
        chunk = connection.recv(65_536)
        if not chunk:
            return
        got += chunk


@contextmanager
def _raw(answering: Callable[[socket.socket], object]) -> Iterator[str]:
    """Run a server that does not speak HTTP by itself."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                answering(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)

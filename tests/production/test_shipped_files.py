"""The units of systemd and the configuration of nginx that ship are right ones."""

from __future__ import annotations

import os
import re
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from interface.cli.main import COMMANDS
from tests.processes import PATIENCE, adopted, free_port

DEPLOY = Path("deploy")
PROCESSES = ["redress-serve@", "redress-sign", "redress-witness", "redress-work"]
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
STARTED = re.compile(
    r"^ExecStart=(?:/usr/bin/env REDRESS_PORT=%i )?/opt/redress/bin/redress (\w+)",
    re.MULTILINE,
)
MOST_EXPOSED = "25"
"""Tenths of systemd's points, of a hundred; a unit without any protection has 96."""


def test_there_is_a_unit_for_each_process() -> None:
    for unit in UNITS:
        text = unit.read_text()
        (command,) = STARTED.findall(text)
        assert command in COMMANDS
        assert unit.stem.removesuffix("@") == f"redress-{command}"
        # Only the first process is told to end: it tells those that it has started.
        assert "KillMode=mixed\n" in text
    assert [one.stem for one in UNITS] == PROCESSES


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda one: one.stem)
def test_systemd_finds_nothing_wrong_with_a_unit(unit: Path, tmp_path: Path) -> None:
    # The program is not installed here.
    copy = tmp_path / unit.name.replace("@", "@8000")
    copy.write_text(unit.read_text().replace("/opt/redress/bin/redress", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", str(copy)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    options = ("--offline=yes", f"--threshold={MOST_EXPOSED}")
    done = subprocess.run(
        ["systemd-analyze", "security", *options, str(copy)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout.splitlines()[-1]


class Upstream(BaseHTTPRequestHandler):
    """Answers with the headers that it was sent."""

    def do_GET(self) -> None:
        content = "\n".join(f"{k}: {v}" for k, v in self.headers.items()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


def make_certificate(folder: Path) -> None:
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    files = ("-keyout", "privkey.pem", "-out", "fullchain.pem")
    subprocess.run(
        ["openssl", "req", "-x509", *key, "-subj", "/CN=api.shop.example", *files],
        cwd=folder,
        capture_output=True,
        check=True,
    )


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """Run nginx with the shipped configuration; yield its ports, plain and TLS."""
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    plain, tls = free_port(), free_port()
    make_certificate(tmp_path)
    shipped = (DEPLOY / "nginx.conf").read_text()
    for before, after in (
        ("/etc/ssl/redress", str(tmp_path)),
        ("127.0.0.1:8000", f"127.0.0.1:{server.server_port}"),
        # As while it is restarted: nobody listens there.
        ("127.0.0.1:8001", f"127.0.0.1:{free_port()}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{tls} ssl http2;"),
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
    ):
        assert before in shipped
        shipped = shipped.replace(before, after)
    folders = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{one}_temp_path {tmp_path}/{one};\n" for one in folders)
    whole = (
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; {places} {shipped} }}\n"
    )
    config = tmp_path / "nginx.conf"
    config.write_text(whole)
    command = ["nginx", "-p", str(tmp_path), "-c", str(config)]
    if os.geteuid() == 0:
        config.write_text(f"user root;\n{whole}")
    subprocess.run([*command, "-t"], check=True, capture_output=True, timeout=30)
    process = adopted(subprocess.Popen(command, stderr=subprocess.DEVNULL))
    yield plain, tls
    process.terminate()
    process.wait(timeout=30)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    forged = {"X-Forwarded-Proto": "http", "X-Request-Id": "forged"}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with httpx.Client(verify=context, headers=forged) as one:
        yield one


def get(client: httpx.Client, url: str) -> httpx.Response:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return client.get(url)
        except httpx.TransportError:
            # It is still starting.
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def test_nginx_ends_tls_and_forwards_what_it_knows_itself(
    proxy: tuple[int, int], client: httpx.Client
) -> None:
    plain, tls = proxy
    answer = get(client, f"https://127.0.0.1:{tls}/v1/codes")
    assert answer.status_code == 200
    sent = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert sent["X-Forwarded-Proto"] == "https"
    assert re.fullmatch(r"[0-9a-f]{32}", sent["X-Request-Id"])
    # A token that was sent in clear is known to whoever listened: no redirect.
    assert get(client, f"http://127.0.0.1:{plain}/v1/codes").status_code == 403
    moved = get(client, f"http://127.0.0.1:{plain}/schema")
    assert (moved.status_code, moved.headers["Location"][:8]) == (301, "https://")
    # A command goes to the server that listens, too: it was not sent to the other one.
    for _ in range(10):
        sent_to = client.post(f"https://127.0.0.1:{tls}/v1/disputes", json={})
        assert sent_to.status_code == 200
    many = {
        get(client, f"https://127.0.0.1:{tls}/v1/codes").status_code for _ in range(100)
    }
    assert many == {200, 429}

"""A time-stamping authority: `openssl ts` behind a small HTTP server."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.log.http_servers import serving

OPENSSL = shutil.which("openssl")
RSA = ("rsa:2048",)
P_256 = ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")
CONFIG = """
[req]
distinguished_name = name
[name]
[extensions]
extendedKeyUsage = critical, timeStamping
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
ess_cert_id_chain = no
"""


class TimestampAuthority:
    """Stamps what is asked, as of now, with a key of its own."""

    def __init__(self, folder: Path, *key: str) -> None:
        folder.mkdir()
        self._folder, self.asked = folder, 0
        (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        self.certificate = folder / "tsa.pem"
        self._run(
            *("req", "-x509", "-newkey", *(key or RSA), "-nodes", "-days", "3650"),
            *("-subj", "/CN=tsa.example", "-extensions", "extensions"),
            *("-keyout", "tsa.key", "-out", "tsa.pem", "-config", "tsa.cnf"),
        )

    def stamp(self, query: bytes) -> bytes:
        (self._folder / "query").write_bytes(query)
        self._run(
            *("ts", "-reply", "-queryfile", "query", "-out", "reply"),
            *("-inkey", "tsa.key", "-signer", "tsa.pem", "-config", "tsa.cnf"),
        )
        self.asked += 1
        return (self._folder / "reply").read_bytes()

    def verify(self, content: bytes, response: bytes) -> None:
        """Let openssl itself say that a response stamps some bytes."""
        (self._folder / "content").write_bytes(content)
        (self._folder / "response").write_bytes(response)
        self._run(
            *("ts", "-verify", "-data", "content", "-in", "response"),
            *("-CAfile", "tsa.pem", "-partial_chain"),
        )

    def _run(self, *arguments: str) -> None:
        command = [str(OPENSSL), *arguments]
        subprocess.run(command, cwd=self._folder, check=True, capture_output=True)


@contextmanager
def stamping(authority: TimestampAuthority) -> Iterator[str]:
    """Serve a stamper; yield its URL."""

    def answer(handler: Any, _: str, body: bytes) -> tuple[int, bytes]:
        assert handler.headers["Content-Type"] == "application/timestamp-query"
        return 200, authority.stamp(body)

    with serving(answer) as url:
        yield url

"""Searches everything that lies on the disks of an installation for keys."""

from __future__ import annotations

import base64
import re
import signal
from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import UUID

import psutil
import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.privacy.master_key import KEY_BYTES, NONCE_BYTES
from interface.run.embedded_postgres import EmbeddedServer

Row = tuple[bytes, str, UUID, str]
"""A wrapped data key, by which key it is wrapped, its id and its subject."""

_IN_BASE64 = re.compile(rb"[A-Za-z0-9+/]{43}=")


def wrapped_rows(url: str) -> set[Row]:
    """Return the wrapped data keys that the table has now."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT wrapped, wrapped_by, key_id, subject FROM redress_keys.data_keys"
            " WHERE wrapped IS NOT NULL"
        )
        return {(bytes(row[0]), row[1], row[2], row[3]) for row in rows}


def on_disk(*folders: Path) -> list[bytes]:
    """Return the content of every file: tables, logs, key files, drafts."""
    return [
        path.read_bytes()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    ]


def keys_in(contents: Iterable[bytes]) -> set[bytes]:
    """Return everything in some files that could be a key, in base64."""
    found = {text for one in contents for text in _IN_BASE64.findall(one)}
    return {key for key in map(base64.b64decode, found) if len(key) == KEY_BYTES}


def lies_in(key: bytes, contents: Sequence[bytes]) -> bool:
    """Tell whether a key lies in some file, as it is or in base64."""
    return any(key in one or base64.b64encode(key) in one for one in contents)


def opens(row: Row, key: bytes) -> bool:
    """Tell whether a key opens a wrapped data key, as its specification says."""
    wrapped, by, key_id, subject = row
    bound = f"redress-data-key/1\n{key_id}\n{by}\n{subject}".encode()
    try:
        AESGCM(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound)
    except InvalidTag:
        return False
    return True


def crash(cluster: EmbeddedServer) -> None:
    """Kill a database server with all its processes, and start it again."""
    server = psutil.Process(cluster.pid)
    family = [server, *server.children(recursive=True)]
    for one in family:
        one.send_signal(signal.SIGKILL)
    psutil.wait_procs(family, timeout=20)
    cluster.start()

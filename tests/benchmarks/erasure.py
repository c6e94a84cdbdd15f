"""What destruction costs at a million subjects, and sealing at all."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.cases.evidence_files import EvidenceFiles
from application.cases.sealed_file import CHUNK_BYTES, StoredFile
from application.privacy import master_key
from application.privacy.data_keys import KeyStore
from application.privacy.destruction import destroy_wrapping, replace_bucket_keys
from application.privacy.key_changes import destroy
from application.privacy.master_key import KEY_BYTES, MasterKeys
from application.privacy.sealed_texts import seal
from application.record.database import Database
from application.record.schema.migrations import KEYS
from tests.benchmarks.measurement import Bench, Result

SUBJECTS = 1_000_000
ERASURES = 30
TEXTS = 50_000
PLACE = "01890a5d-ac96-774b-bcce-b302099a8057/3/facts"
FILE_BYTES = 20 << 20


def measure(bench: Bench) -> Iterator[Result]:
    """Erase some of a million subjects, then give every bucket a new key."""
    path = bench.folder / "keys" / "master.json"
    master = master_key.read_or_make(path)
    with bench.database() as url:
        fill(url, master)
        keys = KeyStore(Database(url, schema=KEYS.name), master, path)
        ids = some(url)
        tombstones = timed(lambda key: destroy(keys.database, [key]), ids)
        finals = timed(lambda key: destroy_wrapping(keys, [key]), ids)
        yield result("erasure-destruction", "ms", finals, "tombstone", tombstones)
        began = time.perf_counter()
        replace_bucket_keys(keys)
        seconds = time.perf_counter() - began
        yield Result(
            name="rotation-of-a-million",
            value=seconds,
            unit="s",
            against="destruction of one",
            baseline=statistics.median(finals) / 1_000,
            ratio=seconds / (statistics.median(finals) / 1_000),
        )
        keys.close()


def fill(url: str, master: MasterKeys) -> None:
    with (
        psycopg.connect(url) as connection,
        connection.cursor() as cursor,
        cursor.copy(
            "COPY redress_keys.data_keys (key_id, subject, wrapped, wrapped_by)"
            " FROM STDIN"
        ) as copy,
    ):
        for number in range(SUBJECTS):
            key_id, subject = uuid4(), f'["shop","buyer","b-{number}"]'
            wrapped, by = master.wrap(os.urandom(KEY_BYTES), key_id, subject)
            copy.write_row((key_id, subject, wrapped, by))


def some(url: str) -> list[UUID]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE redress_keys.data_keys")
        rows = connection.execute(
            "SELECT key_id FROM redress_keys.data_keys ORDER BY subject LIMIT %s",
            (ERASURES,),
        ).fetchall()
    return [row[0] for row in rows]


def timed(act: Callable[[UUID], object], ids: list[UUID]) -> list[float]:
    """Return how long each takes, in milliseconds."""
    taken = []
    for key in ids:
        began = time.perf_counter()
        act(key)
        taken.append((time.perf_counter() - began) * 1_000)
    return taken


def result(
    name: str, unit: str, ours: list[float], against: str, others: list[float]
) -> Result:
    value, baseline = statistics.median(ours), statistics.median(others)
    return Result(
        name=name,
        value=value,
        unit=unit,
        against=against,
        baseline=baseline,
        ratio=value / baseline,
        p50=value,
        p99=max(ours),
    )


def sealing(bench: Bench) -> Iterator[Result]:
    """Seal a text with its commitment and without; read a file checked and not."""
    cipher = AESGCM(os.urandom(KEY_BYTES))
    text = "The kettle leaks at the handle since the first day. " * 6
    ours = rate(TEXTS, lambda: seal(cipher, text, PLACE))
    plain = rate(TEXTS, lambda: cipher.encrypt(os.urandom(12), text.encode(), b"place"))
    yield Result(
        name="sealed-texts",
        value=ours,
        unit="texts/s",
        against="AES-256-GCM alone",
        baseline=plain,
        ratio=ours / plain,
    )
    yield from _files(bench.folder / "evidence", cipher)


def _files(folder: Path, cipher: AESGCM) -> Iterator[Result]:
    files, content = EvidenceFiles(folder), os.urandom(FILE_BYTES)
    began = time.perf_counter()
    with files.receiving(uuid4(), cipher, FILE_BYTES) as coming:
        for start in range(0, FILE_BYTES, CHUNK_BYTES // 4):
            coming.incoming.write(content[start : start + CHUNK_BYTES // 4])
        kept = coming.keep()
    written = FILE_BYTES / (time.perf_counter() - began) / 1e6
    file = StoredFile(
        case=uuid4(),
        version=1,
        sha256=kept.sha256,
        size=kept.size,
        key=coming.key,
        sealed=kept.sealed,
    )
    hashed = rate(5, lambda: sha256(content).digest()) * FILE_BYTES / 1e6
    read = rate(5, lambda: list(files.read(file, cipher))) * FILE_BYTES / 1e6
    for name, value in (("file-received", written), ("file-given-out", read)):
        yield Result(
            name=name,
            value=value,
            unit="MB/s",
            against="SHA-256 in memory",
            baseline=hashed,
            ratio=value / hashed,
        )


def rate(times: int, act: Callable[[], object]) -> float:
    """Return how often it can be done in a second."""
    began = time.perf_counter()
    for _ in range(times):
        act()
    return times / (time.perf_counter() - began)

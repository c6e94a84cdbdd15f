"""ML-DSA-44, as both verifiers check it: what is signed so, and nothing else.

`data/mldsa-44.json` holds vectors of the project Wycheproof (C2SP, Apache 2.0), by
their numbers there: valid signatures, and wrong ones of each kind.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from interface.verifier.redress_verify import verify_mldsa
from tests.bundle.node_verifier import NODE, VERIFIER

VECTORS = json.loads((Path(__file__).parent / "data/mldsa-44.json").read_text("utf-8"))
Signed = tuple[bytes, bytes, bytes]


def vectors() -> list[tuple[Signed, bool]]:
    return [
        (
            (
                b64decode(one["public"]),
                bytes.fromhex(one["message"]),
                b64decode(one["signature"]),
            ),
            one["holds"],
        )
        for one in VECTORS
    ]


def made() -> list[tuple[Signed, bool]]:
    """Return signatures of another implementation, and the same with a bit changed."""
    rng, found = random.Random(44), list[tuple[Signed, bool]]()
    for number in range(12):
        key = MLDSA44PrivateKey.from_seed_bytes(rng.randbytes(32))
        public, message = key.public_key().public_bytes_raw(), rng.randbytes(number)
        signature = key.sign(message)
        found += [((public, message, signature), True)]
        found += [((public, message + b"x", signature), False)]
        # The last 84 bytes are the hint, which has one form only.
        for place in (rng.randrange(len(signature)), 2336 + rng.randrange(84)):
            changed = bytearray(signature)
            changed[place] ^= 1 << rng.randrange(8)
            found.append(((public, message, bytes(changed)), False))
        found += [((public, message, signature[:-1]), False)]
        found += [((public, message, b""), False)]
    return found


def test_there_are_vectors_of_each_kind() -> None:
    assert len(VECTORS) > 10
    assert {one["holds"] for one in VECTORS} == {True, False}


@pytest.mark.parametrize("kind", ["vectors", "made"])
def test_what_is_signed_holds_and_nothing_else(kind: str) -> None:
    for (public, message, signature), holds in globals()[kind]():
        assert verify_mldsa(public, message, signature) is holds


@pytest.mark.skipif(NODE is None, reason="Node is not here")
@pytest.mark.parametrize("kind", ["vectors", "made"])
def test_the_page_finds_the_same(kind: str, tmp_path: Path) -> None:
    shutil.copy(VERIFIER / "verify.js", tmp_path / "verify.mjs")
    rows = globals()[kind]()
    told = [[b64encode(part).decode() for part in signed] for signed, _ in rows]
    code = (
        'import { verifyMlDsa } from "./verify.mjs";'
        'import { readFileSync } from "node:fs";'
        "const rows = JSON.parse(readFileSync(0));"
        "const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));"
        "const found = rows.map((row) => verifyMlDsa(...row.map(bytes)));"
        "process.stdout.write(JSON.stringify(found));"
    )
    done = subprocess.run(
        [str(NODE), "--input-type=module", "-e", code],
        cwd=tmp_path,
        input=json.dumps(told).encode(),
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == [holds for _, holds in rows]

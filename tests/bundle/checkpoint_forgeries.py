"""Ways to forge the checkpoint of a bundle: its text, its signatures, its log."""

from __future__ import annotations

import json
import random
from base64 import b64decode, b64encode
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.bundle.bundle_archive import forged
from tests.bundle.file_damage import Made, Members, altered


def alter_checkpoint(_: bytes, members: Members, rng: random.Random) -> Made:
    """Alter the text or a signature; one of an unknown key is passed over (C2SP)."""
    before = members["checkpoint.txt"]
    lines = before.split(b"\n")
    place = rng.choice([n for n, one in enumerate(lines) if one])
    lines[place] = altered(lines[place], rng)
    members["checkpoint.txt"] = after = b"\n".join(lines)
    for name in [one for one in members if one.startswith("proofs/")]:
        members[name] = members[name].replace(before, after)
    right = {"manifest-wrong", "checkpoint-wrong", "foreign-key", "signature-wrong"}
    # The time stamp is over the whole note, signatures of unknown keys included.
    right |= {"cosignature-wrong", "quorum-missed", "timestamp-elsewhere"}
    return forged(members), right


def another_log(_: bytes, members: Members, rng: random.Random) -> Made:
    """Make a tree of this one case, signed with a key of one's own."""
    before = members["checkpoint.txt"].decode()
    origin = rng.choice([before.split("\n")[0], "other.example/log"])
    key = Ed25519PrivateKey.generate()
    public = b"\1" + key.public_key().public_bytes_raw()
    key_id = sha256(f"{origin}\n".encode() + public).digest()[:4]
    text = f"{origin}\n{before.split(chr(10), 1)[1].partition(chr(10) * 2)[0]}\n"
    blob = b64encode(key_id + key.sign(text.encode())).decode()
    after = f"{text}\n— {origin} {blob}\n"
    about = json.loads(members["manifest.json"])["checkpoint"]
    for name in [one for one in members if one.startswith("proofs/")]:
        members[name] = members[name].replace(before.encode(), after.encode())
    members["checkpoint.txt"] = after.encode()
    made = forged(members, checkpoint=about | {"origin": origin})
    return made, {"foreign-key", "foreign-log"}


def proof_of_another_log(_: bytes, members: Members, rng: random.Random) -> Made:
    name = rng.choice([one for one in sorted(members) if one.startswith("proofs/")])
    head, _blank, note = members[name].decode().partition("\n\n")
    _origin, rest = note.split("\n", 1)
    members[name] = f"{head}\n\nother.example/log\n{rest}".encode()
    return forged(members), {"other-log"}


def unsign(_: bytes, members: Members, rng: random.Random) -> Made:
    """Take the signatures of the log, or of a witness, away."""
    before = members["checkpoint.txt"].decode()
    text, signed = before.split("\n\n")
    lines = signed.splitlines()
    origin = before.split("\n")[0]
    who = rng.choice([origin, "w1.example", "w2.example"])
    after = "\n".join([text, "", *(one for one in lines if f" {who} " not in one), ""])
    for name in [one for one in members if one.startswith("proofs/")]:
        members[name] = members[name].replace(before.encode(), after.encode())
    members["checkpoint.txt"] = after.encode()
    right = {"foreign-key"} if who == origin else {"quorum-missed"}
    return forged(members), right


def move_cosignature(_: bytes, members: Members, rng: random.Random) -> Made:
    """Let a witness have signed at another time."""
    before = members["checkpoint.txt"].decode()
    lines = before.splitlines()
    place = next(n for n, one in enumerate(lines) if " w1.example " in one)
    dash, name, blob = lines[place].split(" ")
    raw = bytearray(b64decode(blob))
    raw[4 + rng.randrange(8)] ^= 1 << rng.randrange(8)
    lines[place] = f"{dash} {name} {b64encode(raw).decode()}"
    after = "\n".join([*lines, ""])
    for proof in [one for one in members if one.startswith("proofs/")]:
        members[proof] = members[proof].replace(before.encode(), after.encode())
    members["checkpoint.txt"] = after.encode()
    return forged(members), {"cosignature-wrong"}

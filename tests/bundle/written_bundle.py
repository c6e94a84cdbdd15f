"""A bundle and receipts written from the description alone, with keys of one's own.

Whoever owns the database and the log can have anything signed. So what only such an
owner can do is tried with these: their proofs and signatures hold.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from interface.verifier.redress_verify import Asked, parse_key
from tests.bundle.bundle_archive import canonical, forged, key_id
from tests.bundle.written_log import Log

ORIGIN = "written.example/log"
STATING = f"{ORIGIN}/statements"
CASE = "5f0f6a7e-7f0a-4d5e-9a55-0f3c7f1d2b11"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
RULES = {
    "codes": b"# codes\n",
    "policy": b'name = "cn-default"\nproof = "proof/1"\n',
    "proof": b'name = "proof"\n',
    "texts": b"{}\n",
}
DAYS_OFF = b'["2026-10-01"]\n'


def key(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


LOG, STATEMENTS, WITNESS, STRANGER = map(key, (1, 2, 3, 4))
QUANTUM = MLDSA44PrivateKey.from_seed_bytes(bytes([5]) * 32)


def vkey(name: str, one: Ed25519PrivateKey, algorithm: int = 1) -> str:
    material = bytes([algorithm]) + one.public_key().public_bytes_raw()
    identity = sha256(f"{name}\n".encode() + material).hexdigest()[:8]
    return f"{name}+{identity}+{b64encode(material).decode()}"


def quantum_vkey(name: str) -> str:
    material = b"\6" + QUANTUM.public_key().public_bytes_raw()
    identity = sha256(f"{name}\n".encode() + material).hexdigest()[:8]
    return f"{name}+{identity}+{b64encode(material).decode()}"


def noted(text: str, name: str, by: Ed25519PrivateKey) -> str:
    blob = key_id(name, by) + by.sign(text.encode())
    return f"{text}\n\u2014 {name} {b64encode(blob).decode()}\n"


def endorsement(*vkeys: str, by: Ed25519PrivateKey = LOG) -> str:
    lines = ["redress statement key", ORIGIN, *vkeys]
    return noted("".join(f"{one}\n" for one in lines), ORIGIN, by)


GIVEN: dict[str, Any] = {
    "log": [vkey(ORIGIN, LOG), quantum_vkey(ORIGIN)],
    "witnesses": [vkey("w.example", WITNESS, 4)],
    "quorum": None,
    "statements": [],
}


def asked(**other: Any) -> Asked:
    """Return what a verifier trusts: these keys, or others."""
    given = GIVEN | other
    names = ("log", "witnesses", "statements")
    log, witnesses, stating = (tuple(map(parse_key, given[one])) for one in names)
    return Asked(log, witnesses, given["quorum"], (), stating)


@dataclass
class Written:
    """A case as it is written: what its events say, who states them, what is beside.

    `stated_by`: by version, whose key states the event; None: nobody.
    """

    events: list[dict[str, Any]]
    stated_by: dict[int, Ed25519PrivateKey | None] = field(default_factory=dict)
    beside: dict[str, bytes] = field(default_factory=dict)
    keys: list[dict[str, Any]] | None = None
    statement_keys: list[dict[str, Any]] | None = None
    format: str = "redress-bundle/2"
    signed_by: Ed25519PrivateKey = STATEMENTS

    def states(self) -> list[bytes]:
        """Return the stored bytes of the events, chained and stated."""
        states: list[bytes] = []
        for version, event in enumerate(self.events, 1):
            told = dict(event)
            if states:
                prev = b64encode(sha256(b"\0" + states[-1]).digest()).decode()
                told = {"case": told.pop("case"), "prev": prev, **told}
            state = json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
            by = self.stated_by.get(version, STATEMENTS)
            states.append(state if by is None else stated(state, by))
        return states

    def log(self) -> tuple[list[bytes], bytes, Log]:
        """Return the events, the head of the case, and the log that holds them."""
        states = self.states()
        leaf = b64encode(sha256(b"\0" + states[-1]).digest()).decode()
        head = f'{{"type":"case-head","case":"{CASE}","version":{len(states)},'
        head += f'"leaf":"{leaf}"}}'
        entries = [b"before", *states, head.encode(), b"after"]
        log = Log(ORIGIN, entries, LOG, QUANTUM)
        log.cosign("w.example", WITNESS)
        return states, head.encode(), log

    def members(self) -> dict[str, bytes]:
        """Return what the bundle holds, without its manifest."""
        states, head, log = self.log()
        members = {
            "checkpoint.txt": log.note.encode(),
            "head.json": head,
            "proofs/head.tlog-proof": log.proof(len(states) + 1).encode(),
            "keys.json": canonical(self.log_keys()),
            "statement-keys.json": canonical(self.stating_keys()),
            "deadlines.json": b"[]\n",
            "reasons.json": b"[]\n",
            "rules/calendar.json": b"{}\n",
            "timeline.en.html": b"<!doctype html>\n",
            "timeline.zh.html": b"<!doctype html>\n",
            **rule_members(),
        }
        for version, state in enumerate(states, 1):
            members[f"events/{version:06d}.json"] = state
            members[f"proofs/{version:06d}.tlog-proof"] = log.proof(version).encode()
        return members | self.beside

    def log_keys(self) -> list[dict[str, Any]]:
        """Return the list of the log's keys."""
        made = {"made_at": "2026-01-01T00:00:00Z", "endorsement": None}
        known = [vkey(ORIGIN, LOG), quantum_vkey(ORIGIN)]
        return self.keys or [{"vkey": one, **made} for one in known]

    def stating_keys(self) -> list[dict[str, Any]]:
        """Return the list of the application's keys."""
        if self.statement_keys is not None:
            return self.statement_keys
        one = vkey(STATING, STATEMENTS)
        return [{"vkey": one, "endorsement": endorsement(one)}]

    def bundle(self) -> bytes:
        """Pack the bundle."""
        members = self.members()
        checkpoint = members["checkpoint.txt"].decode().split("\n")
        manifest = {
            "format": self.format,
            "case": CASE,
            "version": len(self.events),
            "checkpoint": {
                "origin": checkpoint[0],
                "size": int(checkpoint[1]),
                "root": checkpoint[2],
            },
        }
        return forged(
            members | {"manifest.json": json.dumps(manifest).encode()}, self.signed_by
        )

    def receipt(self, number: int, /, **changes: Any) -> bytes:
        """Return the receipt for an event."""
        states, _, log = self.log()
        state = states[number - 1]
        told = {
            "format": "redress-receipt/1",
            "origin": ORIGIN,
            "case": CASE,
            "version": number,
            "event": b64encode(state).decode(),
            "leaf": sha256(b"\0" + state).hexdigest(),
            "statement_keys": self.stating_keys(),
            "keys": self.log_keys(),
            "proof": log.proof(number),
        }
        return canonical(told | changes)


def stated(state: bytes, by: Ed25519PrivateKey) -> bytes:
    """Return an event with a statement about it."""
    blob = key_id(STATING, by) + by.sign(b"redress-statement/1\n" + state)
    return state[:-1] + b',"statement":"' + b64encode(blob) + b'"}'


def rule_set() -> bytes:
    parts = {
        name: {"id": f"{name}/1", "sha256": sha256(text).hexdigest()}
        for name, text in RULES.items()
    }
    calendar = {
        "edition": "CN@1",
        "sha256": sha256(b"all days").hexdigest(),
        "years": {"2026": sha256(DAYS_OFF).hexdigest()},
        "zone": "Asia/Shanghai",
    }
    return canonical({"calendar": calendar, **parts})


def rule_members() -> dict[str, bytes]:
    digest = sha256(rule_set()).hexdigest()
    files = {sha256(one).hexdigest(): one for one in (*RULES.values(), DAYS_OFF)}
    return {f"rules/sets/{digest}.json": rule_set()} | {
        f"rules/files/{name}": text for name, text in files.items()
    }


def event(
    version: int, role: str, payload: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """Return the envelope of an event."""
    return {
        "case": CASE,
        "version": version,
        "at": f"2026-03-02T02:00:{version:02d}Z",
        "recorded_at": f"2026-03-02T02:00:{version:02d}Z",
        "actor": {"role": role, "id": role[:1] + "-1"},
        "command_id": CASE,
        "policy": "policy/1",
        "rules": b64encode(sha256(rule_set()).digest()).decode(),
        **more,
        "event": payload,
    }


SALT = bytes(range(32))


def sealed(version: int, path: str, text: str) -> str:
    """Return a sealed text with its commitment; what is sealed nobody opens here."""
    place = f"{CASE}/{version}/{path}".encode()
    said = sha256(b"redress-text/1\n" + SALT + place + b"\n" + text.encode()).digest()
    return "enc2:" + b64encode(said + bytes(12 + 32 + 16) + text.encode()).decode()


def opened(version: int, path: str, text: str, **changes: Any) -> dict[str, Any]:
    """Return the row of an opened text."""
    digest = sha256(sealed(version, path, text).encode()).hexdigest()
    return {
        "version": version,
        "path": path,
        "sealed": digest,
        "text": text,
        "salt": b64encode(SALT).decode(),
        **changes,
    }


FACTS, NAME = "It leaks at the handle. 漏水。", "kettle.png"
SEALED_FILE = b"RDRS2" + bytes(8 + len(PNG) + 16 + 56)


def told_events() -> list[dict[str, Any]]:
    """Return a case: filed, admitted, served, answered with a message, with a file."""
    key_of = {"key": "d09d3ec9-1ec2-4f94-a50b-aebaf479662b"}
    file = {
        "type": "evidence-submitted",
        "number": 1,
        "by": "buyer",
        "kind": "photo",
        "sha256": sha256(PNG).hexdigest(),
        "size": len(PNG),
        "media_type": "image/png",
        "sealed": sha256(SEALED_FILE).hexdigest(),
        "name": sealed(4, "name", NAME),
    }
    filed = {
        "type": "filed",
        "facts": sealed(1, "facts", FACTS),
        "more": ["a", 1, None],
    }
    acting = {"id": "crm", "on_behalf_of": "buyer", "for_id": "b-1"}
    clerk = {"actor": {"role": "platform"} | acting}
    return [
        event(1, "buyer", filed, **key_of),
        event(2, "mediator", {"type": "admitted"}),
        event(3, "clock", {"type": "notice-served"}),
        event(4, "buyer", file, **(key_of | clerk)),
        event(5, "seller", {"type": "message-posted", "number": 1, "by": "seller"}),
    ]


def beside() -> dict[str, bytes]:
    """Return what such a bundle holds beside events, all texts opened."""
    files = told_events()[3]["event"]
    names = ("number", "by", "kind", "sha256", "size", "media_type", "sealed")
    row = {"version": 4} | {name: files[name] for name in names}
    texts = [opened(1, "facts", FACTS), opened(4, "name", NAME)]
    listed = [
        {"version": one["version"], "path": one["path"], "state": "opened"}
        for one in texts
    ]
    return {
        "evidence.json": canonical([row]),
        "redactions.json": canonical(listed),
        "opened.json": canonical(texts),
        "files/000004.opened": PNG,
        "files/000004.sealed": SEALED_FILE,
    }


def written(events: Sequence[dict[str, Any]] | None = None, **how: Any) -> Written:
    """Return the case that is told here, or another."""
    more = how.pop("beside", {})
    return Written(list(events or told_events()), beside=beside() | more, **how)

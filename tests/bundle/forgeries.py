"""Ways to forge what a bundle says and make its manifest fit, to be believed."""

from __future__ import annotations

import json
import random
from typing import Any

from tests.bundle.bundle_archive import canonical, forged
from tests.bundle.file_damage import MANIFEST, Made, Members, altered


def other_format(_: bytes, members: Members, rng: random.Random) -> Made:
    names = ["redress-bundle/3", "redress-bundle/0", "", "x"]
    return forged(members, format=rng.choice(names)), {"other-format"}


def forge_manifest(_: bytes, members: Members, rng: random.Random) -> Made:
    about = json.loads(members["manifest.json"])["checkpoint"]
    changes: list[tuple[dict[str, Any], set[str]]] = [
        ({"case": "5f0f6a7e-7f0a-5d5e-9a55-0f3c7f1d2b11"}, {"event-elsewhere"}),
        ({"case": 1}, MANIFEST),
        ({"version": 3}, {"unknown-member"}),
        ({"version": 99}, {"missing-member"}),
        ({"version": True}, MANIFEST),
        ({"version": 0}, MANIFEST),
        ({"version": 2**40}, MANIFEST),
        ({"checkpoint": about | {"size": 5}}, MANIFEST),
        ({"checkpoint": about | {"origin": "x"}}, MANIFEST),
        ({"checkpoint": {}}, MANIFEST),
        ({"more": 1}, MANIFEST),
    ]
    change, right = rng.choice(changes)
    return forged(members, **change), right


def forge_event(_: bytes, members: Members, rng: random.Random) -> Made:
    name = _events(members, rng)
    members[name] = altered(members[name], rng)
    return forged(members), _EVENTS | {"redactions-wrong", "evidence-wrong"}


def back_date(_: bytes, members: Members, rng: random.Random) -> Made:
    name = _events(members, rng)
    event = json.loads(members[name])
    event[rng.choice(["recorded_at", "at"])] = "2026-01-01T00:00:00Z"
    members[name] = json.dumps(event, separators=(",", ":")).encode()
    return forged(members), _EVENTS


def drop_the_last(_: bytes, members: Members, rng: random.Random) -> Made:
    last = len([name for name in members if name.startswith("events/")])
    left = rng.randrange(1, last)
    for n in range(left + 1, last + 1):
        del members[f"events/{n:06d}.json"], members[f"proofs/{n:06d}.tlog-proof"]
    return forged(members, version=left), {"incomplete"}


def drop_one(_: bytes, members: Members, rng: random.Random) -> Made:
    last = len([name for name in members if name.startswith("events/")])
    for n in range(rng.randrange(1, last), last):
        for name in ("events/{:06d}.json", "proofs/{:06d}.tlog-proof"):
            members[name.format(n)] = members[name.format(n + 1)]
    del members[f"events/{last:06d}.json"], members[f"proofs/{last:06d}.tlog-proof"]
    return forged(members, version=last - 1), {"event-elsewhere"}


def swap_events(_: bytes, members: Members, rng: random.Random) -> Made:
    one, other = rng.sample([n for n in sorted(members) if n.startswith("events/")], 2)
    members[one], members[other] = members[other], members[one]
    return forged(members), {"event-elsewhere"}


def forge_head(_: bytes, members: Members, rng: random.Random) -> Made:
    members["head.json"] = altered(members["head.json"], rng)
    return forged(members), {"incomplete"}


def forge_proof(_: bytes, members: Members, rng: random.Random) -> Made:
    name = rng.choice([one for one in sorted(members) if one.startswith("proofs/")])
    members[name] = altered(members[name], rng)
    return forged(members), {"proof-malformed", "other-log", "not-in-log"}


def swap_proofs(_: bytes, members: Members, rng: random.Random) -> Made:
    one, other = rng.sample([n for n in sorted(members) if n.startswith("proofs/")], 2)
    members[one], members[other] = members[other], members[one]
    return forged(members), {"not-in-log"}


def forge_redactions(_: bytes, members: Members, rng: random.Random) -> Made:
    listed = json.loads(members["redactions.json"])
    one = rng.choice(listed)
    match rng.randrange(4):
        case 0:
            listed.remove(one)
        case 1:
            listed.append(one)
        case 2:
            one["state"] = {"opened": "erased", "erased": "opened"}[one["state"]]
        case _:
            one["path"] += "x"
    members["redactions.json"] = canonical(listed)
    return forged(members), {"redactions-wrong"}


def forge_opened(_: bytes, members: Members, rng: random.Random) -> Made:
    listed = json.loads(members["opened.json"])
    one = rng.choice(listed)
    match rng.randrange(4):
        case 0:
            listed.remove(one)
        case 1:
            listed.append(one)
        case 2:
            one["sealed"] = "0" * 64
        case _:
            one["version"] += 1
    members["opened.json"] = canonical(listed)
    return forged(members), {"opened-wrong", "redactions-wrong"}


def forge_evidence(_: bytes, members: Members, rng: random.Random) -> Made:
    listed = json.loads(members["evidence.json"])
    name = rng.choice(sorted(listed[0]))
    listed[0][name] = 77
    members["evidence.json"] = canonical(rng.choice([listed, [], {}, None]))
    return forged(members), {"evidence-wrong"}


def forge_file(_: bytes, members: Members, rng: random.Random) -> Made:
    name = next(one for one in members if one.endswith(".opened"))
    members[name] = altered(members[name], rng)
    return forged(members), {"file-altered"}


def forge_stamp(_: bytes, members: Members, rng: random.Random) -> Made:
    """Alter what is stamped, its signature, or what stands around both."""
    stamp = bytearray(members["timestamp.tsr"])
    place = rng.choice([rng.randrange(len(stamp)), stamp.index(_TST_INFO) + 20])
    stamp[place] ^= 2 << rng.randrange(7)
    members["timestamp.tsr"] = bytes(stamp)
    names = ("malformed", "wrong", "elsewhere", "unsupported")
    return forged(members), {"time-order", *(f"timestamp-{one}" for one in names)}


def forge_json(_: bytes, members: Members, rng: random.Random) -> Made:
    """Put a value of some other kind anywhere in a list that a verifier reads."""
    name = rng.choice(["redactions.json", "opened.json", "evidence.json"])
    listed = json.loads(members[name])
    odd: object = rng.choice(
        [None, 1, -1, 1.5, True, "", "x", [], {}, [[]], {"a": {}}, 2**70]
    )
    if rng.random() < 0.3:
        listed.insert(rng.randrange(len(listed) + 1), odd)
    else:
        one = rng.choice(listed)
        # What an opened text says is the platform's word: nothing can contradict it.
        one[rng.choice([*sorted({*one} - {"text"}), "more"])] = odd
    members[name] = canonical(listed)
    return forged(members), {"redactions-wrong", "opened-wrong", "evidence-wrong"}


def forge_envelope(_: bytes, members: Members, rng: random.Random) -> Made:
    """Put a value of some other kind into an event, deep ones too."""
    name = _events(members, rng)
    event = json.loads(members[name])
    inner = rng.choice([event, event["event"]])
    odd: list[object] = [
        None,
        1,
        True,
        "enc1:AAAA",
        [],
        {},
        "2026-99-99T99:99:99Z",
        10**30,
    ]
    inner[rng.choice([*inner, "more"])] = rng.choice(odd)
    body = json.dumps(event)
    if rng.random() < 0.2:
        levels = rng.choice([10, 500, 3_000, 100_000])
        body = body[:-1] + ',"deep":' + "[" * levels + "]" * levels + "}"
    members[name] = body.encode()
    return forged(members), _EVENTS | {"redactions-wrong", "evidence-wrong"}


_EVENTS = {"event-malformed", "event-elsewhere", "broken-chain", "incomplete"}
_TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")


def _events(members: Members, rng: random.Random) -> str:
    return rng.choice([one for one in sorted(members) if one.startswith("events/")])

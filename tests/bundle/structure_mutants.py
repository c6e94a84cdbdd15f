"""Mutants that know the structure: notes, keys, JSON, statements, commitments.

A carrier changes a file that was made. A platform signs its manifest anew. The log's
owner has everything signed anew, so that its proofs hold around what was changed.
"""

from __future__ import annotations

import json
import random
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.bundle.bundle_archive import canonical, forged, put, taken
from tests.bundle.written_bundle import (
    ORIGIN,
    STATEMENTS,
    STATING,
    STRANGER,
    WITNESS,
    endorsement,
    noted,
    opened,
    sealed,
    told_events,
    vkey,
    written,
)

Members = dict[str, bytes]
ODD_POINTS = (
    *("\ufeff", "\x85", "\xa0", "\u1680", "\u2003", "\u2028", "\u3000", "\u200b"),
    *("\x1c", "\x1f", "\x7f", "\t", "\r", "\0", "+", " ", "\u0130", "\U0001f600"),
)
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**53 - 1, 2**53, 10**30, "", "x", "enc2:AAAA"),
    *(
        [],
        {},
        [[]],
        {"a": {}},
        ["2026-03-02T02:00:00Z"],
        "\u2028",
        "2026-02-30T25:61:61Z",
    ),
    *("0000-01-01T00:00:00Z", "9999-12-31T23:59:59.1234567890Z", "enc1:AA==", "\ud83d"),
)
ODD_TEXTS = (
    *(b"1.0", b"1e0", b"-0", b"01", b"NaN", b"1" + b"0" * 400, b'"\\ud800"', b"\xff"),
    *(b'"\\u0031"', b"[" * 70 + b"]" * 70, b"\xef\xbb\xbf1", b"tru", b'{"a":1,"a":2}'),
)


@dataclass(frozen=True)
class Mutant:
    """What was done, by whom, what came of it, and what it was made of."""

    name: str
    by: str
    data: bytes
    source: bytes


def mutant(source: bytes, rng: random.Random) -> Mutant:
    """Change a bundle or receipt as its carrier can, or as the platform can."""
    while True:
        kind = rng.choice(RECEIPT_KINDS if source[:1] == b"{" else KINDS)
        if source[:1] == b"{":
            made, by = kind({"receipt.json": source}, rng)["receipt.json"], "carrier"
        else:
            made, by = _packed(source, kind, rng)
        if made != source:
            return Mutant(kind.__name__, by, made, source)


def _packed(source: bytes, kind: Kind, rng: random.Random) -> tuple[bytes, str]:
    members = kind(taken(source), rng)
    # A bundle of the first format has no signature.
    is_signed = "manifest.sig" in members
    by = rng.choice([None, STRANGER, STATEMENTS]) if is_signed else None
    try:
        if rng.random() < 0.7:
            return forged(members, by), "platform" if by is STATEMENTS else "carrier"
    except (LookupError, TypeError, ValueError):
        # The manifest itself is no manifest any more.
        pass
    return put(members), "carrier"


def owned(rng: random.Random) -> Mutant:
    """Write a case anew, changed somewhere, with all that its log's owner can sign."""
    events = told_events()
    how: dict[str, Any] = {"stated_by": {}}
    for _ in range(rng.choice([1, 1, 2, 4])):
        rng.choice(OWNED)(events, how, rng)
    one = written(events, **how)
    try:
        made = one.receipt(1) if rng.random() < 0.2 else one.bundle()
    except UnicodeEncodeError:
        return owned(rng)
    return Mutant("owned", "owner", made, b"")


def change_json(members: Members, rng: random.Random) -> Members:
    """Put an odd value somewhere, or take one out, or name one twice."""
    name, value = _json_member(members, rng)
    nodes = list(_nodes(value))
    parent, place = rng.choice(nodes)
    match rng.randrange(5):
        case 0:
            del parent[place]
        case 1 if isinstance(parent, dict):
            parent[rng.choice(["more", "__proto__", "statement", "salt", "a,b"])] = 1
        case 2 if isinstance(parent, list):
            parent.insert(rng.randrange(len(parent) + 1), parent[place])
        case _:
            parent[place] = rng.choice(ODD)
    return members | {name: _written(value, rng)}


def change_text(members: Members, rng: random.Random) -> Members:
    """Write a value in JSON otherwise than programs agree on."""
    name, value = _json_member(members, rng)
    parent, place = rng.choice(list(_nodes(value)))
    before = parent[place]
    parent[place] = "@@HERE@@"
    text = _plain(value)
    was = json.dumps(before).encode()
    odd = rng.choice([*ODD_TEXTS, was + b" ", was + b".0", b"\t" + was, was + b","])
    return members | {name: text.replace(b'"@@HERE@@"', odd)}


def name_twice(members: Members, rng: random.Random) -> Members:
    name, value = _json_member(members, rng)
    text = _plain(value)
    if not text.startswith(b"{"):
        return members
    key = rng.choice([*value])
    twice = b'{"%s":%s,' % (key.encode(), json.dumps(rng.choice(ODD)).encode())
    return members | {name: twice + text[1:]}


def change_note(members: Members, rng: random.Random) -> Members:
    """Change the checkpoint as a note: lines, names, odd characters, signatures."""
    before = members["checkpoint.txt"].decode()
    after = _note(before, rng)
    return {
        name: body.replace(before.encode(), after.encode())
        if name.startswith(("proofs/", "checkpoint"))
        else body
        for name, body in members.items()
    }


def change_proof(members: Members, rng: random.Random) -> Members:
    name = rng.choice([one for one in sorted(members) if one.startswith("proofs/")])
    head, blank, note = members[name].decode().partition("\n\n")
    return members | {name: (_lines(head, rng) + blank + note).encode()}


def change_endorsement(members: Members, rng: random.Random) -> Members:
    """Change a note in which the log endorses a key, or write one of one's own."""
    names = [one for one in ("keys.json", "statement-keys.json") if one in members]
    name = rng.choice(names)
    rows = json.loads(members[name])
    theirs = vkey(rng.choice([STATING, ORIGIN, "x"]), STRANGER)
    row: dict[str, Any] = {"vkey": theirs, "endorsement": None}
    row = rng.choice(rows) if rows else row
    match rng.randrange(5):
        case 0 if row["endorsement"]:
            row["endorsement"] = _note(row["endorsement"], rng)
        case 1:
            row["endorsement"] = endorsement(theirs, by=rng.choice([STRANGER, WITNESS]))
        case 2:
            row["vkey"] = _odd_in(row["vkey"], rng)
        case 3:
            text = f"redress log keys\n{ORIGIN}\n{theirs}\n"
            note = noted(text, ORIGIN, STRANGER)
            rows.append(dict(row, vkey=theirs, endorsement=note))
        case _:
            rows.append(dict(row, vkey=theirs, endorsement=None))
    return members | {name: canonical(rows)}


def change_statement(members: Members, rng: random.Random) -> Members:
    """Change an event's last bytes, where its statement is."""
    name = rng.choice([one for one in sorted(members) if one.startswith("events/")])
    body = members[name]
    match rng.randrange(5):
        case 0:
            return members | {name: body[:-108] + b"}"}
        case 1:
            return members | {name: body[:-3] + b'="}'}
        case 2:
            return members | {name: body[:-1] + b" }"}
        case 3:
            return members | {name: body[:-108] + b',"statement":null}'}
        case _:
            place = len(body) - 3 - rng.randrange(92)
            other = bytes([rng.choice(b"ABCDwxyz0189+/=")])
            return members | {name: body[:place] + other + body[place + 1 :]}


def change_signature(members: Members, rng: random.Random) -> Members:
    line = members.get("manifest.sig", b"")
    odd = [
        b"",
        line[:-1],
        line + b"\n",
        b" " + line,
        line.replace(b"=", b""),
        b"AAAA\n",
    ]
    place = rng.randrange(max(len(line), 1))
    # A fixed character may be the one that stands there: signatures are random.
    changed = b"C" if line[place : place + 1] == b"B" else b"B"
    odd.append(line[:place] + changed + line[place + 1 :])
    return members | {"manifest.sig": rng.choice(odd)}


def change_opened(members: Members, rng: random.Random) -> Members:
    if "opened.json" not in members:
        return members
    rows = json.loads(members["opened.json"])
    if not rows:
        return members
    row = rng.choice(rows)
    changes: list[dict[str, Any]] = [
        {"text": row["text"] + rng.choice(ODD_POINTS)},
        {"salt": b64encode(rng.randbytes(32)).decode()},
        {"salt": b64encode(rng.randbytes(31)).decode()},
        {"salt": row.get("salt", "") + "="},
        {"path": row["path"] + "."},
        {"version": row["version"] + 1},
        {"sealed": "0" * 64},
    ]
    row |= rng.choice(changes)
    return members | {"opened.json": canonical(rows)}


Kind = Callable[[Members, random.Random], Members]
KINDS: tuple[Kind, ...] = (
    *(change_json, change_json, change_text, change_text, name_twice),
    *(change_note, change_proof, change_endorsement, change_statement),
    *(change_signature, change_opened),
)
RECEIPT_KINDS: tuple[Kind, ...]


def _receipt_field(members: Members, rng: random.Random) -> Members:
    """Change the notes and the event inside of a receipt."""
    told = json.loads(members["receipt.json"])
    if rng.random() < 0.7 and told["proof"]:
        head, blank, note = told["proof"].partition("\n\n")
        if rng.random() < 0.5:
            told["proof"] = head + blank + _note(note, rng)
        else:
            told["proof"] = _lines(head, rng) + blank + note
    else:
        name = rng.choice(["event", "leaf", "origin", "case"])
        told[name] = _odd_in(told[name], rng)
    return {"receipt.json": canonical(told)}


RECEIPT_KINDS = (change_json, change_json, change_text, name_twice, _receipt_field)


def _odd_payload(events: list[Any], _: dict[str, Any], rng: random.Random) -> None:
    nodes = list(_nodes(events))
    parent, place = rng.choice(nodes)
    # Unlike a carrier's, an owner's odd values are signed: they have to be no crash.
    parent[place] = rng.choice(ODD)
    if any(not isinstance(one, dict) or "case" not in one for one in events):
        events[:] = told_events()


def _other_topic(events: list[Any], _: dict[str, Any], rng: random.Random) -> None:
    one = rng.choice(events)
    if isinstance(one.get("event"), dict):
        one["event"]["type"] = rng.choice(
            ["ruled", "closed", "appeal-filed", "admitted", "suspended", "resumed", "x"]
        )


def _other_role(events: list[Any], _: dict[str, Any], rng: random.Random) -> None:
    one = rng.choice(events)
    role = rng.choice(["clock", "buyer", "seller", "supervisor", "platform", "x"])
    one["actor"] = {"role": role} | rng.choice([{}, {"on_behalf_of": "buyer"}])


def _imported(events: list[Any], _: dict[str, Any], rng: random.Random) -> None:
    rng.choice(events)["imported"] = rng.choice([None, {}, [], "x", {"system": "x"}])


def _stated_by(events: list[Any], how: dict[str, Any], rng: random.Random) -> None:
    who = rng.choice([None, STRANGER, STATEMENTS])
    how["stated_by"][rng.randrange(1, len(events) + 1)] = who


def _keys(_: list[Any], how: dict[str, Any], rng: random.Random) -> None:
    one, theirs = vkey(STATING, STATEMENTS), vkey(STATING, STRANGER)
    how["statement_keys"] = rng.choice(
        [
            [],
            [{"vkey": one, "endorsement": None}],
            [{"vkey": theirs, "endorsement": endorsement(theirs)}],
            [{"vkey": theirs, "endorsement": endorsement(one)}],
            [{"vkey": one, "endorsement": endorsement(theirs, one)}],
            [{"vkey": one, "endorsement": endorsement(one, "x", " ")}],
        ]
    )


def _beside(_: list[Any], how: dict[str, Any], rng: random.Random) -> None:
    text = rng.choice(["", "\u6f0f", "\U0001f600", "a\nb", "It leaks at the handle."])
    row = opened(1, "facts", text) if rng.random() < 0.5 else opened(4, "name", text)
    how["beside"] = {"opened.json": canonical([row])}


def _sealed_text(events: list[Any], _: dict[str, Any], rng: random.Random) -> None:
    """Put sealed texts where paths sort by code points or digits."""
    names = rng.sample(["\ue000", "\U0001f600", "10", "9", "a.b", "\u6f0f"], 3)
    events[0]["event"] = {"type": "filed"} | {
        name: sealed(1, name, "x") for name in names
    }


OWNED = (
    *(_odd_payload, _odd_payload, _odd_payload, _other_topic, _other_role, _imported),
    *(_stated_by, _keys, _beside, _sealed_text),
)


def _json_member(members: Members, rng: random.Random) -> tuple[str, Any]:
    names = [one for one in sorted(members) if one.endswith(".json")]
    name = rng.choice(names)
    value = json.loads(members[name])
    if not isinstance(value, dict | list) or not value:
        return _json_member(members, rng)
    return name, value


def _nodes(value: Any) -> list[tuple[Any, Any]]:
    """List every place in a value, as what holds it and its name there."""
    found: list[tuple[Any, Any]] = []
    places: Any = ()
    if isinstance(value, dict):
        places = value.items()
    elif isinstance(value, list):
        places = enumerate(value)
    for name, part in list(places):
        found += [(value, name), *_nodes(part)]
    return found


def _plain(value: Any) -> bytes:
    said = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return said.encode("utf-8", "surrogatepass") + b"\n"


def _written(value: Any, rng: random.Random) -> bytes:
    if rng.random() < 0.1:
        return json.dumps(value, indent=rng.choice([None, 1])).encode()
    return _plain(value)


def _odd_in(text: str, rng: random.Random) -> str:
    place = rng.randrange(len(text) + 1)
    return text[:place] + rng.choice(ODD_POINTS) + text[place + rng.randrange(2) :]


def _lines(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    place = rng.randrange(len(lines))
    match rng.randrange(5):
        case 0:
            del lines[place]
        case 1:
            lines.insert(place, lines[place])
        case 2:
            lines.insert(place, rng.choice(["", "x", "0", "AAAA", "index 1", " "]))
        case 3:
            lines[place] = _odd_in(lines[place], rng)
        case _:
            other = rng.randrange(len(lines))
            lines[place], lines[other] = lines[other], lines[place]
    return "\n".join(lines)


def _note(note: str, rng: random.Random) -> str:
    """Change a note; or add a signature line of a name with an odd character."""
    if rng.random() < 0.5:
        return _lines(note, rng)
    name = rng.choice([f"x{rng.choice(ODD_POINTS)}y", rng.choice(ODD_POINTS), "x"])
    blob = b64encode(rng.randbytes(rng.choice([4, 5, 68]))).decode()
    dash = rng.choice(["\u2014", "\u2014", "\u2014", "-", "\u2013"])
    return f"{note}{dash} {name} {blob}{rng.choice(['', '', '=', ' '])}\n"


def proved(data: bytes, told: Mapping[str, Any]) -> Any:
    """Return what a file that holds proves, whatever else it says."""
    if data[:1] == b"{":
        receipt = json.loads(data)
        return receipt["event"], receipt["case"], receipt["version"], told
    members = taken(data)
    kinds = ("events/", "files/", "rules/sets/", "rules/files/", "evidence.json")
    held = {name: body for name, body in members.items() if name.startswith(kinds)}
    committed = {
        (one["version"], one["path"]): one["text"]
        for one in json.loads(members.get("opened.json", b"[]"))
        if "salt" in one
    }
    return held, committed, told

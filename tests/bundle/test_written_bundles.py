"""What only the log's owner can do is told apart too, and by both verifiers alike."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import pytest

from interface.verifier.redress_verify import check
from tests.bundle.bundle_archive import canonical, forged, put, taken
from tests.bundle.conftest import states
from tests.bundle.node_verifier import NodeVerifier, outcomes
from tests.bundle.written_bundle import (
    DAYS_OFF,
    FACTS,
    LOG,
    NAME,
    ORIGIN,
    PNG,
    RULES,
    SEALED_FILE,
    STATEMENTS,
    STATING,
    STRANGER,
    asked,
    endorsement,
    event,
    noted,
    opened,
    quantum_vkey,
    rule_members,
    rule_set,
    sealed,
    told_events,
    vkey,
    written,
)

WHOLE = written().bundle()
MEMBERS = taken(WHOLE)
SET = f"rules/sets/{sha256(rule_set()).hexdigest()}.json"
POLICY = f"rules/files/{sha256(RULES['policy']).hexdigest()}"
YEAR = f"rules/files/{sha256(DAYS_OFF).hexdigest()}"
ROW = {"made_at": "2026-01-01T00:00:00Z", "endorsement": None}


def ruling_by_the_clock() -> list[dict[str, Any]]:
    return [*told_events(), event(6, "clock", {"type": "ruled"})]


def filed_twice() -> list[dict[str, Any]]:
    return [*told_events(), event(6, "buyer", {"type": "filed"})]


def told_by_another_system() -> list[dict[str, Any]]:
    imported = {"system": "old", "record": "1", "zone": "Etc/UTC"}
    payload = {"type": "ruled"}
    return [*told_events(), event(6, "clock", payload, imported=imported)]


def with_keys(*rows: Mapping[str, Any]) -> bytes:
    return written(keys=[*written().log_keys(), *rows]).bundle()


def generation(*vkeys: str, by: Any = LOG) -> str:
    lines = ["redress log keys", ORIGIN, *vkeys]
    return noted("".join(f"{one}\n" for one in lines), ORIGIN, by)


def without(name: str) -> bytes:
    return forged({one: MEMBERS[one] for one in MEMBERS if one != name}, STATEMENTS)


def said_otherwise(**members: bytes) -> bytes:
    """Change members as their carrier can: the manifest fits, but nobody signed it."""
    names = {"reasons": "reasons.json", "timeline": "timeline.en.html"}
    return forged(MEMBERS | {names[one]: body for one, body in members.items()})


def altered(line: str) -> str:
    """Return a signature line with another character in the midst of its base64."""
    # Signatures are made anew in every run: a fixed character stands there sometimes.
    return line[:400] + ("B" if line[400] == "A" else "A") + line[401:]


def noted_otherwise(change: Any, order: Any) -> bytes:
    """Change one of the two signatures of the log, the one that comes last in order."""
    before = MEMBERS["checkpoint.txt"].decode()
    ours = [one for one in before.split("\n") if one.startswith(f"\u2014 {ORIGIN} ")]
    line = max(ours, key=order)
    after = before.replace(line, change(line))
    return forged(
        {
            name: body.replace(before.encode(), after.encode())
            for name, body in MEMBERS.items()
        },
        STATEMENTS,
    )


def changed(version: int, **fields: Any) -> list[dict[str, Any]]:
    events = told_events()
    events[version - 1] |= fields
    return events


def texts(*rows: Mapping[str, Any]) -> bytes:
    return written(beside={"opened.json": canonical(list(rows))}).bundle()


def citing(regulations: Any, *texts: bytes) -> bytes:
    """Return a bundle whose events name a rule set with regulations."""
    stated = canonical(json.loads(rule_set()) | {"regulations": regulations})
    digest = sha256(stated)
    named = {"rules": b64encode(digest.digest()).decode()}
    members = taken(written([one | named for one in told_events()]).bundle())
    del members[SET]
    members[f"rules/sets/{digest.hexdigest()}.json"] = stated
    cited = {f"rules/files/{sha256(one).hexdigest()}": one for one in texts}
    return forged(members | cited, STATEMENTS)


ACME = b'name = "acme"\n'
CITED = {"id": "acme/1", "sha256": sha256(ACME).hexdigest()}
TEXTS = opened(1, "facts", FACTS), opened(4, "name", NAME)
FRESH = vkey(ORIGIN, STRANGER)
THEIRS = vkey(STATING, STRANGER)
UNENDORSED = [{"vkey": vkey(STATING, STATEMENTS), "endorsement": None}]
SELF_ENDORSED = [{"vkey": THEIRS, "endorsement": endorsement(THEIRS, by=STRANGER)}]
ELSEWHERE = [{"vkey": vkey("x/statements", STRANGER), "endorsement": None}]
BOTH = [*written().stating_keys(), {"vkey": THEIRS, "endorsement": None}]
NO_STATEMENTS = dict.fromkeys(range(1, 6))
CASES: dict[str, tuple[bytes, str]] = {
    "as it is": (WHOLE, "valid"),
    # Who said it.
    "an event that nobody states": (
        written(stated_by={3: None}).bundle(),
        "statement-missing",
    ),
    "the last event is stated by nobody": (
        written(stated_by={5: None}).bundle(),
        "statement-missing",
    ),
    "an event of a stranger": (
        written(stated_by={3: STRANGER}).bundle(),
        "statement-foreign",
    ),
    "an event of a stranger whose key is listed": (
        written(stated_by={3: STRANGER}, statement_keys=BOTH).bundle(),
        "statement-foreign",
    ),
    "events of before, which nobody stated": (
        written(stated_by={1: None, 2: None}).bundle(),
        "valid",
    ),
    "no event was stated": (
        written(stated_by=NO_STATEMENTS).bundle(),
        "valid",
    ),
    "statements that are none": (
        written(changed(5, statement="x"), stated_by={5: None}).bundle(),
        "statement-wrong",
    ),
    "a statement that is no text": (
        written(changed(5, statement=None), stated_by={5: None}).bundle(),
        "statement-wrong",
    ),
    "a key that nobody endorses": (
        written(statement_keys=UNENDORSED).bundle(),
        "unvouched",
    ),
    "a key that endorses itself": (
        written(statement_keys=SELF_ENDORSED).bundle(),
        "unvouched",
    ),
    "no keys of statements": (written(statement_keys=[]).bundle(), "unvouched"),
    "keys of statements that are none": (
        written(statement_keys=[{"vkey": 1, "endorsement": None}]).bundle(),
        "keys-wrong",
    ),
    "a key of another application": (
        written(statement_keys=ELSEWHERE).bundle(),
        "keys-wrong",
    ),
    # What the lifecycle allows.
    "a ruling by the clock": (written(ruling_by_the_clock()).bundle(), "not-possible"),
    "a second filing": (written(filed_twice()).bundle(), "not-possible"),
    "another system tells of it": (
        written(told_by_another_system()).bundle(),
        "valid",
    ),
    "an event that there is not": (
        written([*told_events(), event(6, "buyer", {"type": "x"})]).bundle(),
        "not-possible",
    ),
    "an event of no kind": (
        written([*told_events(), event(6, "buyer", {"type": ["filed"]})]).bundle(),
        "event-malformed",
    ),
    # Keys of the log.
    "a fresh key that nobody endorses": (
        with_keys(ROW | {"vkey": FRESH}),
        "key-unknown",
    ),
    "a fresh key that endorses itself": (
        with_keys(ROW | {"vkey": FRESH, "endorsement": generation(FRESH, by=STRANGER)}),
        "key-unknown",
    ),
    "a key that the given one endorses": (
        with_keys(ROW | {"vkey": FRESH, "endorsement": generation(FRESH)}),
        "valid",
    ),
    "a key of an older generation, which endorsed the given one": (
        written(
            keys=[
                ROW | {"vkey": FRESH},
                ROW
                | {
                    "vkey": vkey(ORIGIN, LOG),
                    "endorsement": generation(vkey(ORIGIN, LOG), by=STRANGER),
                },
                ROW | {"vkey": quantum_vkey(ORIGIN)},
            ]
        ).bundle(),
        "valid",
    ),
    "an ML-DSA-44 signature that does not hold": (
        noted_otherwise(altered, len),
        "signature-wrong",
    ),
    "signed by ML-DSA-44 alone": (
        noted_otherwise(lambda line: line.replace(ORIGIN, "x"), lambda one: -len(one)),
        "valid",
    ),
    # What the platform says besides.
    "reasons of whoever carries it": (
        said_otherwise(reasons=b"[1]\n"),
        "manifest-forged",
    ),
    "a timeline of whoever carries it": (
        said_otherwise(timeline=b"x"),
        "manifest-forged",
    ),
    "a manifest that a stranger signed": (
        written(signed_by=STRANGER).bundle(),
        "manifest-foreign",
    ),
    "a manifest without a signature": (
        put({one: MEMBERS[one] for one in MEMBERS if one != "manifest.sig"}),
        "missing-member",
    ),
    "a manifest's signature in two lines": (
        put(MEMBERS | {"manifest.sig": MEMBERS["manifest.sig"] + b"\n"}),
        "manifest-forged",
    ),
    "packed as the first format": (
        written(format="redress-bundle/1").bundle(),
        "unknown-member",
    ),
    "packed as the first format, whole": (
        forged(
            {
                name: body
                for name, body in MEMBERS.items()
                if not name.startswith(("rules/sets", "rules/files", "statement", "x"))
                and name != "manifest.sig"
            }
            | {"rules/codes.toml": b"", "rules/policy/policy-1.toml": b""},
            format="redress-bundle/1",
        ),
        "downgraded",
    ),
    # Opened texts.
    "an opened text that says more": (
        texts(opened(1, "facts", FACTS) | {"text": FACTS + "!"}, TEXTS[1]),
        "opened-other",
    ),
    "an opened text with another salt": (
        texts(TEXTS[0] | {"salt": b64encode(bytes(32)).decode()}, TEXTS[1]),
        "opened-other",
    ),
    "an opened text without a salt": (
        texts({name: TEXTS[0][name] for name in TEXTS[0] if name != "salt"}, TEXTS[1]),
        "opened-wrong",
    ),
    "an opened text with a short salt": (
        texts(TEXTS[0] | {"salt": "AAAA"}, TEXTS[1]),
        "opened-wrong",
    ),
    "an opened text of another place": (
        texts(TEXTS[0], TEXTS[1] | {"text": FACTS}),
        "opened-other",
    ),
    # Files and rules.
    "another sealed file of its length": (
        written(beside={"files/000004.sealed": SEALED_FILE[:-1] + b"x"}).bundle(),
        "file-altered",
    ),
    "another opened file": (
        written(beside={"files/000004.opened": PNG + b"x"}).bundle(),
        "file-altered",
    ),
    "another policy": (
        written(beside={POLICY: b'name = "other"\n'}).bundle(),
        "rules-other",
    ),
    "another rule set": (
        written(beside={SET: rule_set().replace(b"CN@1", b"CN@2")}).bundle(),
        "rules-other",
    ),
    "days off that were changed": (
        written(beside={YEAR: b"[]\n"}).bundle(),
        "rules-other",
    ),
    "without days off": (without(YEAR), "valid"),
    "without its policy": (without(POLICY), "missing-member"),
    "without its rule set": (without(SET), "missing-member"),
    "rules that are cited": (citing([CITED], ACME), "valid"),
    "no rules that are cited": (citing([]), "valid"),
    "without rules that are cited": (citing([CITED]), "missing-member"),
    "cited rules that no set names": (citing([], ACME), "unknown-member"),
    "cited rules that were changed": (
        forged(
            taken(citing([CITED], ACME))
            | {f"rules/files/{CITED['sha256']}": b'name = "other"\n'},
            STATEMENTS,
        ),
        "rules-other",
    ),
    "cited rules that are no list": (citing({}), "rules-other"),
    "cited rules without a digest": (citing([{"id": "acme/1"}]), "rules-other"),
    "cited rules that are null": (citing(None), "rules-other"),
    "rules that no set names": (
        written(beside={f"rules/files/{sha256(b'x').hexdigest()}": b"x"}).bundle(),
        "unknown-member",
    ),
    "a profile other than its set's": (
        written(changed(2, policy="policy/2")).bundle(),
        "rules-other",
    ),
    "a digest that is none": (
        written(changed(2, rules="AAAA")).bundle(),
        "event-malformed",
    ),
    "an event that names a profile alone": (
        written([one | {"rules": None} for one in told_events()]).bundle(),
        "missing-member",
    ),
    # Types.
    "a list where text belongs": (
        written(changed(5, recorded_at=["2026-03-02T02:00:05Z"])).bundle(),
        "event-malformed",
    ),
    "a sealed text in a list": (
        written(
            changed(1, key=[], event={"type": "filed", "x": [sealed(1, "x", "")]})
        ).bundle(),
        "opened-wrong",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_is_named_rightly_by_both(name: str, other: NodeVerifier | None) -> None:
    content, verdict = CASES[name]
    report = check(content, asked())
    assert report.verdict == verdict, states(report)
    if other is not None:
        theirs = other.check(content)
        assert outcomes(theirs) == states(report)
        plain = json.loads(json.dumps([one._asdict() for one in report.found]))
        assert theirs["properties"] == plain
        assert theirs["timeline"] == list(report.timeline)
        assert theirs["verdict"] == verdict


def test_who_said_it_is_unknown_without_a_key_of_theirs() -> None:
    report = check(written(statement_keys=UNENDORSED).bundle(), asked())
    found = {one.name: (one.state, one.code) for one in report.found}
    assert found["statements"] == found["vouched"] == ("unknown", "unvouched")
    trusting = asked(statements=[vkey(STATING, STATEMENTS)])
    content = written(statement_keys=UNENDORSED).bundle()
    assert check(content, trusting).verdict == "valid"


def test_a_given_key_counts_for_its_own_log_alone() -> None:
    trusting = asked(statements=[vkey("x/statements", STATEMENTS)])
    report = check(written(statement_keys=UNENDORSED).bundle(), trusting)
    assert report.verdict == "unvouched"


def test_the_head_of_a_case_is_told_with_its_age() -> None:
    """An earlier version under a newer tree: how old it is stands beside the tree."""
    about = {one.name: one.about for one in check(WHOLE, asked()).found}
    assert about["reach"] == (
        "up to version 5, as of log entry 6 (head of the case, recorded"
        " 2026-03-02T02:00:05Z), in a tree of 8 entries, co-signed"
        " 2026-03-04T04:54:20Z, 2 days and 02:54 after that head"
    )
    alone = {one.name: one.about for one in check(WHOLE, asked(witnesses=[])).found}
    signed = "signed 2026-03-04T04:53:20Z, 2 days and 02:53 after that head"
    assert alone["reach"].endswith(signed)
    plain = asked(witnesses=[], log=[vkey(ORIGIN, LOG)])
    bare = {one.name: one.about for one in check(WHOLE, plain).found}
    assert bare["reach"].endswith("signed at a time that nothing here shows")
    assert bare["signed"].startswith(f"{ORIGIN}, keys that nothing here vouches for")


def test_all_rules_of_a_set_are_there() -> None:
    assert {SET, POLICY, YEAR} < set(rule_members()) < set(MEMBERS)

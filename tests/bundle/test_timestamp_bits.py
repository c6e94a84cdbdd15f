"""Not one bit of a time stamp can be turned, wherever in it, without being noticed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from application.bundle.timestamps import ask_authority
from interface.verifier.redress_verify import (
    Bundle,
    Refused,
    check,
    check_stamp,
    parse_certificate,
    read_zip,
)
from tests.bundle.bundle_archive import forged, taken
from tests.bundle.conftest import states
from tests.bundle.node_verifier import NODE, outcomes, second
from tests.bundle.test_golden import GOLDEN, asked_of
from tests.bundle.timestamp_authority import (
    OPENSSL,
    P_256,
    TimestampAuthority,
    stamping,
)

PATH = GOLDEN / "case-1.zip"
MEMBERS = taken(PATH.read_bytes())
STAMP = MEMBERS["timestamp.tsr"]
STATUS = 8
"""Where it says 0, "granted". No signature covers it, and 1, "granted with
modifications", is as good: what was stamped is signed, and is compared."""


def flipped(place: int, bit: int) -> bytes:
    content = bytearray(STAMP)
    content[place] ^= 1 << bit
    return bytes(content)


def test_every_bit_is_fixed_but_one_that_says_nothing() -> None:
    bundle, stampers = Bundle(read_zip(PATH.read_bytes())), asked_of(PATH).stampers
    accepted = set()
    for place in range(len(STAMP)):
        for bit in range(8):
            bundle.members["timestamp.tsr"] = flipped(place, bit)
            try:
                check_stamp(bundle, [], stampers)
            except Refused:
                continue
            accepted.add((place, bit))
    assert STAMP[STATUS - 2 : STATUS + 1] == b"\2\1\0"
    assert accepted == {(STATUS, 0)}


@pytest.mark.skipif(NODE is None, reason="Node is not here")
def test_the_other_verifier_finds_the_same(tmp_path: Path) -> None:
    asked = asked_of(PATH)
    with second(tmp_path, PATH.with_suffix(".json")) as other:
        for stamp in _sample():
            content = forged(MEMBERS | {"timestamp.tsr": stamp})
            assert outcomes(other.check(content)) == states(check(content, asked))


def _sample() -> Iterator[bytes]:
    rng = random.Random(3)
    yield flipped(STATUS, 0)
    for place in range(0, len(STAMP), 7):
        yield flipped(place, rng.randrange(8))


@pytest.mark.skipif(OPENSSL is None, reason="openssl is not here")
def test_a_signature_of_another_kind_is_not_called_false(tmp_path: Path) -> None:
    authority = TimestampAuthority(tmp_path / "tsa", *P_256)
    with stamping(authority) as url:
        stamp = ask_authority(url, MEMBERS["checkpoint.txt"])
    authority.verify(MEMBERS["checkpoint.txt"], stamp)
    content = forged(MEMBERS | {"timestamp.tsr": stamp})
    pem = authority.certificate.read_text("ascii")
    asked = asked_of(PATH)
    theirs = asked._replace(stampers=(parse_certificate(pem),))
    assert check(content, theirs).verdict == "timestamp-unsupported"
    assert check(content, asked).verdict == "timestamp-wrong"
    assert check(content, asked._replace(stampers=())).verdict == "valid"
    if NODE is not None:
        with second(tmp_path, PATH.with_suffix(".json"), tsa=[pem]) as other:
            assert other.check(content)["verdict"] == "timestamp-unsupported"


def test_a_stamp_that_nobody_verified_holds_nothing() -> None:
    asked = asked_of(PATH)._replace(stampers=())
    alone = asked._replace(witnesses=(), quorum=None)
    zeroed = STAMP[:-200] + bytes(200)
    for stamp in (STAMP, zeroed):
        content = forged(MEMBERS | {"timestamp.tsr": stamp})
        for given, state in ((asked, "holds"), (alone, "none")):
            report = check(content, given)
            timed = next(one for one in report.found if one.name == "timed")
            assert (report.verdict, timed.state) == ("valid", state)
            assert "was not verified" in timed.about
            assert "2026-11" not in timed.about


def test_a_certificate_asks_for_a_stamp(tmp_path: Path) -> None:
    members = {name: MEMBERS[name] for name in MEMBERS if name != "timestamp.tsr"}
    content, asked = forged(members), asked_of(PATH)
    assert check(content, asked).verdict == "timestamp-missing"
    assert check(content, asked._replace(stampers=())).verdict == "valid"
    if NODE is not None:
        with second(tmp_path, PATH.with_suffix(".json")) as other:
            assert other.check(content)["verdict"] == "timestamp-missing"

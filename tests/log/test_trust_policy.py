"""Trust policies as other programs write them, and what is doubtful about one."""

from __future__ import annotations

from itertools import count

import pytest

from application.log.format.verifier_keys import Algorithm, VerifierKey
from application.log.witness.trust_policy import (
    PolicyUnusable,
    doubts,
    parse_policy,
)

_NUMBERS = count(1)


def vkey(name: str) -> str:
    public = next(_NUMBERS).to_bytes(32, "big")
    return VerifierKey(name, Algorithm.ED25519_COSIGNATURE, public).vkey


def test_names_of_keys_may_have_any_letters() -> None:
    key = vkey("见证.example/日志")
    text = f"# caf\u00e9\nwitness w {key} https://w.example\nquorum w\n"
    policy = parse_policy(text.encode())
    assert policy.witnesses["w"].key.vkey == key
    assert parse_policy(b"# \xe9 in Latin-1\nquorum none\n").quorum == "none"


def test_a_line_that_is_no_text_is_named() -> None:
    with pytest.raises(PolicyUnusable, match=r"^line 2: not UTF-8$"):
        parse_policy(b"# fine\nwitness \xe9 x\nquorum none\n")


@pytest.mark.parametrize(
    ("lines", "doubtful"),
    [
        ("quorum none", False),
        ("quorum a", False),
        ("group g 1 a b\nquorum g", True),
        ("group g any a b c\nquorum g", True),
        ("group g 2 a b c\nquorum g", False),
        ("group g 2 a b c d\nquorum g", True),
        ("group g 3 a b c d\nquorum g", False),
        ("group g all a b\nquorum g", False),
        ("group g any a b\ngroup h all g c\nquorum h", False),
        ("group g all a b\ngroup h all c d\ngroup i any g h\nquorum i", True),
        ("group g 2 a b c\ngroup h any d e\ngroup i all g h\nquorum i", False),
    ],
)
def test_quorums_that_need_not_meet_are_doubtful(lines: str, *, doubtful: bool) -> None:
    witnesses = "".join(f"witness {one} {vkey(one)}\n" for one in "abcde")
    policy = parse_policy(f"{witnesses}{lines}\n".encode())
    found = tuple(doubts(policy))
    assert bool(found) is doubtful
    if doubtful:
        assert "two quorums without a witness in common" in found[0]

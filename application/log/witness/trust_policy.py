"""Trust policies: logs, witnesses and a quorum, in a file (C2SP tlog-policy)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from application.log.format.note import NoteMalformed
from application.log.format.verifier_keys import (
    Algorithm,
    Seal,
    VerifierKey,
    parse_vkey,
)
from application.operator_error import OperatorError

NONE = "none"
MAX_BYTES = 1_000_000

_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_URL = re.compile(r"https?://[^\s]+", re.ASCII)


class PolicyUnusable(OperatorError):
    """The policy file is missing or malformed; the message says which line is wrong."""


class Trusted(Struct, frozen=True):
    """A key of a log or a witness, and the URL to reach it at."""

    key: VerifierKey
    url: str | None


class Group(Struct, frozen=True):
    """A group that has cosigned once `threshold` of its members have."""

    threshold: int
    members: tuple[str, ...]


class TrustPolicy(Struct, frozen=True, kw_only=True):
    """The logs that may sign, the witnesses that cosign, and the quorum of these."""

    logs: tuple[Trusted, ...]
    witnesses: Mapping[str, Trusted]
    groups: Mapping[str, Group]
    quorum: str

    @property
    def log_keys(self) -> tuple[VerifierKey, ...]:
        """Return the keys that may sign a checkpoint as a log."""
        return tuple(one.key for one in self.logs)

    @property
    def witness_keys(self) -> tuple[VerifierKey, ...]:
        """Return the keys whose cosignatures count."""
        return tuple(one.key for one in self.witnesses.values())

    @property
    def asks_quorum(self) -> bool:
        """Tell whether the policy asks for cosignatures at all."""
        return self.quorum != NONE

    def is_met(self, seals: Collection[Seal]) -> bool:
        """Tell whether verified signatures include the quorum's cosignatures."""
        return self._holds(self.quorum, {seal.key for seal in seals})

    def _holds(self, name: str, keys: Collection[VerifierKey]) -> bool:
        if name == NONE:
            return True
        if name in self.witnesses:
            return self.witnesses[name].key in keys
        group = self.groups[name]
        held = sum(self._holds(member, keys) for member in group.members)
        return held >= group.threshold


def doubts(policy: TrustPolicy) -> Iterator[str]:
    """Yield what makes a policy weaker than it looks, though it can be used.

    If two quorums need have no witness in common, two forks of a log can each have one,
    and no honest witness has signed both.
    """
    if policy.asks_quorum and not _meet(policy, policy.quorum):
        yield (
            f"the quorum {policy.quorum!r} can be met by two quorums without a witness"
            " in common, so that a fork of the log can have one as well: ask for more"
            " than half"
        )


def _meet(policy: TrustPolicy, name: str) -> bool:
    """Tell whether any two sets of witnesses that meet a name have one in common.

    A witness is in one group at most, so the groups are a tree, and two sets can avoid
    each other in a group if its members are enough for both: one of each set for each
    member in which they meet, and both sets in each member in which they need not.
    """
    if name in policy.witnesses:
        return True
    group = policy.groups[name]
    meeting = sum(_meet(policy, member) for member in group.members)
    apart = len(group.members) - meeting
    # Either set takes all members in which both can be, and needs this many more.
    more = max(0, group.threshold - apart)
    return 2 * more > meeting


def read(path: Path) -> TrustPolicy:
    """Read a policy file. Raises PolicyUnusable."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PolicyUnusable(f"{path}: {error.strerror}") from None
    try:
        return parse_policy(content)
    except PolicyUnusable as error:
        raise PolicyUnusable(f"{path}: {error}") from None


def parse_policy(content: bytes) -> TrustPolicy:
    """Read a policy. Raises PolicyUnusable."""
    if len(content) > MAX_BYTES or _CONTROL.search(content):
        raise PolicyUnusable("the file is too long, or has control characters")
    reader = _Reader()
    for number, line in enumerate(content.split(b"\n"), 1):
        # A comment may be in any encoding, names of keys are in UTF-8.
        words = [word for word in re.split(rb"[ \t]+", line) if word]
        if words and not words[0].startswith(b"#"):
            try:
                reader.take([word.decode() for word in words])
            except UnicodeDecodeError:
                raise PolicyUnusable(f"line {number}: not UTF-8") from None
            except (NoteMalformed, PolicyUnusable) as error:
                raise PolicyUnusable(f"line {number}: {error}") from None
    return reader.policy()


class _Reader:
    """Reads a policy line by line; a name has to be defined before it is used."""

    def __init__(self) -> None:
        self.logs: list[Trusted] = []
        self.witnesses: dict[str, Trusted] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def take(self, words: list[str]) -> None:
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self.logs.append(_trusted(vkey, url, _public_keys(self.logs), LOGS))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                known = _public_keys(self.witnesses.values())
                self._name(name)
                self.witnesses[name] = _trusted(vkey, url, known, WITNESSES)
            case ["group", name, threshold, *members] if members:
                self._name(name)
                self.groups[name] = self._group(threshold, members)
            case ["quorum", name]:
                self._set_quorum(name)
            case _:
                raise PolicyUnusable(f"not understood: {' '.join(words)[:80]!r}")

    def policy(self) -> TrustPolicy:
        if self.quorum is None:
            raise PolicyUnusable("there is no quorum line")
        return TrustPolicy(
            logs=tuple(self.logs),
            witnesses=self.witnesses,
            groups=self.groups,
            quorum=self.quorum,
        )

    def _name(self, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise PolicyUnusable(f"the name {name!r} is taken")

    def _known(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise PolicyUnusable(f"{name!r} was not defined before")

    def _group(self, threshold: str, members: list[str]) -> Group:
        for member in members:
            self._known(member)
            if member in self._members:
                raise PolicyUnusable(f"{member!r} is in a group already")
            self._members.add(member)
        counts = {"any": 1, "all": len(members)}
        if threshold not in counts and not re.fullmatch(r"[1-9]\d{0,3}", threshold):
            raise PolicyUnusable(f"{threshold!r} is no threshold: any, all or a number")
        count = counts.get(threshold) or int(threshold)
        if count > len(members):
            raise PolicyUnusable(f"{count} of {len(members)} can never be met")
        return Group(count, tuple(members))

    def _set_quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise PolicyUnusable("there is a second quorum line")
        if name != NONE:
            self._known(name)
        self.quorum = name


LOGS = {Algorithm.ED25519, Algorithm.ML_DSA_44_COSIGNATURE}
WITNESSES = {Algorithm.ED25519_COSIGNATURE, Algorithm.ML_DSA_44_COSIGNATURE}


def _public_keys(known: Collection[Trusted]) -> Iterator[bytes]:
    return (one.key.public for one in known)


def _trusted(
    vkey: str, url: list[str], known: Iterator[bytes], allowed: set[Algorithm]
) -> Trusted:
    key = parse_vkey(vkey)
    if key.public in known:
        raise PolicyUnusable(f"the key of {key.name} is there already")
    if key.algorithm not in allowed:
        raise PolicyUnusable(
            f"{key.name}: a {key.algorithm.name} key does not fit here"
        )
    if url and not _URL.fullmatch(url[0]):
        raise PolicyUnusable(f"{url[0]!r} is not a http(s) URL")
    return Trusted(key, url[0].rstrip("/") if url else None)

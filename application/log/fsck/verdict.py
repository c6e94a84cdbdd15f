"""The result of a check as a whole: more than whether something differs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from application.log.fsck.finding import Finding
from application.log.fsck.trusted_checkpoints import Anchor


class Status(StrEnum):
    """INTACT: the record is what was signed. DIFFERS: it is not, as the finding says.

    UNSIGNED: nothing signed covers any of it, so nothing vouches for it. UNWITNESSED:
    it is what the log signed, but the policy asks for a quorum of witnesses that no
    checkpoint has. ABSENT: the record has no such case.
    """

    INTACT = "intact"
    DIFFERS = "differs"
    UNSIGNED = "unsigned"
    UNWITNESSED = "unwitnessed"
    ABSENT = "absent"


class Counts(Struct, frozen=True, kw_only=True):
    """How many events, entries and reads a check has seen; see Verdict."""

    events: int = 0
    waiting: int = 0
    unordered: int = 0
    unsigned: int = 0
    entries: int = 0
    reads: int = 0
    unstated: int = 0
    stated: int = 0


class Verdict(Struct, frozen=True, kw_only=True):
    """The result of a check; `intact` if its status is INTACT, else `said` says why.

    `events`: events checked. `waiting`: those of them that are not in the log yet.
    `unsigned`: entries that no checkpoint covers (for one case: its events).
    `unordered`: events without a position yet, which are counted and not checked.
    `entries`: entries of the log. `signed`: entries that the largest checkpoint covers.
    `size`: entries that the decisive checkpoint covers, the last one with the policy's
    quorum, or else the last one; `witnesses`: those that cosigned it; `quorum`: whether
    they are enough, None if no policy asks. `timed`: whether a signature states a time
    to compare events with. `reads`: entries of the access log checked. `stated`: events
    with a statement of the application, which was checked if `vouched`: if there is a
    trusted key; `unstated`: those of earlier versions, without one.
    """

    status: Status
    intact: bool
    events: int
    waiting: int
    unordered: int
    unsigned: int
    entries: int
    signed: int
    size: int
    witnesses: tuple[str, ...]
    quorum: bool | None
    timed: bool
    reads: int
    stated: int
    unstated: int
    vouched: bool
    said: str | None
    finding: Finding | None


def judged(
    held: Sequence[Anchor],
    counts: Counts,
    status: Status,
    *,
    quorum_asked: bool,
    vouched: bool = False,
    said: str | None = None,
    finding: Finding | None = None,
) -> Verdict:
    """Return the verdict on what was counted and compared with checkpoints."""
    last = held_against(held)
    return Verdict(
        status=status,
        intact=status is Status.INTACT,
        events=counts.events,
        waiting=counts.waiting,
        unordered=counts.unordered,
        unsigned=counts.unsigned,
        entries=counts.entries,
        signed=covered(held),
        size=last.size if last else 0,
        witnesses=tuple(dict.fromkeys(last.witnesses)) if last else (),
        quorum=(last is not None and last.quorum) if quorum_asked else None,
        timed=any(one.time is not None for one in held),
        reads=counts.reads,
        stated=counts.stated,
        unstated=counts.unstated,
        vouched=vouched,
        said=said,
        finding=finding,
    )


def held_against(held: Sequence[Anchor]) -> Anchor | None:
    """Return the last checkpoint with a quorum, or the last one if none has it."""
    quorums = [one for one in held if one.quorum]
    return max(quorums or held, key=lambda one: one.size, default=None)


def covered(held: Sequence[Anchor]) -> int:
    """Return how many entries the largest checkpoint covers."""
    return max((one.size for one in held), default=0)

"""Tampers with a bundle in a way that chance chooses; each names its right verdicts."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.bundle.checkpoint_forgeries import (
    alter_checkpoint,
    another_log,
    move_cosignature,
    proof_of_another_log,
    unsign,
)
from tests.bundle.file_damage import (
    Made,
    Members,
    add_member,
    alter_member,
    append,
    compress,
    cut_out,
    double,
    exchange_members,
    flip_bits,
    insert,
    nonsense,
    remove_member,
    rename_outside,
    reorder,
    truncate,
    wipe,
)
from tests.bundle.forgeries import (
    back_date,
    drop_one,
    drop_the_last,
    forge_envelope,
    forge_event,
    forge_evidence,
    forge_file,
    forge_head,
    forge_json,
    forge_manifest,
    forge_opened,
    forge_proof,
    forge_redactions,
    forge_stamp,
    other_format,
    swap_events,
    swap_proofs,
)


@dataclass(frozen=True)
class Mutation:
    """What was done, what came of it, and which verdicts name that rightly."""

    name: str
    data: bytes
    right: frozenset[str]


def mutated(data: bytes, members: Mapping[str, bytes], rng: random.Random) -> Mutation:
    """Tamper in some way with a bundle; the result is never the bundle itself."""
    kind = rng.choice(KINDS)
    while True:
        made, right = kind(data, dict(members), rng)
        if made != data:
            return Mutation(kind.__name__, made, frozenset(right))


Kind = Callable[[bytes, Members, random.Random], Made]
KINDS: tuple[Kind, ...] = (
    flip_bits,
    flip_bits,
    flip_bits,
    truncate,
    append,
    cut_out,
    insert,
    wipe,
    nonsense,
    alter_member,
    exchange_members,
    remove_member,
    add_member,
    rename_outside,
    double,
    reorder,
    compress,
    other_format,
    forge_manifest,
    forge_event,
    back_date,
    drop_the_last,
    drop_one,
    swap_events,
    forge_head,
    forge_proof,
    swap_proofs,
    alter_checkpoint,
    another_log,
    proof_of_another_log,
    unsign,
    move_cosignature,
    forge_redactions,
    forge_opened,
    forge_evidence,
    forge_file,
    forge_stamp,
    forge_json,
    forge_envelope,
)

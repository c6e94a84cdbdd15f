"""The states of the cases that had events last, in bounded memory."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec

from projections.following.evolved_case import EvolvedCase

State = EvolvedCase | Exception
"""The state of a case, or the error with which it could not be evolved."""

AT_HAND = 4_000
"""Cases whose states are kept as they are: some kilobytes each."""

PACKED_BYTES = 48 * 1024 * 1024
"""What the states of further cases may take up, as bytes of about half a kilobyte:
those of some 100,000 cases. Unpacking one takes a tenth of evolving it again."""

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(EvolvedCase).decode


class StateCache:
    """Keeps states at hand, packs the older ones, and forgets the oldest."""

    def __init__(self, at_hand: int = AT_HAND, packed: int = PACKED_BYTES) -> None:
        self._at_hand, self._most = at_hand, packed
        # In the order of their last use, which a dict keeps.
        self._states: dict[UUID, EvolvedCase] = {}
        self._packed: dict[UUID, bytes] = {}
        self._size = 0

    def find(self, first: Mapping[UUID, int]) -> dict[UUID, State]:
        """Return the states that stand right before the given versions of cases."""
        found: dict[UUID, State] = {}
        for case, version in first.items():
            state = self._states.pop(case, None)
            if state is None and (packed := self._packed.pop(case, None)) is not None:
                self._size -= len(packed)
                state = _unpack(packed)
            # Another version: a view goes over these events again, or passed over some.
            if state is not None and state.version == version - 1:
                found[case] = state
        return found

    def keep(self, states: Mapping[UUID, State]) -> None:
        """Keep the latest states of cases."""
        for case, state in states.items():
            self._states.pop(case, None)
            if isinstance(state, EvolvedCase):
                self._states[case] = state
        # Packed one by one as they are pushed out, so that no batch has to pack all.
        while len(self._states) > self._at_hand:
            oldest = next(iter(self._states))
            self._put_away(oldest, self._states.pop(oldest))

    def _put_away(self, case: UUID, state: EvolvedCase) -> None:
        # Few closed cases have events again.
        if state.closed_at is not None:
            return
        self._packed[case] = packed = _pack(state)
        self._size += len(packed)
        while self._size > self._most:
            oldest = next(iter(self._packed))
            self._size -= len(self._packed.pop(oldest))

"""One generated case: its people, its hour, and the rows of its events."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from application.cases.evidence_files import Kept
from application.privacy.sealed_texts import seal
from application.record.envelope import leaf
from application.record.statements import Sign, stated
from domain.identity import natural_key, person_key
from domain.roles import Party
from interface.demo.cast import SampleCase
from interface.generator.case_draw import Drawn
from interface.generator.history import clock_id
from interface.generator.pattern import (
    BUYER,
    BUYER_KEY,
    CASE,
    ORDER,
    PREV,
    SELLER,
    SELLER_KEY,
    EventPattern,
    Pattern,
)
from interface.generator.pattern_weeks import WEEK

_ID = b"\0\4\0\0\0\x10"
"""What a row of a binary COPY begins with: four fields, the first of 16 bytes."""

SKEW = 3
"""A tenth of the sellers have half of the cases."""

ORDER_NAMED = {
    "zh": "\uff08\u8ba2\u5355\u53f7\uff1a{order}\uff09",
    "en": " (Order {order})",
}
"""What the facts of each case end with, so that no two texts are the same."""

Row = tuple[datetime, bytes]
"""When an event is recorded, and its row as a binary COPY has it."""


class People(Struct, frozen=True):
    """How many people there are on each platform."""

    buyers: int
    sellers: int
    staff: int


class GeneratedCase(Struct, frozen=True, kw_only=True):
    """What makes a case of a pattern one of its own.

    `later`: by how much it is later than the pattern, in whole weeks. `shift`: by how
    much its hour differs from that. `first`: the number of the
    first of the platform's people in it. `multiple`: of the sample's amounts.
    """

    pattern: Pattern
    case: UUID
    buyer: str
    seller: str
    order: str
    later: timedelta
    shift: timedelta
    first: int
    multiple: int
    chance: int

    @property
    def sample(self) -> SampleCase:
        """Return the sample that the case repeats."""
        return self.pattern.history.sample

    def subject(self, party: Party) -> str:
        """Return the name of a party's data keys."""
        person = self.seller if party is Party.SELLER else self.buyer
        return person_key(self.sample.command.platform, party, person)


def generated(
    drawn: Drawn, number: int, seed: int, people: People, chance: Random
) -> GeneratedCase:
    """Make the n-th case of a seed, from the pattern that was drawn for it."""
    pattern = drawn.pattern
    sample = pattern.history.sample.command
    buyer = f"b-{chance.randrange(people.buyers):07}"
    # Most complaints are about few sellers.
    seller = f"s-{int(people.sellers * chance.random() ** SKEW):05}"
    order = f"g-{seed}-{number:08}"
    line = sample.order.line
    return GeneratedCase(
        pattern=pattern,
        case=natural_key(sample.platform, buyer, order, line, sample.reason, 1),
        buyer=buyer,
        seller=seller,
        order=order,
        later=drawn.weeks * WEEK,
        shift=timedelta(seconds=chance.randint(pattern.earliest, pattern.latest)),
        first=chance.randrange(people.staff),
        multiple=chance.randint(1, pattern.multiples),
        chance=chance.getrandbits(128),
    )


class Sealed(Struct, frozen=True):
    """What seals a party's texts: the id of the key, and its cipher."""

    key: UUID
    cipher: AESGCM


class CaseRows:
    """Makes the rows of cases: each event sealed, chained and stated.

    `file` keeps a file of a party and returns it; `sign` makes statements.
    """

    def __init__(
        self,
        people: People,
        sealed: Mapping[str, Sealed],
        file: Callable[[str, int], Kept],
        sign: Sign | None,
    ) -> None:
        self._people, self._sealed = people, sealed
        self._file, self._sign = file, sign

    def rows(self, one: GeneratedCase) -> list[Row]:
        """Return the rows of a case's events, in order."""
        values, moments = self._values(one)
        head, rows = _ID + one.case.bytes, []
        for event in one.pattern.events:
            if event.texts:
                self._seal(event, one, values)
            state = event.form % event.values(values)
            if self._sign is not None:
                state = stated(state, self._sign)
            values[PREV] = base64.b64encode(leaf(state))
            size = len(state).to_bytes(4, "big")
            rows.append((moments[event.moment], head + event.head + size + state))
        return rows

    def _values(self, one: GeneratedCase) -> tuple[list[bytes], list[datetime]]:
        pattern = one.pattern
        values = [b""] * pattern.places
        values[CASE] = str(one.case).encode()
        values[BUYER], values[SELLER] = one.buyer.encode(), one.seller.encode()
        values[ORDER] = one.order.encode()
        for place, party in ((BUYER_KEY, Party.BUYER), (SELLER_KEY, Party.SELLER)):
            values[place] = str(self._sealed[one.subject(party)].key).encode()
        moving = one.later + one.shift
        moments = [
            moment.at + (moving if moment.moves else one.later)
            for moment in pattern.moments
        ]
        for moment, at in zip(pattern.moments, moments, strict=True):
            values[moment.place] = _written(at)
        for clock in pattern.clock_ids:
            named = clock_id(one.case, clock.name, moments[clock.moment])
            values[clock.place] = str(named).encode()
        for number, place in enumerate(pattern.command_ids):
            values[place] = str(_drawn(one.chance, number)).encode()
        for number, (place, name) in enumerate(pattern.people):
            person = (one.first + number) % self._people.staff
            values[place] = b"%s-%03d" % (name[:1].encode(), person)
        for place, amount in pattern.amounts:
            values[place] = b"%d" % (amount * one.multiple)
        self._add_files(one, values)
        return values, moments

    def _add_files(self, one: GeneratedCase, values: list[bytes]) -> None:
        for number, places in enumerate(one.pattern.files):
            kept = self._file(one.subject(places.by), number)
            values[places.sha256] = kept.sha256.encode()
            values[places.sealed] = kept.sealed.encode()
            values[places.size] = b"%d" % kept.size

    def _seal(
        self, event: EventPattern, one: GeneratedCase, values: list[bytes]
    ) -> None:
        cipher = self._sealed[one.subject(event.party or Party.BUYER)].cipher
        place = f"{one.case}/{event.version}"
        for text in event.texts:
            said = clear_text(one, text.path, text.text)
            values[text.place] = seal(cipher, said, f"{place}/{text.path}").encode()


def clear_text(one: GeneratedCase, path: str, said: str) -> str:
    """Return a personal text of the sample as this case has it."""
    if path == "facts":
        order = ORDER_NAMED[one.sample.language].format(order=one.order)
        return said + order
    return said.replace(one.sample.command.buyer, one.buyer)


def _drawn(chance: int, number: int) -> UUID:
    """Return the n-th command id that a case's chance leads to."""
    # An odd factor: different numbers never meet.
    drawn = (chance + number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % (1 << 128)
    return UUID(int=drawn, version=4)


def _written(moment: datetime) -> bytes:
    """Return a time as the encoder writes it."""
    return moment.replace(tzinfo=None).isoformat().encode() + b"Z"

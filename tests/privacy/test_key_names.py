"""One data key for one person: names of keys cannot collide, and old ones are found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from application.cases.disputes import Disputes
from application.cases.evidence_files import EvidenceFiles
from application.privacy.erasure import Eraser, NotErasable, NothingToErase
from application.privacy.erasure_requests import ErasureRequest, Subject
from application.privacy.key_names import joined, others_of
from application.privacy.sealing_keys import with_keys
from application.privacy.subject_cases import cases_of
from application.record.codec import ERASED
from application.record.envelope import Recorded
from domain.case.dispute import Dispute
from domain.case.evolve import fold
from domain.filing.events import Filed
from domain.identity import nameless_key, person_key
from domain.names import BadName
from domain.negotiation.events import SellerResponded
from domain.performance.events import Closed
from domain.personal import has_personal
from domain.roles import Actor, Party, Role
from tests.sample_events import CLOSED, FILED

pytestmark = pytest.mark.store

BUYER, SELLER = Party.BUYER, Party.SELLER
LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)
ONE = Subject(platform="shop", party=BUYER, id="seller:z")
OTHER = Subject(platform="shop:buyer", party=SELLER, id="z")
File = Callable[..., UUID]


def joined_subject(case: UUID, party: Party, dispute: Dispute) -> str:
    """Name a data subject as version 0.1.0 did, character by character."""
    person = dispute.buyer if party is Party.BUYER else dispute.seller
    if person is None:
        return f"case:{case}:{party}"
    return f"{dispute.platform}:{party}:{person}"


@pytest.fixture
def file(disputes: Disputes) -> File:
    """Record a case of a person that has ended, with a text of that person's."""

    def filed(subject: Subject, *, by_old_scheme: bool = False) -> UUID:
        case = uuid4()
        person = {"buyer": "b", "seller": "s"} | {str(subject.party): subject.id}
        begun = replace(FILED, platform=subject.platform, **person)
        events = [_recorded(case, 1, begun), _recorded(case, 3, CLOSED)]
        if subject.party is SELLER:
            said = SellerResponded(position="contest", statement="It was fine.")
            events.insert(1, _recorded(case, 2, said))
        events = [replace(one, version=n) for n, one in enumerate(events, 1)]
        dispute = fold(one.event for one in events)
        if by_old_scheme:
            keyed: Sequence[Recorded] = _by_old_scheme(disputes, events, dispute)
        else:
            keyed = with_keys(events, dispute, disputes.keys)
        disputes.record.append(keyed, None)
        return case

    return filed


def _by_old_scheme(
    disputes: Disputes, events: Sequence[Recorded], dispute: Dispute
) -> list[Recorded]:
    def keyed(one: Recorded) -> Recorded:
        if isinstance(one.event, Closed):
            return one
        party = BUYER if isinstance(one.event, Filed) else SELLER
        name = joined_subject(one.case, party, dispute)
        return replace(one, key=disputes.keys.current([name])[name])

    return [keyed(one) for one in events]


def _recorded(case: UUID, version: int, event: Any) -> Recorded:
    return Recorded(
        case=case,
        version=version,
        at=LONG_AGO,
        recorded_at=LONG_AGO,
        actor=Actor(role=Role.PLATFORM, id="p-1"),
        command_id=uuid4(),
        policy="cn-default/1",
        event=event,
    )


class Erasing:
    """Erasures by two people, over all cases that the record has."""

    def __init__(self, disputes: Disputes, home: Path) -> None:
        self._disputes = disputes
        self.eraser = Eraser(disputes, EvidenceFiles(home), self._find, settle=0.0)

    def _find(self, subject: Subject) -> Sequence[UUID]:
        return cases_of(self._disputes.database, subject)

    def __call__(self, subject: Subject) -> ErasureRequest:
        whose, now = self.eraser.known(subject), self._disputes.clock()
        wanted = ErasureRequest(
            erasure_id=uuid4(),
            platform=whose.platform,
            party=whose.party,
            subject=whose.id,
            basis="Request 2026-12",
            requested_by="v-1",
            requested_at=now,
        )
        asked = self.eraser.request(wanted, restrict=False)
        approved = self.eraser.approvals.approve(asked, "v-2", now)
        return self.eraser.carry_out(approved)


@pytest.fixture
def erase(disputes: Disputes, tmp_path: Path) -> Erasing:
    return Erasing(disputes, tmp_path)


def texts(disputes: Disputes, case: UUID) -> list[str | None]:
    opened = disputes.record.opened(disputes.find(case).events)
    return [
        getattr(one.event, "facts", None) or getattr(one.event, "statement", None)
        for one in opened
        if has_personal(one.event)
    ]


def test_people_whose_names_joined_look_alike_have_keys_of_their_own(
    disputes: Disputes, file: File, erase: Erasing
) -> None:
    assert joined(ONE) == joined(OTHER)
    first, second = file(ONE), file(OTHER)
    done = erase(ONE)
    assert done.case_ids == (first,)
    assert texts(disputes, first) == [ERASED]
    assert texts(disputes, second) == ["The kettle leaks.", "It was fine."]
    erase(OTHER)
    assert texts(disputes, second) == ["The kettle leaks.", ERASED]


@pytest.mark.parametrize(
    "subject",
    [
        Subject(platform="shop", party=BUYER, id="b-1"),
        Subject(platform="a:b", party=SELLER, id="s:1"),
        Subject(platform="shop", party=BUYER, id="case:x"),
        Subject(platform="shop", party=BUYER, id="b\u200b1"),
        Subject(platform="shop", party=BUYER, id="cafe\u0301 "),
        ONE,
    ],
    ids=lambda one: ascii(one.id),
)
def test_texts_sealed_by_the_old_scheme_are_read_and_erased(
    disputes: Disputes, file: File, erase: Erasing, subject: Subject
) -> None:
    old, new = file(subject, by_old_scheme=True), file(subject)
    assert "The kettle leaks." in texts(disputes, old)
    done = erase(subject)
    assert sorted(done.case_ids or ()) == sorted([old, new])
    assert len(done.key_ids or ()) == 2
    for case in (old, new):
        assert ERASED in texts(disputes, case)
    with pytest.raises(NothingToErase):
        erase(subject)


def test_a_nameless_party_of_an_imported_case_is_erased_by_its_case(
    disputes: Disputes, erase: Erasing
) -> None:
    case = uuid4()
    begun = replace(FILED, buyer=None)
    events = [_recorded(case, 1, begun), _recorded(case, 2, CLOSED)]
    dispute = fold(one.event for one in events)
    keyed = _by_old_scheme(disputes, events, dispute)
    disputes.record.append(keyed, None)
    erase(Subject(platform="shop", party=BUYER, id=f"case:{case}"))
    assert texts(disputes, case) == [ERASED]


def test_a_key_of_two_people_from_before_erases_neither_alone(
    disputes: Disputes, file: File, erase: Erasing
) -> None:
    first = file(ONE, by_old_scheme=True)
    second = file(OTHER, by_old_scheme=True)
    with pytest.raises(NotErasable) as caught:
        erase(ONE)
    assert [(one.case, one.why) for one in caught.value.obstacles] == [
        (first, "shared")
    ]
    assert ERASED not in texts(disputes, first) + texts(disputes, second)


def test_a_key_that_is_only_somebody_elses_from_before_stays(
    disputes: Disputes, file: File, erase: Erasing
) -> None:
    first, second = file(ONE), file(OTHER, by_old_scheme=True)
    erase(ONE)
    assert texts(disputes, first) == [ERASED]
    assert texts(disputes, second) == ["The kettle leaks.", "It was fine."]


def test_a_name_with_an_invisible_character_that_nobody_has_is_refused(
    erase: Erasing,
) -> None:
    with pytest.raises(BadName, match=r"U\+200B"):
        erase(Subject(platform="shop", party=BUYER, id="nobody\u200b"))


NAMES = st.text('ab:[]",\\ \u200b\u0301', min_size=1, max_size=6)
PEOPLE = st.tuples(NAMES, st.sampled_from([BUYER, SELLER]), NAMES)


@given(PEOPLE, PEOPLE)
def test_two_people_never_have_one_name_of_keys(one: Any, other: Any) -> None:
    assert (person_key(*one) == person_key(*other)) is (one == other)
    assert person_key(*one) != nameless_key(UUID(int=1), one[1])


PARTS = st.lists(st.sampled_from(["a", "buyer", "seller", ""]), min_size=1, max_size=4)


@given(PARTS, st.sampled_from([BUYER, SELLER]), PARTS)
def test_everybody_with_the_same_joined_name_is_found(
    platform: list[str], party: Party, person: list[str]
) -> None:
    subject = Subject(platform=":".join(platform), party=party, id=":".join(person))
    found = list(others_of(subject))
    assert subject not in found
    assert {joined(one) for one in found} <= {joined(subject)}
    pieces = joined(subject).split(":")
    readings = {
        (":".join(pieces[:n]), pieces[n], ":".join(pieces[n + 1 :]))
        for n in range(1, len(pieces) - 1)
        if pieces[n] in {"buyer", "seller"}
    }
    known = {(one.platform, str(one.party), one.id) for one in [subject, *found]}
    assert {one for one in readings if one[0] and one[2]} <= known

"""Evidence: asked for, added until the date, weighed, with a burden (4.3.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.deadlines.commands import ExtendDeadline
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import DeadlineExtended, DeadlineMissed
from domain.evidence.commands import (
    AssessEvidence,
    HandInEvidence,
    RequestEvidence,
    SubmitEvidence,
)
from domain.evidence.events import (
    EvidenceAssessed,
    EvidenceClosed,
    EvidenceHandedIn,
    EvidenceRequested,
    EvidenceSubmitted,
)
from domain.refusals import NotOpen, TooLate
from domain.roles import Party
from domain.ruling.commands import Rule
from tests.domain.expected_events import REASON, deadline, ruled
from tests.domain.stories import DAY, of, running, wrong_places
from tests.sample_commands import COMMANDS
from tests.samples import (
    ASSESS,
    BUYER,
    ESCALATED,
    MEDIATOR,
    NEGOTIATING,
    PLATFORM,
    RULE,
    RULES,
    SELLER,
    SUPERVISOR,
    TO_RULE,
    play,
)
from tests.scenario import after

PHOTO: SubmitEvidence = COMMANDS[SubmitEvidence]  # type: ignore[assignment]
VIDEO = replace(PHOTO, kind="video", sha256="cd" * 32)
DRAFT = replace(PHOTO, draft=True)
KINDS = (
    "order photo video logistics conversation inspection-report invoice identity other"
)
MORE = ExtendDeadline(awaited=Awaited.EVIDENCE, party=Party.BUYER, why="Abroad.")
SHOWN = (*ESCALATED, (BUYER, PHOTO))


def submitted(by: Party, kind: str, **changes: Any) -> EvidenceSubmitted:
    """Return how a file is recorded: the one that PHOTO hands in, unless changed."""
    one = EvidenceSubmitted(
        number=1, by=by, kind=kind, sha256="ab" * 32, size=10, media_type="image/png"
    )
    return replace(one, **changes)


@pytest.mark.standard("4.3.2 each side is asked with its own date and adds until then")
def test_each_side_is_asked_with_its_own_date() -> None:
    asked = play(*ESCALATED)
    assert running(asked) == {
        ("evidence", "buyer"): 3 * DAY,
        ("evidence", "seller"): 3 * DAY,
    }
    seller = RequestEvidence(party=Party.SELLER, kinds=("video",))
    later = play(*ESCALATED, timedelta(days=1), (MEDIATOR, seller))
    assert running(later) == {
        ("evidence", "buyer"): 3 * DAY,
        ("evidence", "seller"): 4 * DAY,
    }


@pytest.mark.standard("4.3.2 each side is asked with its own date and adds until then")
def test_a_side_may_add_until_its_date_and_not_after() -> None:
    after(*SHOWN, timedelta(days=3, seconds=-1)).when(VIDEO, by=BUYER).then(
        submitted(Party.BUYER, "video", number=2, sha256="cd" * 32)
    )
    for steps in (TO_RULE, (*SHOWN, timedelta(days=3))):
        after(*steps).when(VIDEO, by=BUYER).refused(TooLate, awaited="evidence")


@pytest.mark.standard("4.3.2 nine kinds of evidence")
def test_the_standards_kinds_of_evidence_are_known() -> None:
    assert set(RULES.codes.evidence) == set(KINDS.split())


@pytest.mark.standard("4.3.2 nine kinds of evidence")
def test_evidence_of_a_kind_nobody_asked_for_names_what_is_asked() -> None:
    identity = replace(PHOTO, kind="identity")
    when = after(*ESCALATED).when(identity, by=BUYER)
    assert wrong_places(when) == [("/kind", "not-asked")]
    ask = RequestEvidence(party=Party.BUYER, kinds=("identity",))
    after(*ESCALATED, (MEDIATOR, ask)).when(identity, by=BUYER).then(
        submitted(Party.BUYER, "identity")
    )
    unknown = replace(PHOTO, kind="rumour")
    when = after(*ESCALATED).when(unknown, by=BUYER)
    assert wrong_places(when) == [("/kind", "unknown-code")]


@pytest.mark.standard("4.3.2 a file has hash, size, type, sender and time")
def test_a_file_is_kept_with_its_hash_size_type_and_who_sent_it() -> None:
    after(*ESCALATED).when(PHOTO, by=SELLER).then(submitted(Party.SELLER, "photo"))
    empty = after(*ESCALATED).when(replace(PHOTO, size=0), by=BUYER)
    assert wrong_places(empty) == [("/file", "empty")]
    after(*SHOWN).when(PHOTO, by=BUYER).then()


def test_evidence_is_taken_before_the_platform_steps_in() -> None:
    after(*NEGOTIATING).when(PHOTO, by=BUYER).then(submitted(Party.BUYER, "photo"))


def test_the_platform_adds_logistics_facts_until_the_ruling() -> None:
    track = replace(PHOTO, kind="logistics")
    after(*TO_RULE).when(track, by=PLATFORM).then(
        submitted(Party.PLATFORM, "logistics")
    )


@pytest.mark.standard("4.3.2 each side is asked with its own date and adds until then")
def test_a_draft_is_handed_in_by_its_side_or_by_time() -> None:
    drafted = (*ESCALATED, (BUYER, DRAFT))
    mine = HandInEvidence(number=1)
    after(*drafted).when(mine, by=BUYER).then(
        EvidenceHandedIn(number=1, by=Party.BUYER)
    )
    after(*drafted).when(mine, by=SELLER).refused(NotOpen, open="")
    over = play(*drafted, timedelta(days=3))
    assert of(EvidenceHandedIn, over) == [EvidenceHandedIn(number=1, by=Party.BUYER)]
    assert not fold(over).exhibits[0].draft


@pytest.mark.standard("5 evidence is extended once")
def test_time_is_extended_once_by_two_days() -> None:
    longer = deadline("evidence", "buyer", "3 days + 2 days", until="03-07 10:00")
    after(*ESCALATED).when(MORE, by=SUPERVISOR).then(
        DeadlineExtended(
            awaited=Awaited.EVIDENCE,
            party=Party.BUYER,
            why="Abroad.",
            deadlines=(longer,),
        )
    )
    again = after(*ESCALATED, (SUPERVISOR, MORE)).when(MORE, by=SUPERVISOR)
    again.refused(NotOpen, open="evidence/seller")


def test_who_brought_nothing_let_the_date_pass_and_who_did_did_not() -> None:
    over = play(*SHOWN, timedelta(days=3))
    assert [one.party for one in of(DeadlineMissed, over)] == [Party.SELLER]
    assert [(one.party, one.items) for one in of(EvidenceClosed, over)] == [
        (Party.BUYER, 1),
        (Party.SELLER, 0),
    ]


@pytest.mark.parametrize("side", [Party.BUYER, Party.SELLER, Party.BOTH])
def test_asking_again_reopens_a_side_and_puts_off_the_ruling(side: Party) -> None:
    ask = RequestEvidence(party=side, kinds=("video",))
    asked = (*TO_RULE, (MEDIATOR, ask))
    dispute = fold(play(*asked))
    assert dispute.phase is Phase.EVIDENCE
    assert {one.awaited for one in dispute.deadlines} == {Awaited.EVIDENCE}
    over = fold(play(*asked, timedelta(days=3)))
    assert (over.phase, [one.awaited for one in over.deadlines]) == (
        Phase.RULING,
        [Awaited.RULING],
    )


def test_asking_for_the_same_twice_adds_nothing_and_asks_for_something() -> None:
    ask = RequestEvidence(party=Party.BOTH, kinds=("video",))
    asked = [
        EvidenceRequested(
            number=number,
            party=party,
            kinds=("video",),
            deadlines=(deadline("evidence", party, "3 days", until="03-05 10:00"),),
        )
        for number, party in ((1, Party.BUYER), (2, Party.SELLER))
    ]
    after(*ESCALATED).when(ask, by=MEDIATOR).then(*asked)
    after(*ESCALATED, (MEDIATOR, ask)).when(ask, by=MEDIATOR).then()
    bare = after(*ESCALATED).when(replace(ask, kinds=()), by=MEDIATOR)
    assert wrong_places(bare) == [("/kinds", "required")]


@pytest.mark.standard(
    "4.3.2 each item is weighed for three things, admitted or excluded"
)
@pytest.mark.parametrize("doubt", ["authentic", "relevant", "legal"])
def test_an_item_is_admitted_or_excluded_with_a_ground(doubt: str) -> None:
    fine = EvidenceAssessed(
        number=1, authentic=True, relevant=True, legal=True, admitted=True
    )
    after(*SHOWN).when(ASSESS, by=MEDIATOR).then(fine)
    doubted: AssessEvidence = replace(ASSESS, **{doubt: False})
    when = after(*SHOWN).when(doubted, by=MEDIATOR)
    assert wrong_places(when) == [("/ground", "required")]
    out: EvidenceAssessed = replace(
        fine, admitted=False, ground="Cut.", **{doubt: False}
    )
    after(*SHOWN).when(replace(doubted, ground="Cut."), by=MEDIATOR).then(out)


@pytest.mark.standard(
    "4.3.2 each item is weighed for three things, admitted or excluded"
)
def test_nothing_is_ruled_before_every_item_was_weighed() -> None:
    shown = (*SHOWN, timedelta(days=3))
    assert wrong_places(after(*shown).when(RULE, by=MEDIATOR)) == [
        ("/reasons", "not-assessed")
    ]
    after(*shown, (MEDIATOR, ASSESS)).when(RULE, by=MEDIATOR).then(ruled())


@pytest.mark.standard(
    "4.3.2 each item is weighed for three things, admitted or excluded"
)
@pytest.mark.standard("4.3.4 reasons lead from issue to rule, with evidence and burden")
def test_what_was_excluded_carries_no_finding() -> None:
    out = replace(ASSESS, legal=False, ground="Secretly filmed.")
    shown = (*SHOWN, timedelta(days=3), (MEDIATOR, out))
    leaning: Rule = replace(RULE, reasons=(replace(RULE.reasons[0], relied_on=(1,)),))
    when = after(*shown).when(leaning, by=MEDIATOR)
    assert wrong_places(when) == [("/reasons/0/relied_on", "excluded-evidence")]
    aside = replace(RULE, reasons=(replace(RULE.reasons[0], set_aside=(1,)),))
    after(*shown).when(aside, by=MEDIATOR).then(
        ruled(reasons=(replace(REASON, set_aside=(1,)),))
    )

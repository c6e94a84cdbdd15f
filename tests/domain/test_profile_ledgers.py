"""One case under three profiles: three ledgers, each worked out by hand (5)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.admission.commands import Admit
from domain.case.evolve import fold
from domain.deadlines.deadline import Awaited, Deadline
from domain.deadlines.time_limits import due, parse_limit
from domain.escalation.commands import Escalate
from domain.escalation.events import Trigger
from domain.filing.events import Filed
from domain.negotiation.commands import RespondToClaim
from domain.notices.events import NoticeKind
from domain.performance.commands import Fulfil
from domain.roles import Party
from tests.domain.stories import SERVED, of
from tests.domain.walked_case import WalkedCase
from tests.samples import BOOKS, BUYER, MEDIATOR, RULE, SELLER, serve

# Filed, admitted, served, contested and escalated on Monday 2 March 2026 at 10:00 in
# Shanghai (02:00 UTC); ruled, served and reported the moment both sides' time for
# evidence is over.
LEDGERS = {
    "cn-default/1": {
        "admission": "2026-03-03 16:00",  # the next working day, 24:00 in Shanghai
        "response": "2026-03-03 16:00",
        "negotiation": "2026-03-05 02:00",
        "evidence": "2026-03-05 02:00",
        "ruling": "2026-03-12 02:00",
        "performance": "2026-03-06 02:00",
        "appeal": "2026-03-12 02:00",
        "confirmation": "2026-03-12 02:00",
    },
    "jd-like/1": {
        "admission": "2026-03-03 02:00",
        "response": "2026-03-03 02:00",
        "negotiation": "2026-03-04 02:00",
        "evidence": "2026-03-02 06:00",  # four hours of the open window: 14:00
        "ruling": "2026-03-04 06:00",
        "performance": "2026-03-03 06:00",
        "appeal": "2026-03-05 06:00",
        "confirmation": "2026-03-09 06:00",
    },
    "wechat-like/1": {
        "admission": "2026-03-03 02:00",
        "response": "2026-03-04 02:00",
        "negotiation": "2026-03-07 02:00",
        "evidence": "2026-03-04 02:00",
        "ruling": "2026-03-11 16:00",  # the fifth working day after a Wednesday
        "performance": "2026-03-06 02:00",
        "appeal": "2026-03-11 02:00",
        "confirmation": "2026-03-14 02:00",
    },
}


def played(profile: str) -> WalkedCase:
    """Play the case under a profile."""
    case = WalkedCase(BOOKS[profile]).play(
        (MEDIATOR, Admit()),
        serve(NoticeKind.ADMISSION, Party.SELLER),
        (SELLER, RespondToClaim(position="contest", statement="No.")),
        (BUYER, Escalate(trigger=Trigger.NO_AGREEMENT)),
    )
    ends = next(
        one.due for one in case.dispute.deadlines if one.awaited is Awaited.EVIDENCE
    )
    case.wait(ends - case.now)
    return case.play((MEDIATOR, RULE), *SERVED, (SELLER, Fulfil(obligation=1)))


def started(case: WalkedCase) -> list[Deadline]:
    """Return every deadline that ever began in a case."""
    return [
        one for recorded in case.events for one in getattr(recorded, "deadlines", ())
    ]


@pytest.mark.standard("5 the limits and their defaults")
@pytest.mark.parametrize("profile", LEDGERS)
def test_a_profile_gives_its_own_ledger(profile: str) -> None:
    found = {one.awaited.value: one.due for one in started(played(profile))}
    assert found == {
        name: datetime.fromisoformat(end).replace(tzinfo=UTC)
        for name, end in LEDGERS[profile].items()
    }


@pytest.mark.standard("5 a case is pinned to its version")
@pytest.mark.parametrize("profile", LEDGERS)
def test_a_case_is_pinned_to_the_profile_it_was_filed_under(profile: str) -> None:
    case = played(profile)
    assert of(Filed, case.events)[0].policy == profile
    assert case.dispute.policy == profile


@pytest.mark.standard("5 every deadline is explainable")
@pytest.mark.parametrize("profile", LEDGERS)
def test_every_deadline_explains_its_end(profile: str) -> None:
    rules = BOOKS[profile]
    limits = started(played(profile))
    assert {one.awaited.value for one in limits} == set(LEDGERS[profile])
    for one in limits:
        assert one.calendar == rules.calendar.name
        assert one.length == str(rules.policy.limit(one.limit, "quality", "defect"))
        assert one.due == due(one.start, parse_limit(one.length), rules.calendar)


@pytest.mark.standard("5 two more profiles show that nothing is hard-wired")
def test_the_ledgers_differ_in_every_profile() -> None:
    ledgers = [tuple(ledger.values()) for ledger in LEDGERS.values()]
    assert len(set(ledgers)) == len(ledgers) == len(BOOKS.ids)


def test_lateness_is_read_from_the_facts_alone() -> None:
    case = played("cn-default/1")
    assert fold(case.events).deadlines == case.dispute.deadlines

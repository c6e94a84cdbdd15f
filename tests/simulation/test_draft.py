"""What a draft changes in cases, each worked out by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.admission.commands import Admit
from domain.case.context import Rulebook
from domain.case.dispute import Phase
from domain.escalation.commands import Escalate
from domain.escalation.events import Trigger
from domain.negotiation.commands import DeclineOffer, MakeOffer, RespondToClaim
from domain.notices.events import NoticeKind
from domain.roles import Party
from projections.simulation.compared_case import ComparedCase, compared, value
from tests.domain.stories import PAID, SERVED
from tests.samples import BOOKS, BUYER, HALF, MEDIATOR, RULE, SELLER, Step, serve
from tests.simulation.recorded_walk import RecordedWalk

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONTEST = RespondToClaim(position="contest", statement="No.")


def draft(*lines: tuple[str, str]) -> Rulebook:
    """Return cn-default/1 with other lines in it."""
    text = BOOKS.texts["cn-default/1"]
    for old, new in lines:
        assert text.count(f"\n{old}\n") == 1, old
        text = text.replace(f"\n{old}\n", f"\n{new}\n")
    return BOOKS.read(text)


def case(*steps: Step) -> RecordedWalk:
    walk = RecordedWalk(BOOKS["cn-default/1"])
    walk.play((MEDIATOR, Admit()), serve(NoticeKind.ADMISSION, Party.SELLER))
    walk.play(*steps)
    return walk


def under(walk: RecordedWalk, book: Rulebook) -> ComparedCase:
    return compared(walk.recorded, book, walk.now)


# Ten hours after service the seller contests; five hours later the buyer escalates, and
# after the time for evidence the platform rules, and the seller pays.
RULED = case(
    10 * HOUR,
    (SELLER, CONTEST),
    5 * HOUR,
    (BUYER, Escalate(trigger=Trigger.NO_AGREEMENT)),
    3 * DAY,
    (MEDIATOR, RULE),
    *SERVED,
    *PAID,
)
# The seller is silent. Their time ends with the next working day, 38 hours after
# service; five days later the buyer escalates.
SILENT: tuple[Step, ...] = (
    38 * HOUR,
    4 * DAY,
    1 * DAY,
    (BUYER, Escalate(trigger=Trigger.NO_RESPONSE)),
    4 * DAY,
)


def test_a_shorter_limit_is_missed() -> None:
    found = under(RULED, draft(('response = "1 working day"', 'response = "8 hours"')))
    assert value("missed/response/seller", found, draft=False) is False
    assert value("missed/response/seller", found, draft=True) is True
    # A late answer opens negotiation all the same: nothing else changes.
    assert found.skipped == 0
    assert found.draft.closed
    assert found.recorded.hours[Phase.AWAITING_RESPONSE] == 10
    assert found.draft.hours[Phase.AWAITING_RESPONSE] == 8
    assert found.draft.hours[Phase.UNANSWERED] == 2


def test_a_longer_time_for_evidence_leaves_no_place_for_the_ruling() -> None:
    """The platform ruled three days later, when evidence would still be due."""
    found = under(RULED, draft(('evidence = "3 days"', 'evidence = "4 days"')))
    assert found.recorded.hours[Phase.EVIDENCE] == 72
    # The ruling, its two notices, the payment and its confirmation.
    assert found.skipped == 5
    assert not found.draft.closed
    assert value("parted", found, draft=True) is True
    assert value("open", found, draft=True) is True


def test_a_shorter_time_for_evidence_gives_more_to_rule() -> None:
    found = under(
        RULED,
        draft(
            ('evidence = "3 days"', 'evidence = "1 day"'),
            ('ruling = "7 days"', 'ruling = "1 day"'),
        ),
    )
    assert found.draft.hours[Phase.EVIDENCE] == 24
    assert found.draft.hours[Phase.RULING] == 48
    assert value("missed/ruling/platform", found, draft=True) is True
    assert value("missed/ruling/platform", found, draft=False) is False
    assert found.skipped == 0
    assert found.draft.closed


def test_silence_that_escalates_makes_an_escalation_by_itself() -> None:
    walk = case(*SILENT)
    found = under(walk, draft(('response = "may-escalate"', 'response = "escalate"')))
    assert not found.recorded.escalated
    assert found.draft.escalated
    # The buyer need not escalate any more.
    assert found.skipped == 1
    assert found.recorded.hours[Phase.UNANSWERED] == 5 * 24
    assert Phase.UNANSWERED not in found.draft.hours


def test_silence_that_withdraws_ends_the_case() -> None:
    shorter = ('escalation = "7 days"', 'escalation = "4 days"')
    ends = ('escalation = "escalate"', 'escalation = "withdraw"')
    found = under(case(*SILENT), draft(shorter, ends))
    assert (found.recorded.withdrawn, found.recorded.closed) == (False, False)
    assert (found.draft.withdrawn, found.draft.closed) == (True, True)
    assert found.draft.hours[Phase.UNANSWERED] == 4 * 24
    assert value("escalated", found, draft=True) is False


@pytest.mark.parametrize(("length", "skipped"), [("12 hours", 1), ("2 days", 0)])
def test_an_offer_that_has_lapsed_is_not_answered(length: str, skipped: int) -> None:
    walk = case(
        (SELLER, CONTEST),
        (SELLER, MakeOffer(terms=HALF)),
        20 * HOUR,
        (BUYER, DeclineOffer(number=1)),
    )
    found = under(
        walk, draft(('offer-answer = "2 days"', f'offer-answer = "{length}"'))
    )
    assert found.skipped == skipped
    assert value("missed/offer-answer/buyer", found, draft=True) is bool(skipped)

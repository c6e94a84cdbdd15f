"""What the mediators of sample cases find, by which evidence and which rule."""

from __future__ import annotations

from msgspec.structs import replace

from domain.appeal.commands import DecideAppeal
from domain.appeal.events import AppealResult
from domain.case.dispute import Dispute
from domain.evidence.decide import evidence
from domain.roles import Party
from domain.ruling.commands import Rule
from domain.ruling.reasons import Reason, RuleCited
from domain.terms import Terms
from interface.demo.cast import SampleCase

FACTS, DISMISSED, NOT_PERFORMED, ON_APPEAL = "2", "19", "20", "21"
"""Articles of the sample's rules that fit any scene."""


def article(number: str) -> RuleCited:
    """Return an article of the sample's rules."""
    return RuleCited(id="sample-platform", version="1", article=number)


def weighed(case: SampleCase, dispute: Dispute) -> Reason:
    """Return the reason that rests on evidence; the seller's is the stronger one."""
    of_buyer, of_seller = (
        _numbers(dispute, one) for one in (Party.BUYER, Party.SELLER)
    )
    if not of_seller:
        return Reason(
            issue=case.words(case.scene.issue),
            finding=case.words(case.scene.won),
            rule=article(case.scene.article),
            relied_on=of_buyer,
            burden=dispute.burden,
        )
    finding = [case.words(case.scene.lost)]
    if of_buyer:
        shown = case.words(case.scene.buyer)
        finding.append(case.say("outweighed", evidence=shown))
    return Reason(
        issue=case.words(case.scene.issue),
        finding=("" if case.language == "zh" else " ").join(finding),
        rule=article(DISMISSED),
        relied_on=of_seller,
        set_aside=of_buyer,
        burden=dispute.burden,
    )


def ruling(case: SampleCase, dispute: Dispute) -> Rule:
    """Rule by what there is: by the evidence, or by who had to prove and did not."""
    handed_in = {one.by for one in evidence(dispute)}
    if handed_in:
        for_buyer = Party.SELLER not in handed_in
        return _ruled(case, weighed(case, dispute), for_buyer=for_buyer)
    by_buyer = dispute.burden is Party.BUYER
    finding = case.say("unproved_by_buyer" if by_buyer else "unproved_by_seller")
    reason = Reason(
        issue=case.words(case.scene.issue),
        finding=finding,
        rule=article(DISMISSED if by_buyer else FACTS),
        burden=dispute.burden,
    )
    return _ruled(case, reason, for_buyer=not by_buyer)


def ruled_on_silence(case: SampleCase) -> Rule:
    """Rule against a seller who has said nothing."""
    reason = Reason(
        issue=case.say("silence_issue"),
        finding=case.say("silence"),
        rule=article(FACTS),
    )
    return _ruled(case, reason, for_buyer=True)


def ruled_on_agreement(case: SampleCase) -> Rule:
    """Rule against a seller who agreed, and did not perform."""
    reason = Reason(
        issue=case.say("agreed_issue"),
        finding=case.say("agreed"),
        rule=article(NOT_PERFORMED),
    )
    return _ruled(case, reason, for_buyer=True)


def upheld(case: SampleCase) -> Reason:
    """Return the reason for which an appeal fails."""
    return Reason(
        issue=case.say("appeal_issue"),
        finding=case.say("appeal_upheld"),
        rule=article(ON_APPEAL),
    )


def decided_for_buyer(case: SampleCase, dispute: Dispute) -> DecideAppeal:
    """Decide on appeal that the buyer's evidence is the stronger one after all."""
    of_buyer, of_seller = (
        _numbers(dispute, one) for one in (Party.BUYER, Party.SELLER)
    )
    reason = Reason(
        issue=case.words(case.scene.issue),
        finding=case.words(case.scene.won),
        rule=article(case.scene.article),
        relied_on=of_buyer,
        set_aside=of_seller,
        burden=dispute.burden,
    )
    given = _ruled(case, reason, for_buyer=True)
    return DecideAppeal(
        result=AppealResult.VARIED,
        reasons=given.reasons,
        liability=given.liability,
        remedies=given.remedies,
    )


def _ruled(case: SampleCase, reason: Reason, *, for_buyer: bool) -> Rule:
    claim = case.command.claim
    if claim.kind == "return-and-refund":
        claim = replace(claim, freight=Party.SELLER)
    return Rule(
        liability="seller" if for_buyer else "none",
        remedies=(claim if for_buyer else Terms(kind="dismissal"),),
        reasons=(reason,),
    )


def _numbers(dispute: Dispute, party: Party) -> tuple[int, ...]:
    """List the evidence of a side that was not excluded."""
    return tuple(
        one.number
        for one in evidence(dispute)
        if one.by is party and not one.is_excluded
    )

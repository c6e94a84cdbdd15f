"""Evidence of both sides: asked for, handed in, weighed; burden of proof (4.3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from domain.case.context import Context
from domain.case.dispute import Dispute, Exhibit, Phase, Request
from domain.case.events import DisputeEvent
from domain.deadlines.deadline import Awaited, Deadline
from domain.evidence.commands import (
    AssessEvidence,
    AssignBurden,
    HandInEvidence,
    RequestEvidence,
    SubmitEvidence,
)
from domain.evidence.events import (
    BurdenAssigned,
    EvidenceAssessed,
    EvidenceHandedIn,
    EvidenceRequested,
    EvidenceSubmitted,
)
from domain.refusals import NoGround, NotOpen, Problem, TooLate, refuse_if
from domain.roles import Party
from domain.ruling.citations import rule_problems

BOTH = (Party.BUYER, Party.SELLER)


def request_evidence(
    command: RequestEvidence, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Ask a side, or both, for more; no date becomes earlier than it was."""
    refuse_if(_request_problems(command, context))
    # A new date would run while the one that it replaces stands still.
    if dispute.pauses:
        raise NoGround(reason="paused")
    asked = BOTH if command.party is Party.BOTH else (command.party,)
    parties = [one for one in asked if not _is_asked(one, command.kinds, dispute)]
    first = len(dispute.requests) + 1
    return tuple(
        EvidenceRequested(
            number=number,
            party=party,
            kinds=command.kinds,
            note=command.note,
            deadlines=(_date(party, dispute, context),),
        )
        for number, party in enumerate(parties, first)
    )


def _request_problems(command: RequestEvidence, context: Context) -> Iterator[Problem]:
    known = context.codes.evidence
    if command.party is Party.PLATFORM:
        yield Problem("/party", "unknown-code", {"allowed": "buyer, seller, both"})
    if not command.kinds:
        yield Problem("/kinds", "required")
    for number, kind in enumerate(command.kinds):
        if kind not in known:
            allowed = {"allowed": ", ".join(known)}
            yield Problem(f"/kinds/{number}", "unknown-code", allowed)


def _is_asked(party: Party, kinds: tuple[str, ...], dispute: Dispute) -> bool:
    """Tell whether a side was asked for exactly these kinds, and still has time."""
    same = Request(party=party, kinds=kinds) in dispute.requests
    return same and party not in dispute.evidence_over


def _date(party: Party, dispute: Dispute, context: Context) -> Deadline:
    fresh = context.until(Awaited.EVIDENCE, party)
    running = (
        one.due
        for one in dispute.deadlines
        if one.awaited is Awaited.EVIDENCE and one.party is party
    )
    # max: the running date may have been extended, and a date that a side was promised
    # is never taken back.
    return replace(fresh, due=max([fresh.due, *running]))


def submit_evidence(
    command: SubmitEvidence, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Add a file to the case; the same file from the same side counts once."""
    by = context.actor.party
    if not may_submit(dispute, context):
        raise TooLate(awaited=Awaited.EVIDENCE)
    refuse_if(_evidence_problems(command, dispute, context))
    if any((one.by, one.sha256) == (by, command.sha256) for one in dispute.exhibits):
        return ()
    return (
        EvidenceSubmitted(
            number=len(dispute.exhibits) + 1,
            by=by,
            kind=command.kind,
            sha256=command.sha256,
            size=command.size,
            media_type=command.media_type,
            name=command.name,
            note=command.note,
            draft=command.draft,
            sealed=command.sealed,
        ),
    )


def may_submit(dispute: Dispute, context: Context) -> bool:
    """Tell whether the actor's side may still add evidence."""
    # 4.4: an appeal can rest on new evidence, although the evidence round is over.
    if dispute.phase is Phase.APPEAL:
        return True
    return context.actor.party not in dispute.evidence_over


def kinds_asked(dispute: Dispute, context: Context) -> frozenset[str]:
    """Return the kinds of evidence that the actor's side is asked for.

    These are what the rules of proof name for the reason, and what a mediator asked
    for. The platform, and any party during an appeal, may bring all kinds.
    """
    party, every = context.actor.party, frozenset(context.codes.evidence)
    # Imported cases may have a reason that the rules of proof do not know.
    known = dispute.reason in context.rules.proof.reasons
    if party is Party.PLATFORM or dispute.phase is Phase.APPEAL or not known:
        return every
    asked = context.rules.proof.requirements(dispute.reason, party).kinds | {"other"}
    return asked | {
        kind for one in dispute.requests if one.party is party for kind in one.kinds
    }


def _evidence_problems(
    command: SubmitEvidence, dispute: Dispute, context: Context
) -> Iterator[Problem]:
    known, asked = context.codes.evidence, kinds_asked(dispute, context)
    if command.kind not in known:
        yield Problem("/kind", "unknown-code", {"allowed": ", ".join(known)})
    elif command.kind not in asked:
        yield Problem("/kind", "not-asked", {"asked": ", ".join(sorted(asked))})
    if command.size == 0:
        yield Problem("/file", "empty")


def hand_in(
    command: HandInEvidence, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Turn a draft into evidence, while there is time."""
    open_now = drafts(dispute, context)
    if command.number not in open_now:
        raise NotOpen(number=str(command.number), open=", ".join(map(str, open_now)))
    return (EvidenceHandedIn(number=command.number, by=context.actor.party),)


def drafts(dispute: Dispute, context: Context) -> tuple[int, ...]:
    """List the drafts that the actor's side may hand in now."""
    if not may_submit(dispute, context):
        return ()
    by = context.actor.party
    return tuple(one.number for one in dispute.exhibits if one.draft and one.by is by)


def assess(
    command: AssessEvidence, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Weigh an item; it is admitted if it is authentic, relevant and legal."""
    open_now = assessable(dispute, context)
    if command.number not in open_now:
        raise NotOpen(number=str(command.number), open=", ".join(map(str, open_now)))
    weighed = (command.authentic, command.relevant, command.legal)
    if not all(weighed) and not command.ground:
        refuse_if([Problem("/ground", "required", {"for": "exclusion"})])
    item = next(one for one in evidence(dispute) if one.number == command.number)
    if item.weighed == weighed:
        return ()
    return (
        EvidenceAssessed(
            number=command.number,
            authentic=command.authentic,
            relevant=command.relevant,
            legal=command.legal,
            admitted=all(weighed),
            ground=command.ground,
        ),
    )


def assessable(dispute: Dispute, _: Context) -> tuple[int, ...]:
    """List the items that can be weighed: all that were handed in."""
    # Weighed ones too: an assessment can be changed until the decision.
    return tuple(one.number for one in evidence(dispute))


def evidence(dispute: Dispute) -> tuple[Exhibit, ...]:
    """Return what was handed in, without drafts."""
    return tuple(one for one in dispute.exhibits if not one.draft)


def assign_burden(
    command: AssignBurden, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Shift the burden of proof to the other side, by a rule."""
    if command.party not in BOTH:
        refuse_if([Problem("/party", "unknown-code", {"allowed": "buyer, seller"})])
    refuse_if(rule_problems(command.rule, "/rule", context))
    if dispute.burden is command.party:
        return ()
    return (BurdenAssigned(party=command.party, rule=command.rule, why=command.why),)

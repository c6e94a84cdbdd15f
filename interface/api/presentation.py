"""Presents a case to a reader: its view, its state, words, links and actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict, replace

from application.bundle.decision_texts import decision_texts
from application.cases.case import Case
from application.cases.line_money import LineReader, known_line_money
from application.privacy.redaction import opened_for
from application.record.envelope import Recorded
from application.rules.rulebook import Rulebooks
from application.texts import say, written_in
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.evolve import fold
from domain.deadlines.timeouts import events_of, overdue
from domain.roles import Actor, Role
from interface.api.actions.action_list import offered
from interface.api.links import attachment_href, evidence_href
from interface.api.responses.case import BuyerCase, CaseShown, SellerCase, StaffCase
from interface.api.responses.case_parts import (
    AttachmentShown,
    EvidenceShown,
    MessageShown,
    OfferShown,
    RefusalShown,
)
from interface.api.responses.case_state import (
    deadlines_shown,
    money_shown,
    obligation_shown,
    order_line_shown,
    waiting_shown,
)
from interface.api.responses.evidence_requirements import requirements
from interface.api.responses.part_words import offer_words, terms_words
from interface.bootstrap import System
from projections.case_view import fold as case_view
from projections.case_view.filing import Refusal
from projections.case_view.fold import CaseView
from projections.case_view.negotiation import Message


class Viewer(Struct, frozen=True):
    """The reader of a case, and their language."""

    actor: Actor
    language: str


SHOWN: dict[Role, type[CaseShown]] = {Role.BUYER: BuyerCase, Role.SELLER: SellerCase}


def shown(
    system: System, case: Case, viewer: Viewer, reader: LineReader | None = None
) -> CaseShown:
    """Return a case as its reader may see it, with what they can do now.

    `reader` has what was read of the order line before.
    """
    # By the role itself and not by `acts_as`: a service client that acts for a buyer
    # reads what the platform may read.
    kind = SHOWN.get(viewer.actor.role, StaffCase)
    opened = opened_for(viewer.actor, system.record, case.events, case.restricted)
    reader = reader or system.disputes.line_reader()
    money = known_line_money(reader, case, viewer.actor)
    context = system.disputes.context(case, viewer.actor, money)
    view = case_view.for_reader(case_view.fold(opened), viewer.actor)
    fields = {
        **_from_events(case.case, _with_words(view, opened, system.rulebooks)),
        **_state(case, context, viewer.language),
        "order_line": order_line_shown(case.dispute, money, context),
        "words": _words(case.dispute, view, context, viewer.language),
        "offers": tuple(
            OfferShown(**asdict(one), words=offer_words(one, context, viewer.language))
            for one in view.offers
        ),
    }
    if view.refusal is not None:
        fields["refusal"] = _refused(view.refusal, context, viewer.language)
    # Redaction is another Struct: what the reader's does not have is left out.
    return kind(**{name: fields[name] for name in kind.__struct_fields__})


def now(case: Case, context: Context) -> Dispute:
    """Return the state as it is once passed deadlines have had their effect.

    The next command applies them first, so this is what it will find.
    """
    return fold(events_of(overdue(case.dispute, context)), case.dispute)


def _from_events(case: UUID, view: CaseView) -> dict[str, Any]:
    """Return the fields that come from the events, with links."""
    fields = {name: getattr(view, name) for name in view.__struct_fields__}
    return fields | {
        "evidence": tuple(
            EvidenceShown(**asdict(one), href=evidence_href(case, one.number))
            for one in view.evidence
        ),
        "messages": tuple(_message(case, one) for one in view.messages),
    }


def _message(case: UUID, message: Message) -> MessageShown:
    attached = message.attachment
    file = None
    if attached is not None:
        href = attachment_href(case, message.number)
        told = asdict(attached)
        # How it lies on the disk is for those who check the record.
        del told["sealed"]
        file = AttachmentShown(**told, href=href)
    return MessageShown(
        **(asdict(message) | {"attachment": file, "language": written_in(message.text)})
    )


def _state(case: Case, context: Context, language: str) -> dict[str, Any]:
    """Return the fields that come from the state of the dispute, and the actions."""
    dispute = case.dispute
    return {
        "id": case.case,
        "version": case.version,
        "phase": dispute.phase,
        "assignee": dispute.assignee,
        "obligations": tuple(
            obligation_shown(one, dispute, context, language) for one in dispute.duties
        ),
        "deadlines": deadlines_shown(dispute, context, language),
        "waiting_on": waiting_shown(dispute, context, language),
        "actions": offered(case.case, now(case, context), context, language),
        "requirements": requirements(dispute, context),
        "money": money_shown(dispute),
        "restricted": dispute.restricted,
        "erased": dispute.erased,
        "legal_holds": dispute.holds,
    }


def _with_words(
    view: CaseView, opened: Sequence[Recorded], books: Rulebooks
) -> CaseView:
    """Put the reasons of the ruling and of decisions on appeal into words."""
    decisions = decision_texts(opened, books)
    texts = {one.version: {"zh": one.zh, "en": one.en} for one in decisions}
    appeals = (
        one if version is None else replace(one, text=texts[version])
        for one, version in zip(view.appeals, view.appeals_decided_in, strict=True)
    )
    ruling = view.ruling
    if ruling is not None and view.ruled_in is not None:
        ruling = replace(ruling, text=texts[view.ruled_in])
    return replace(view, ruling=ruling, appeals=tuple(appeals))


def _words(
    dispute: Dispute, view: CaseView, context: Context, language: str
) -> dict[str, str]:
    """Put the codes of a case into words."""
    codes = context.codes
    words = {"phase": say("phases", dispute.phase, language)}
    category = codes.categories.get(dispute.category)
    if category is not None:
        words["category"] = getattr(category, language)
        reason = category.reasons.get(dispute.reason)
        if reason is not None:
            words["reason"] = getattr(reason, language)
    if view.claim is not None:
        words["claim"] = terms_words(view.claim, context, language)
    if view.outcome:
        words["outcome"] = say("outcomes", view.outcome, language)
    return words


def _refused(refusal: Refusal, context: Context, language: str) -> RefusalShown:
    """Put the ground into words, and the explanation too if a rule refused alone."""
    label = context.codes.grounds.get(refusal.ground)
    words = getattr(label, language) if label else refusal.ground
    said = refusal.explanation or say("refused", refusal.ground, language)
    told = asdict(refusal) | {"words": words, "explanation": said}
    return RefusalShown(**told)

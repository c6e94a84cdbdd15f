"""What filing, admission, assignment and negotiation change in the view of a case."""

from __future__ import annotations

from typing import Any, assert_never

from msgspec.structs import replace

from application.record.envelope import Recorded
from domain.admission.events import (
    AdmissionEvent,
    Admitted,
    ReferredToAuthority,
    Refused,
)
from domain.filing.events import Filed, FilingEvent, Withdrawn
from domain.mediators.events import MediatorAssigned, MediatorEvent, MediatorRecused
from domain.negotiation.events import (
    MessagePosted,
    NegotiationEvent,
    OfferAccepted,
    OfferDeclined,
    OfferLapsed,
    OfferMade,
    SellerResponded,
)
from projections.case_view.claim_to_ruling import (
    OfferShown,
    OrderShown,
    ResponseShown,
    TermsShown,
    precision,
    shown_money,
    shown_terms,
)
from projections.case_view.course import Message, Referral, Refusal, Withdrawal
from projections.case_view.view import CaseView

NOT_CLOSED = dict.fromkeys(("closed_at", "closed_precision", "outcome", "claim_result"))
"""What a case that goes on after its end takes back."""


def changes(
    view: CaseView,
    event: FilingEvent | AdmissionEvent | MediatorEvent,
    recorded: Recorded,
) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case Filed():
            return _filed(event, recorded)
        case Admitted(note=note):
            return {"admission_note": note} | NOT_CLOSED
        case Refused():
            return {"refusal": _refusal(event, recorded)}
        case Withdrawn(reason=reason, deemed=deemed):
            given_up = Withdrawal(reason=reason, deemed=deemed, at=recorded.at)
            return {"withdrawal": given_up}
        case ReferredToAuthority(authority=authority, cause=cause, note=note):
            handed = Referral(
                authority=authority, cause=cause, note=note, at=recorded.at
            )
            return {"referral": handed}
        case MediatorRecused(mediator=mediator):
            own = view.draft is not None and view.draft.by == mediator
            recused = {"recused": (*view.recused, mediator)}
            return recused | ({"draft": None} if own else {})
        case MediatorAssigned():
            # Who has the case is shown from the state of the dispute.
            return {}
        case _:
            assert_never(event)


def _refusal(event: Refused, recorded: Recorded) -> Refusal:
    return Refusal(
        ground=event.ground,
        explanation=event.explanation,
        rule=event.rule,
        routes=event.routes,
        at=recorded.at,
    )


def _filed(event: Filed, recorded: Recorded) -> dict[str, Any]:
    return {
        "platform": event.platform,
        "channel": event.channel,
        "category": event.category,
        "reason": event.reason,
        "buyer": event.buyer,
        "seller": event.seller,
        "order": OrderShown(
            id=event.order,
            line=event.line,
            paid=shown_money(event.paid),
            received_at=event.received_at,
            promised_at=event.promised_at,
        ),
        "claim": shown_terms(event.claim),
        "facts": event.facts,
        "contact": event.contact,
        "evidence_note": event.evidence_note,
        "policy": event.policy,
        "opened_at": recorded.at,
        "reopens": event.reopens,
        "new_facts": event.new_facts,
        "opened_precision": precision(recorded),
        "imported": _imported(event, recorded),
    }


def _imported(event: Filed, recorded: Recorded) -> dict[str, str] | None:
    if recorded.imported is None:
        return None
    source = recorded.imported
    said = {"stated": event.stated} if event.stated else {}
    return {"system": source.system, "record": source.record, **said}


def negotiated(
    view: CaseView, event: NegotiationEvent, recorded: Recorded
) -> dict[str, Any]:
    """Return the fields that an event of the negotiation changes."""
    match event:
        case SellerResponded(position=position, statement=statement):
            answer = ResponseShown(
                position=position,
                statement=statement,
                at=recorded.at,
                precision=precision(recorded),
            )
            return {"response": answer}
        case MessagePosted(number=number, by=by, text=text, attachment=attached):
            message = Message(
                number=number, by=by, text=text, at=recorded.at, attachment=attached
            )
            return {"messages": (*view.messages, message)}
        case OfferMade():
            return {"offers": _offered(view.offers, event, recorded)}
        case OfferAccepted(number=number, by=by, settles=settles):
            return {"offers": _accepted(view.offers, number, by, settles=settles)}
        case OfferDeclined(number=number):
            return {"offers": turned(view.offers, number, "declined")}
        case OfferLapsed(number=number):
            return {"offers": turned(view.offers, number, "lapsed")}
        case _:
            assert_never(event)


def _offered(
    offers: tuple[OfferShown, ...], event: OfferMade, recorded: Recorded
) -> tuple[OfferShown, ...]:
    """Add an offer; the same side's offer that was open until now is replaced."""
    terms = event.terms
    made = OfferShown(
        number=event.number,
        by=event.by,
        terms=TermsShown(
            kind=terms.kind, amount=shown_money(terms.amount), freight=terms.freight
        ),
        state="open",
        at=recorded.at,
        due=event.deadlines[0].due if event.deadlines else None,
        message=event.message,
    )
    earlier = (
        replace(one, state="replaced")
        if (one.state, one.by) == ("open", event.by)
        else one
        for one in offers
    )
    return (*earlier, made)


def turned(
    offers: tuple[OfferShown, ...], number: int, state: str
) -> tuple[OfferShown, ...]:
    """Return the offers, one of them in another state."""
    return tuple(
        replace(one, state=state) if one.number == number else one for one in offers
    )


def _accepted(
    offers: tuple[OfferShown, ...], number: int, by: str, *, settles: bool
) -> tuple[OfferShown, ...]:
    return tuple(
        replace(
            one,
            state="accepted" if settles else "open",
            accepted_by=(*one.accepted_by, by),
        )
        if one.number == number
        else one
        for one in offers
    )

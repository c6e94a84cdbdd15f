"""A case as one of its parties sees it: what it waits for, and what can be done."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from domain.case.context import Context
from domain.case.dispute import Phase
from domain.roles import Party
from interface.api.actions.action_words import code_words
from interface.api.presentation import shown
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.responses.case import CaseShown
from interface.api.responses.part_words import terms_words
from interface.pages.desk.queue_groups import urgency_of
from interface.pages.forms.action_form import (
    ActionForm,
    Attempt,
    action_forms,
    just_done,
)
from interface.pages.forms.form_body import MOST_ITEMS
from interface.pages.forms.upload_form import upload_form
from interface.pages.page import page
from interface.pages.page_times import PageTimes
from interface.pages.party.decision_words import DecisionWords
from interface.pages.party.offer_table import offer_columns
from interface.pages.party.party_course import CourseLine, course_of
from interface.pages.party.party_options import PARTY, PATH

NEWS = ("filed", "evidence", "messages-files")
"""What an address may say has just been done, beside the actions of a case."""


class PartyForms(Struct, frozen=True):
    """The forms of a page: what the case waits for, what else, and files."""

    awaited: tuple[ActionForm, ...]
    others: tuple[ActionForm, ...]
    uploads: dict[str, ActionForm]
    attempted: ActionForm | None


@get(
    f"{PATH}/{{dispute_id:uuid}}",
    sync_to_thread=True,
    opt=PARTY | read_of(Read.CASE, by=PARTY["roles"]),
)
def party_case(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    dispute_id: FromPath[UUID],
) -> Response[str]:
    """Show a case to one of its parties."""
    return party_case_of(request, context, dispute_id, None)


def party_case_of(
    request: Request[Any, Any, Any],
    context: RequestContext,
    dispute_id: UUID,
    attempt: Attempt | None,
) -> Response[str]:
    """Return the page of a case, with a form that was refused, if there is one."""
    case, language = context.read(dispute_id), context.language
    told = shown(context.system, case, context.viewer, context.lines)
    rules = context.system.disputes.context(case, context.actor)
    course = course_of(case, context.actor, language)
    waiting, party = told.waiting_on, context.actor.party
    return page(
        request,
        "party/case.html",
        status=attempt.problem.status if attempt else 200,
        here=f"{PATH}/{dispute_id}",
        case=told,
        party=party,
        yours=waiting is not None and waiting.party in {party, Party.BOTH},
        urgency=urgency_of(told.phase, waiting.due if waiting else None, rules.now),
        is_over=told.phase is Phase.CLOSED,
        course=course,
        moved=_moved(course, attempt),
        forms=_forms(told, attempt),
        upload_form=upload_form,
        upload_limit=context.system.settings.upload_limit,
        attempt=attempt,
        faults=attempt.summary(language) if attempt else [],
        receipts=attempt.receipts if attempt else (),
        done=just_done(request),
        filed=request.query_params.get("done") == "filed",
        times=PageTimes(rules.rules.policy.zone, rules.now, language),
        key=uuid4,
        most_items=MOST_ITEMS,
        **_words(told, rules, party, language),
    )


def _words(
    told: CaseShown, rules: Context, party: Party, language: str
) -> dict[str, Any]:
    """Return what the parts of a case are put into words with."""
    words = DecisionWords(told, rules, language)
    return {
        "columns": offer_columns(told, rules, language),
        "ruling": words.ruling(),
        "appeals": [(one, words.appeal(one)) for one in told.appeals],
        "asked": [one for one in told.requirements if one.party is party],
        "may_prove": _may_prove(told),
        "code": lambda name, value: (
            code_words(name, value, rules.codes, language) or value
        ),
        "terms": lambda value: terms_words(value, rules, language),
    }


def _may_prove(told: CaseShown) -> bool:
    """Tell whether evidence that a party hands in can still count for the ruling."""
    can_hand_in = any(one.name == "evidence" for one in told.actions)
    return can_hand_in and told.ruling is None


def _moved(
    course: tuple[CourseLine, ...], attempt: Attempt | None
) -> tuple[CourseLine, ...]:
    """Return what has happened since the version that a refused form was made for."""
    if attempt is None or attempt.version is None:
        return ()
    return tuple(one for one in course if one.version > attempt.version)


def _forms(told: CaseShown, attempt: Attempt | None) -> PartyForms:
    forms = action_forms(told, attempt)
    typed = [one for one in forms if not one.takes_file]
    return PartyForms(
        awaited=tuple(one for one in typed if one.action.awaited),
        others=tuple(one for one in typed if not one.action.awaited),
        uploads={one.action.name: one for one in forms if one.takes_file},
        attempted=next((one for one in forms if one.attempt), None),
    )

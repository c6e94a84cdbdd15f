"""A case as its mediator works on it: where it stands, what was said, what to do."""

from __future__ import annotations

from functools import partial
from typing import Any, cast
from uuid import UUID, uuid4

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec.structs import replace

from application.cases.case import Case
from application.privacy.redaction import opened_for
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.deadlines.ledger import deadline_ledger
from domain.deadlines.limit_arithmetic import pauses_within
from interface.api.actions.action_words import code_words
from interface.api.presentation import shown
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.responses.case import StaffCase
from interface.api.responses.case_parts import ActionShown, WaitingShown
from interface.api.responses.part_words import terms_words
from interface.pages.desk.arithmetic_words import arithmetic_words
from interface.pages.desk.article_choice import with_articles
from interface.pages.desk.case_decisions import decision_parts
from interface.pages.desk.case_steps import steps_of
from interface.pages.desk.case_story import StoryLine, story_of
from interface.pages.desk.ledger_picture import ledger_picture, overdue_limit
from interface.pages.desk.mediator_choice import with_choice
from interface.pages.desk.moved_limits import limit_of, moved_limits
from interface.pages.desk.queue_filters import DESK, PATH
from interface.pages.desk.queue_groups import urgency_of
from interface.pages.desk.ruling_choices import may_write
from interface.pages.desk.unavailable_actions import unavailable
from interface.pages.forms.action_form import (
    ActionForm,
    Attempt,
    action_forms,
    just_done,
)
from interface.pages.forms.form_body import MOST_ITEMS
from interface.pages.forms.upload_form import upload_form
from interface.pages.page import POLICY, page
from interface.pages.page_times import PageTimes

WRITTEN = frozenset({"ruling", "ruling-draft", "appeal/decision"})
"""Actions that have an editor of their own."""

REFUSING = frozenset({"refusal", "referral", "appeal-refusal"})

WAY_KEYS = "1234567890bdefghilmnopqstuvwxyz"
"""The keys of the actions in their order: those that do nothing else on the page."""

ALWAYS = (
    *("positions", "offers", "messages", "evidence"),
    *("ledger", "actions", "history"),
)
"""The parts that every case has, empty or not."""


@get(
    f"{PATH}/cases/{{dispute_id:uuid}}",
    sync_to_thread=True,
    opt=DESK | read_of(Read.CASE, by=DESK["roles"]),
)
def case_page(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    dispute_id: FromPath[UUID],
) -> Response[str]:
    """Show a case with all that the reader may do."""
    return case_page_of(request, context, dispute_id, None)


def case_page_of(
    request: Request[Any, Any, Any],
    context: RequestContext,
    dispute_id: UUID,
    attempt: Attempt | None,
) -> Response[str]:
    """Return the page of a case, with a form that was refused, if there is one."""
    case = context.read(dispute_id)
    system, language = context.system, context.language
    told = cast("StaffCase", shown(system, case, context.viewer, context.lines))
    rules = system.disputes.context(case, context.actor)
    events = opened_for(context.actor, system.record, case.events, case.restricted)
    story = story_of(context, events)
    waiting = told.waiting_on
    chosen = replace(told, actions=_actions(told, rules, context))
    forms = action_forms(with_choice(chosen, context, attempt), attempt, WRITTEN)
    return page(
        request,
        "desk/case.html",
        status=attempt.problem.status if attempt else 200,
        here=f"{PATH}/cases/{dispute_id}",
        allows=f"{POLICY}; frame-src 'self'",
        case=told,
        urgency=urgency_of(told.phase, waiting.due if waiting else None, rules.now),
        steps=steps_of(case, answered=told.response is not None),
        story=story,
        moved=moved_since(story, attempt),
        **_parted(forms),
        **_uploads(context, attempt),
        editor=may_write(case.dispute, context.actor),
        there=_parts(told),
        attempt=attempt,
        faults=attempt.summary(language) if attempt else [],
        done=just_done(request),
        times=PageTimes(rules.rules.policy.zone, rules.now, language),
        **_about_actions(case.dispute, rules, told, language),
        code=lambda name, value: (
            code_words(name, value, rules.codes, language) or value
        ),
        terms=lambda value: terms_words(value, rules, language),
        **_ledger(case, waiting, context),
        **decision_parts(told, events, rules, context),
    )


def _actions(
    told: StaffCase, rules: Context, context: RequestContext
) -> tuple[ActionShown, ...]:
    """Return the actions with articles to choose, and marked if the case waits for it.

    To refuse ends the wait as well, but it is nothing that a case waits for.
    """
    found = with_articles(told.actions, rules, context.language)
    return tuple(
        replace(one, awaited=False) if one.name in REFUSING else one for one in found
    )


def _about_actions(
    dispute: Dispute, rules: Context, told: StaffCase, language: str
) -> dict[str, Any]:
    """Return what forms show beside their fields, and why there are no others."""
    return {
        "unavailable": unavailable(dispute, rules, told.actions, language),
        "moved_limits": moved_limits(dispute, rules, language),
        "limit_of": limit_of,
        "way_keys": WAY_KEYS,
        "key": uuid4,
        "most_items": MOST_ITEMS,
    }


def _ledger(
    case: Case, waiting: WaitingShown | None, context: RequestContext
) -> dict[str, Any]:
    entries = deadline_ledger(case.events)
    rules = context.system.disputes.context(case, context.actor)
    zone, calendar = rules.rules.policy.zone, rules.rules.calendar
    times = PageTimes(zone, rules.now, context.language)
    still = overdue_limit(entries, waiting)
    picture = None
    if entries:
        picture = ledger_picture(entries, times, calendar.days_off, still)
    return {
        "ledger": entries,
        "picture": picture,
        "counted": partial(arithmetic_words, calendar=calendar, times=times),
        "pauses_within": pauses_within,
    }


def moved_since(
    story: tuple[StoryLine, ...], attempt: Attempt | None
) -> tuple[StoryLine, ...]:
    """Return what has happened since the version that a refused form was made for."""
    if attempt is None or attempt.version is None:
        return ()
    return tuple(one for one in story if one.version > attempt.version)


def _parted(forms: tuple[ActionForm, ...]) -> dict[str, Any]:
    """Part the forms: that for files stands beside its messages."""
    return {
        "forms": tuple(one for one in forms if not one.takes_file),
        "file_forms": tuple(
            one for one in forms if one.action.name == "messages-files"
        ),
    }


def _uploads(context: RequestContext, attempt: Attempt | None) -> dict[str, Any]:
    """Return what forms with files take, and what became of those that were sent."""
    limit = context.system.settings.upload_limit
    forms = {"upload_form": upload_form, "upload_limit": limit}
    return forms | {"receipts": attempt.receipts if attempt else ()}


def _parts(told: StaffCase) -> tuple[str, ...]:
    """Return the parts of the page that a case has, by the names of their sections."""
    has = {
        "inquiries": told.inquiries,
        "ruling": told.ruling or told.appeals,
        "performance": told.obligations or told.enforcement,
        "notes": told.notes or told.tags or any(one.remark for one in told.handovers),
    }
    return (*ALWAYS, *(name for name, there in has.items() if there))

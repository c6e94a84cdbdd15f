"""The page of the ruling editor, with what was written so far.

A draft that another window has saved is shown beside it.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from litestar import Request, Response

from application.cases.ruling_drafts import RulingDraft
from application.texts import LANGUAGES
from domain.appeal.events import AppealResult
from domain.ruling.ruling_rules import unweighed
from domain.terms import Terms
from interface.api.actions.action_words import code_words
from interface.api.request_context import RequestContext
from interface.pages.desk.case_page import moved_since
from interface.pages.desk.case_to_decide import CaseToDecide
from interface.pages.desk.draft_conflict import DraftConflict, conflict_of, seen_draft
from interface.pages.desk.queue_filters import PATH
from interface.pages.desk.queue_groups import urgency_of
from interface.pages.desk.ruling_choices import choices, rule_groups
from interface.pages.desk.ruling_faults import fault_list
from interface.pages.desk.ruling_form import RulingForm, read_form
from interface.pages.desk.ruling_preview import gap, granted, previewed, summed
from interface.pages.forms.action_form import Attempt
from interface.pages.forms.sent_form import SentForm
from interface.pages.page import page
from interface.pages.page_texts import page_words
from interface.pages.page_times import PageTimes

EDITOR_HTML, WRITTEN = "desk/ruling.html", "desk/ruling_written.html"
CONFLICT = 409


def overtaken(
    request: Request[Any, Any, Any],
    context: RequestContext,
    desk: CaseToDecide,
    form: SentForm,
    draft: RulingDraft,
) -> Response[str]:
    """Show what was written here, and where the draft of another window differs."""
    written, language = read_form(form.values), context.language
    rules = rule_groups(desk.rules, language)
    return editor(
        request,
        context,
        desk,
        written,
        html=WRITTEN if form.get("do") == "live" else EDITOR_HTML,
        edition=seen_draft(form).edition,
        conflict=conflict_of(draft, written, desk.rules.codes, rules, language),
    )


def with_draft(
    request: Request[Any, Any, Any],
    context: RequestContext,
    desk: CaseToDecide,
    draft: RulingDraft,
) -> Response[str]:
    """Show the editor with a draft, and what has happened since it was saved."""
    return editor(
        request,
        context,
        desk,
        read_form(draft.texts),
        saved_at=draft.saved_at,
        edition=draft.edition,
        news=tuple(one for one in desk.story if one.version > draft.version),
    )


def editor(
    request: Request[Any, Any, Any],
    context: RequestContext,
    desk: CaseToDecide,
    form: RulingForm,
    *,
    html: str = EDITOR_HTML,
    attempt: Attempt | None = None,
    **shown_too: Any,
) -> Response[str]:
    """Return the page of the editor, or the part of it that changes as one types."""
    language, dispute, rules = context.language, desk.case.dispute, desk.rules
    due = desk.told.waiting_on.due if desk.told.waiting_on else None
    faults = fault_list(attempt, language) if attempt else ()
    title = f"ruling.doc-title{'-appeal' if desk.terms.on_appeal else ''}"
    values = {
        "saved_at": None,
        "edition": "",
        "window": uuid4(),
        "conflict": None,
        "news": (),
        "case": desk.told,
        "form": form,
        "attempt": attempt,
        "faults": faults,
        "words": {one.field: one.words for one in faults},
        "moved": moved_since(desk.story, attempt),
        "preview": previewed(form, desk.terms),
        "gap": {one: gap(one) for one in LANGUAGES},
        "doc_title": {one: page_words(title, one) for one in LANGUAGES},
        "sum": summed(_remedies(form, desk), dispute, rules),
        "on_appeal": desk.terms.on_appeal,
        "sendable": desk.sendable,
        "unweighed": unweighed(dispute),
        "paid": dispute.paid,
        "urgency": urgency_of(desk.told.phase, due, rules.now),
        "times": PageTimes(rules.rules.policy.zone, rules.now, language),
        "key": uuid4,
        "ground": lambda one: code_words("ground", one, rules.codes, language) or one,
        "code": lambda table, one: getattr(getattr(rules.codes, table)[one], language),
        **choices(rules, dispute, language),
        **shown_too,
    }
    return page(
        request,
        html,
        status=_status(attempt, shown_too.get("conflict")),
        here=f"{PATH}/cases/{desk.case.case}/ruling",
        **values,
    )


def _remedies(form: RulingForm, desk: CaseToDecide) -> tuple[Terms, ...]:
    # An appeal that leaves the ruling as it was grants nothing itself.
    if desk.terms.on_appeal and form.result != AppealResult.VARIED:
        return ()
    return granted(form, desk.rules.codes, desk.terms.currency)


def _status(attempt: Attempt | None, conflict: DraftConflict | None) -> int:
    if attempt is not None:
        return attempt.problem.status
    return CONFLICT if conflict is not None else 200

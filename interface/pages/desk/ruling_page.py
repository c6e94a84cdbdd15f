"""The ruling editor: a decision is written, previewed, kept as a draft, and sent.

A ruling, a ruling for a second person, and the decision on an appeal have one form.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from application.cases.ruling_drafts import Overtaken, RulingDrafts
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.pages.desk.case_action import done_page
from interface.pages.desk.case_to_decide import CaseToDecide, case_to_decide
from interface.pages.desk.draft_conflict import TAKE, seen_draft
from interface.pages.desk.queue_filters import DESK, PATH
from interface.pages.desk.ruling_choices import begun_form, paying_remedies
from interface.pages.desk.ruling_editor import (
    EDITOR_HTML,
    WRITTEN,
    editor,
    overtaken,
    with_draft,
)
from interface.pages.desk.ruling_form import RulingForm, command_form, read_form
from interface.pages.forms.action_form import Attempt
from interface.pages.forms.form_action import act
from interface.pages.forms.sent_form import SentForm
from interface.pages.page_language import asked_language
from interface.pages.page_options import FORM

EDITOR = f"{PATH}/cases/{{dispute_id:uuid}}/ruling"
RULING, HAND_OVER, ON_APPEAL = "ruling", "ruling-draft", "appeal/decision"


@get(
    EDITOR,
    sync_to_thread=True,
    opt=DESK | read_of(Read.CASE, by=DESK["roles"]),
)
def ruling_page(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    dispute_id: FromPath[UUID],
) -> Response[Any]:
    """Show the editor with the reader's own draft, or with what was claimed."""
    desk = case_to_decide(context, dispute_id)
    if desk is None:
        return Redirect(f"{PATH}/cases/{dispute_id}", status_code=303)
    draft = _drafts(context).find(desk.case, context.actor)
    if draft is not None:
        return with_draft(request, context, desk, draft)
    paying = paying_remedies(desk.rules.codes)
    begun = begun_form(desk.told, desk.case.dispute, paying)
    return editor(request, context, desk, begun)


@post(EDITOR, status_code=200, sync_to_thread=True, opt=DESK | FORM)
def write_ruling(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    form: NamedDependency[SentForm],
    dispute_id: FromPath[UUID],
) -> Response[Any]:
    """Save what is written; add or take away a row, preview it, or send it.

    What is saved is shown by the editor itself, so that Back and Forward send nothing
    again. A draft that another window has saved meanwhile is not overwritten.
    """
    desk, act = case_to_decide(context, dispute_id), form.get("do")
    if desk is None:
        return Redirect(f"{PATH}/cases/{dispute_id}", status_code=303)
    drafts, written = _drafts(context), read_form(form.values).changed(act)
    there = drafts.find(desk.case, context.actor) if act == TAKE else None
    if there is not None:
        return _editor_again(request, desk)
    seen, is_live = seen_draft(form), act == "live"
    try:
        if act in {"send", "hand-over"}:
            return _sent(request, context, desk, form, written.packed)
        saved = drafts.save(
            desk.case, context.actor, seen.writing(written), context.system.clock()
        )
    except Overtaken as error:
        return overtaken(request, context, desk, form, error.draft)
    if saved is not None and not is_live:
        return _editor_again(request, desk)
    return editor(
        request,
        context,
        desk,
        written,
        saved_at=saved.saved_at if saved else None,
        edition=saved.edition if saved else seen.edition,
        html=WRITTEN if is_live else EDITOR_HTML,
    )


def _editor_again(request: Request[Any, Any, Any], desk: CaseToDecide) -> Redirect:
    asked = asked_language(request)
    language = {"lang": asked} if asked else None
    path = f"{PATH}/cases/{desk.case.case}/ruling"
    return Redirect(path, status_code=303, query_params=language)


def _sent(
    request: Request[Any, Any, Any],
    context: RequestContext,
    desk: CaseToDecide,
    form: SentForm,
    written: RulingForm,
) -> Response[Any]:
    """Send a decision; one that is refused comes back, and stays as a draft.

    Raises Overtaken before anything is sent.
    """
    drafts, writing = _drafts(context), seen_draft(form).writing(written)
    drafts.refuse_overtaken(desk.case, context.actor, writing)
    path = HAND_OVER if form.get("do") == "hand-over" else RULING
    path = ON_APPEAL if desk.terms.on_appeal else path
    fields = command_form(written, desk.rules.codes, desk.terms.currency).values
    own = {name: form.all(name) for name in ("key", "version")}
    sent = SentForm({**fields, **own})
    after = act(request, context, desk.case.case, path, sent)
    if not isinstance(after, Attempt):
        drafts.drop(desk.case, context.actor)
        return done_page(desk.case.case, path)
    saved = drafts.save(desk.case, context.actor, writing, context.system.clock())
    return editor(
        request,
        context,
        desk,
        written,
        attempt=after,
        saved_at=saved.saved_at if saved else None,
        edition=saved.edition if saved else writing.edition,
    )


def _drafts(context: RequestContext) -> RulingDrafts:
    return RulingDrafts(context.system.database, context.system.keys)

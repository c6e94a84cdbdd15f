"""The ruling editor: a decision is written, previewed, kept as a draft, and sent.

A ruling, a ruling for a second person, and the decision on an appeal have one form.
"""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID, uuid4

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from application.cases.case import Case
from application.cases.line_money import known_line_money
from application.cases.ruling_drafts import RulingDrafts
from application.cases.ruling_text import Wording
from application.privacy.redaction import opened_for
from application.texts import LANGUAGES
from domain.appeal.events import AppealResult
from domain.case.context import Context
from domain.case.dispute import Phase
from domain.ruling.ruling_rules import unweighed
from interface.api.actions.action_words import code_words
from interface.api.presentation import shown
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.responses.case import StaffCase
from interface.pages.desk.case_action import done_page
from interface.pages.desk.case_page import moved_since
from interface.pages.desk.case_story import StoryLine, story_of
from interface.pages.desk.queue_filters import DESK, PATH
from interface.pages.desk.queue_groups import urgency_of
from interface.pages.desk.ruling_choices import (
    begun_form,
    choices,
    may_write,
    paying_remedies,
)
from interface.pages.desk.ruling_faults import fault_list
from interface.pages.desk.ruling_form import (
    RulingForm,
    command_form,
    kept_texts,
    read_form,
)
from interface.pages.desk.ruling_preview import (
    PreviewTerms,
    exhibits,
    gap,
    granted,
    previewed,
    summed,
)
from interface.pages.forms.action_form import Attempt
from interface.pages.forms.form_action import act
from interface.pages.forms.sent_form import SentForm
from interface.pages.page import page
from interface.pages.page_options import FORM
from interface.pages.page_texts import page_words
from interface.pages.page_times import PageTimes

EDITOR = f"{PATH}/cases/{{dispute_id:uuid}}/ruling"
RULING, HAND_OVER, ON_APPEAL = "ruling", "ruling-draft", "appeal/decision"


class CaseToDecide(Struct, frozen=True, kw_only=True):
    """A case on the desk of somebody who decides it; `rules` know its order line."""

    case: Case
    told: StaffCase
    rules: Context
    terms: PreviewTerms
    story: tuple[StoryLine, ...]

    @property
    def sendable(self) -> frozenset[str]:
        """Return the paths at which a decision can be sent now."""
        above = f"/v1/disputes/{self.told.id}/"
        return frozenset(one.href.removeprefix(above) for one in self.told.actions)


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
    desk = _desk(context, dispute_id)
    if desk is None:
        return Redirect(f"{PATH}/cases/{dispute_id}", status_code=303)
    draft = _drafts(context).find(desk.case, context.actor)
    if draft is None:
        paying = paying_remedies(desk.rules.codes)
        begun = begun_form(desk.told, desk.case.dispute, paying)
        return _editor(request, context, desk, begun)
    form = read_form(draft.texts)
    news = tuple(one for one in desk.story if one.version > draft.version)
    return _editor(request, context, desk, form, saved_at=draft.saved_at, news=news)


@post(EDITOR, status_code=200, sync_to_thread=True, opt=DESK | FORM)
def write_ruling(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    form: NamedDependency[SentForm],
    dispute_id: FromPath[UUID],
) -> Response[Any]:
    """Save what is written; add or take away a row, preview it, or send it."""
    desk, act = _desk(context, dispute_id), form.get("do")
    if desk is None:
        return Redirect(f"{PATH}/cases/{dispute_id}", status_code=303)
    drafts, written = _drafts(context), read_form(form.values)
    if act in {"send", "hand-over"}:
        return _sent(request, context, desk, form, written.packed)
    written = written.changed(act)
    saved = drafts.save(
        desk.case, context.actor, kept_texts(written), context.system.clock()
    )
    saved_at = context.system.clock() if saved else None
    template = "desk/ruling_live.html" if act == "live" else "desk/ruling.html"
    return _editor(request, context, desk, written, saved_at=saved_at, html=template)


def _sent(
    request: Request[Any, Any, Any],
    context: RequestContext,
    desk: CaseToDecide,
    form: SentForm,
    written: RulingForm,
) -> Response[Any]:
    """Send a decision; one that is refused comes back, and stays as a draft."""
    path = HAND_OVER if form.get("do") == "hand-over" else RULING
    path = ON_APPEAL if desk.terms.on_appeal else path
    fields = command_form(written, desk.rules.codes, desk.terms.currency).values
    own = {name: form.all(name) for name in ("key", "version")}
    sent = SentForm({**fields, **own})
    after = act(request, context, desk.case.case, path, sent)
    if not isinstance(after, Attempt):
        _drafts(context).drop(desk.case, context.actor)
        return done_page(desk.case.case, path)
    now = context.system.clock()
    saved = _drafts(context).save(desk.case, context.actor, kept_texts(written), now)
    return _editor(
        request,
        context,
        desk,
        written,
        attempt=after,
        saved_at=now if saved else None,
    )


def _editor(
    request: Request[Any, Any, Any],
    context: RequestContext,
    desk: CaseToDecide,
    form: RulingForm,
    *,
    html: str = "desk/ruling.html",
    attempt: Attempt | None = None,
    **shown_too: Any,
) -> Response[str]:
    language, dispute, rules = context.language, desk.case.dispute, desk.rules
    # An appeal that leaves the ruling as it was grants nothing itself.
    grants = not desk.terms.on_appeal or form.result == AppealResult.VARIED
    remedies = granted(form, rules.codes, desk.terms.currency) if grants else ()
    due = desk.told.waiting_on.due if desk.told.waiting_on else None
    faults = fault_list(attempt, language) if attempt else ()
    title = f"ruling.doc-title{'-appeal' if desk.terms.on_appeal else ''}"
    values = {
        "saved_at": None,
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
        "sum": summed(remedies, dispute, rules),
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
        status=attempt.problem.status if attempt else 200,
        here=f"{PATH}/cases/{desk.case.case}/ruling",
        **values,
    )


def _desk(context: RequestContext, dispute_id: UUID) -> CaseToDecide | None:
    """Return the case of a person who may decide it; None if they may not now."""
    case, system = context.read(dispute_id), context.system
    dispute, actor = case.dispute, context.actor
    if not may_write(dispute, actor):
        return None
    money = known_line_money(context.lines, case, actor)
    rules = system.disputes.context(case, actor, money)
    events = opened_for(actor, system.record, case.events, case.restricted)
    wording = Wording(
        codes=rules.codes,
        regulations=system.rulebooks.regulations.known,
        exhibits=exhibits(events),
    )
    paid = dispute.paid
    return CaseToDecide(
        case=case,
        told=cast("StaffCase", shown(system, case, context.viewer, context.lines)),
        rules=rules,
        terms=PreviewTerms(
            wording=wording,
            currency=paid.currency if paid else "CNY",
            on_appeal=dispute.phase is Phase.APPEAL,
        ),
        story=story_of(context, events),
    )


def _drafts(context: RequestContext) -> RulingDrafts:
    return RulingDrafts(context.system.database, context.system.keys)

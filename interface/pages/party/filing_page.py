"""Filing in four steps: the order, what is wrong, what one wants, and evidence.

What was typed is kept beside the record, and nothing of it goes into an address: each
step can be loaded again and gone back to. Nothing is recorded before the last step is
sent.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from application.cases.eligibility import Foreseen
from application.texts import say
from domain.deadlines.time_limits import LimitName
from domain.roles import Party
from interface.api.actions.action_words import code_words
from interface.api.problems import ProblemDetails
from interface.api.request_context import RequestContext
from interface.api.responses.eligibility import eligibility_shown
from interface.pages.forms.chosen_files import chosen_names
from interface.pages.forms.sent_form import SentForm
from interface.pages.forms.typed_amount import typed_in_words
from interface.pages.forms.upload_form import ACCEPTED, UploadForm
from interface.pages.page import page
from interface.pages.page_options import MOST_FILES, TEXT_FORM
from interface.pages.page_times import PageTimes
from interface.pages.party.filing_draft import LAST, STEPS, FilingDraft, Judged
from interface.pages.party.filing_steps import (
    DRAFT,
    FILING,
    beginning,
    begun_key,
    filings_begun,
    keep,
    kept,
    let_go,
    step_address,
)
from interface.pages.party.party_options import BUYER, PATH
from interface.pages.sealed_terms import Terms, asked_terms

GIVEN = {
    "order": "order.id",
    "line": "order.line",
    "seller": "seller",
    "paid": "order.paid.amount",
    "currency": "order.paid.currency",
    "received": "day",
}
"""What the address may fill in, so that an order page can lead here: no text."""

TERMS = Terms("filing", frozenset({"order", "seller"}))
STAY = "stay"
"""What a form says that is kept, and shown once more, such as in another language."""

DROP = "drop"
"""What a form says of a filing that its writer throws away."""

_MOST_GIVEN = 128


@get(FILING, sync_to_thread=True, opt=BUYER | TERMS.opt)
def filing_page(
    request: Request[Any, Any, Any], context: NamedDependency[RequestContext]
) -> Response[Any]:
    """Show a step of a filing, or the first one with what the address says."""
    form = kept(request, context)
    if form is None:
        is_gone = DRAFT in request.query_params
        key = None if is_gone else begun_key(request, context)
        if key is None and not is_gone:
            return Redirect(beginning(request), status_code=303)
        begun = FilingDraft(context, _begun(request, context))
        return step_page(request, begun, 1, None, key=key, is_gone=is_gone)
    draft, step = FilingDraft(context, form), _number(request.query_params.get("step"))
    upto = step if "checked" in request.query_params else step - 1
    judged = draft.judge(upto) if upto else None
    if judged is None or not judged.faults:
        return step_page(request, draft, step, None)
    return step_page(request, draft, judged.first_step or step, judged)


def _begun(request: Request[Any, Any, Any], context: RequestContext) -> SentForm:
    terms = asked_terms(request)
    given: dict[str, tuple[str, ...]] = {
        name: (value[:_MOST_GIVEN],)
        for asked, name in GIVEN.items()
        if (value := terms.get(asked))
    }
    given.setdefault("order.line", ("1",))
    given.setdefault("order.paid.currency", (_currency(context),))
    return SentForm(given)


@post(FILING, sync_to_thread=True, opt=BUYER | TEXT_FORM, status_code=303)
def filing_step(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    form: NamedDependency[SentForm],
) -> Response[Any]:
    """Keep a step, and lead to the one that is asked for, or that has to be mended."""
    if form.get("go") == DROP:
        let_go(context, form)
        return Redirect(PATH, status_code=303)
    draft, at = FilingDraft(context, form), _number(form.get("step"))
    if at == 1:
        draft = draft.timed()
    # Of a form that was cut, which button it was is not known: something is wrong.
    is_ahead = form.was_cut or form.get("go") == "next"
    to = (
        at + 1
        if is_ahead
        else at
        if form.get("go") == STAY
        else _number(form.get("go"))
    )
    # Back one may go with anything typed; ahead only over what is right.
    judged = draft.judge(at) if to > at else None
    wrong = judged if judged and judged.faults else None
    step = (wrong.first_step or at) if wrong else min(to, LAST)
    key = keep(context, draft.form)
    if key is None:
        # Longer than what is kept: it is shown as it came, with what is wrong.
        return step_page(request, draft, step, wrong)
    address = step_address(key, step, checked=wrong is not None)
    return Redirect(address, status_code=303)


def step_page(
    request: Request[Any, Any, Any],
    draft: FilingDraft,
    step: int,
    judged: Judged | None,
    problem: ProblemDetails | None = None,
    *,
    key: UUID | None = None,
    is_gone: bool = False,
) -> Response[str]:
    """Return a step with what was typed; `judged`: with what is wrong.

    `key`: that of a filing of which nothing is kept yet. `is_gone`: it begins anew,
    since what the address names is kept no more.
    """
    context, rules = draft.context, draft.rules
    language, policy = context.language, rules.policy
    found = (judged or draft.judge(step - 1)).found if judged or step > 1 else None
    status = problem.status if problem else 400 if judged else 200
    is_new = request.method == "GET" and not draft.form.get("key")
    return page(
        request,
        "party/filing.html",
        status=status,
        here=FILING,
        step=step,
        is_gone=is_gone,
        begun_before=filings_begun(context) if is_new else (),
        form=draft.form,
        carried=_carried(draft.form, step),
        faults=judged.faults if judged else {},
        problem=problem,
        found=eligibility_shown(found, language) if found else None,
        there=_there(found),
        key=draft.form.get("key") or key or uuid4(),
        codes=rules.codes,
        policy=policy,
        filing_limit=str(policy.limits[LimitName.FILING]),
        code=lambda name, value: (
            code_words(name, value, rules.codes, language) or value
        ),
        code_in=lambda label: getattr(label, language),
        times=PageTimes(policy.zone, context.system.clock(), language),
        needs=_needs(draft),
        upload=UploadForm(fields=(), accepted=ACCEPTED, most=MOST_FILES),
        upload_limit=context.system.settings.upload_limit,
        paid=_paid(draft.form),
        claim=_review(draft) if step == LAST else "",
        again=chosen_names(draft.form),
    )


def _paid(form: SentForm) -> str:
    """Return what was paid for the order line, as pages print it."""
    currency = form.get("order.paid.currency")
    return typed_in_words(form.get("order.paid.amount"), currency)


def _carried(form: SentForm, step: int) -> list[tuple[str, str]]:
    """Return the fields of the other steps, each with its value."""
    names = (name for n, some in STEPS.items() if n != step for name in some)
    return [(name, value) for name in names for value in form.all(name)]


def _there(found: Foreseen | None) -> str:
    """Return where the case is that there is on the same issue; "" if there is none."""
    case = found and (found.duplicate or found.earlier)
    return f"{PATH}/{case}" if case else ""


def _needs(draft: FilingDraft) -> dict[str, Any]:
    """Return who proves first, by which rule, and what the buyer is asked for."""
    proof, reason = draft.rules.proof, draft.form.get("reason")
    if reason not in proof.reasons:
        return {}
    burden = proof.burden(reason)
    asked = proof.requirements(reason, Party.BUYER)
    return {
        "why": getattr(burden, draft.context.language),
        "required": asked.required,
        "one_of": asked.one_of,
    }


def _review(draft: FilingDraft) -> str:
    """Return the claim in words, for a last look; "" if it is none yet."""
    language, form = draft.context.language, draft.form
    remedy = draft.rules.codes.remedies.get(form.get("claim.kind"))
    if remedy is None:
        return ""
    said = str(getattr(remedy, language))
    amount, freight = form.get("claim.amount.amount"), form.get("claim.freight")
    if remedy.amount and amount:
        said += f" {typed_in_words(amount, form.get('order.paid.currency'))}"
    if remedy.freight and freight:
        party = say("parties", freight, language)
        said += say("lines", "freight", language, party=party)
    return said


def _currency(context: RequestContext) -> str:
    disputes = context.system.disputes
    rules = disputes.books.for_new(disputes.policy, disputes.clock())
    return rules.policy.currencies[0]


def _number(text: str | None) -> int:
    """Return the number of a step; the first one for anything else."""
    return int(text) if text and text in {str(n) for n in STEPS} else 1

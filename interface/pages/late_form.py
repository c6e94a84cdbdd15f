"""A form that came when its session was over: shown to who wrote it, to be sent on."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from litestar import Request, Response
from litestar.response import Redirect

from interface.bootstrap import System
from interface.pages.form_tokens import RESUMED, TOKEN, ForeignForm
from interface.pages.forms.chosen_files import chosen_names
from interface.pages.forms.sent_form import CUT, SentForm
from interface.pages.forms.typed_fields import typed_fields, typed_in
from interface.pages.page import page
from interface.pages.page_guards import HIDDEN, SessionNeeded
from interface.pages.page_language import language_of
from interface.pages.page_texts import page_words
from interface.pages.sealed_terms import sealed_address

SIGN_IN = "/sign-in"
UNAUTHENTICATED = 401
MOST_TAKEN = 200_000
"""Characters of a text that can be taken along as a file; more are only shown."""


def on_session_needed(
    request: Request[Any, Any, Any], error: SessionNeeded
) -> Response[Any]:
    """Lead to the page where one signs in, and from there back.

    What somebody has typed into a form is shown to them, and which files they chose, so
    that nothing is lost.
    """
    if typed_in(error.form, HIDDEN) or chosen_names(error.form):
        again = [(RESUMED, error.whose)] if error.whose else None
        return _kept(request, error.form, again, status=UNAUTHENTICATED)
    # What was sent is a page to return to only if it was asked for.
    where = sealed_address(request) if request.method == "GET" else ""
    asked = {"next": where} if where else {}
    if error.ended:
        asked["ended"] = "1"
    return Redirect(
        f"{SIGN_IN}?{urlencode(asked)}" if asked else SIGN_IN, status_code=303
    )


def on_foreign_form(
    request: Request[Any, Any, Any], error: ForeignForm
) -> Response[Any]:
    """Refuse a form whose token is not that of the session.

    Who has signed in anew since it was made is shown it, and can send it.
    """
    if error.form is not None and typed_in(error.form, HIDDEN):
        return _kept(request, error.form, [], status=403)
    return page(request, "error_form.html", status=403)


def _kept(
    request: Request[Any, Any, Any],
    form: SentForm,
    proof: list[tuple[str, str]] | None,
    *,
    status: int,
) -> Response[str]:
    """Show a form; `proof`: fields that let it be sent again, None if nobody may."""
    system: System = request.app.state.system
    language, codes = language_of(request), system.rulebooks.codes
    typed = typed_fields(request.url.path, typed_in(form, HIDDEN), codes, language)
    return page(
        request,
        "session_over.html",
        status=status,
        typed=typed,
        taken=_taken(typed, language),
        again=[] if proof is None else [*proof, *_again(form)],
        signed_in=status != UNAUTHENTICATED,
        brings_files=bool(request.route_handler.opt.get("upload")),
        chosen=chosen_names(form),
        form=form,
    )


def _again(form: SentForm) -> list[tuple[str, str]]:
    """Return the fields with which a form can be sent again after signing in."""
    fields = [(one, value) for one in form for value in form.all(one)]
    sent = [one for one in fields if one[0] not in {TOKEN, RESUMED}]
    # Sent again, it is still the text that was cut: nothing may be done by it.
    cut = [(CUT, form.cut_field)] if form.was_cut else []
    return [*cut, *sent]


def _taken(typed: tuple[tuple[str, str], ...], language: str) -> str:
    """Return the address of a file with all that was typed; "" if it is too long."""
    told = (page_words("case.fault", language, field=a, words=b) for a, b in typed)
    text = "\n\n".join(told)
    return f"data:text/plain;charset=utf-8,{quote(text)}" * (len(text) <= MOST_TAKEN)

"""The form that asks why somebody reads the record, once for each case."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from interface.api.recorded_reads import PURPOSE_FORM, only_by, unrecorded
from interface.api.routes.replay import AUDITORS
from interface.pages.forms.sent_form import SentForm
from interface.pages.page import page
from interface.pages.page_options import FORM, PAGE
from interface.pages.record.record_page import PATH, PLACES, PURPOSE_PATH
from interface.pages.sign_in.page_purposes import (
    LISTS,
    leave_purpose,
    purposes_of,
    what_is_read,
)
from interface.pages.sign_in.sign_in_page import way_back

ASKED = only_by(*AUDITORS) | unrecorded("it asks why, and shows nothing of the record")
MOST = 200


@get(PURPOSE_PATH, sync_to_thread=False, opt=ASKED | PAGE)
def purpose_form(request: Request[Any, Any, Any]) -> Response[str]:
    """Ask why what `next` leads to is read; what was said last is filled in."""
    back = way_back(request.query_params.get("next"))
    said = purposes_of(request)
    return _form(request, back, said.of(what_is_read(back)) or said.last)


@post(PURPOSE_PATH, status_code=303, sync_to_thread=False, opt=ASKED | FORM)
def say_purpose_of_reading(
    request: Request[Any, Any, Any], form: NamedDependency[SentForm]
) -> Response[Any]:
    """Keep a purpose for this session, and go on to what it was asked for."""
    back, why = way_back(form.get("next")), form.get("purpose").strip()
    if not PURPOSE_FORM.fullmatch(why):
        flaw = "missing" if not why else "too-long" if len(why) > MOST else "lines"
        return _form(request, back, why, flaw)
    leave_purpose(request, what_is_read(back), why)
    return Redirect(back or PATH, status_code=303)


def _form(
    request: Request[Any, Any, Any], back: str, typed: str, flaw: str = ""
) -> Response[str]:
    return page(
        request,
        "record/purpose.html",
        status=400 if flaw else 200,
        places=PLACES,
        back=back,
        typed=typed,
        flaw=flaw,
        most=MOST,
        is_case=what_is_read(back) != LISTS,
    )

"""A form that is only to be shown in the other language, with what was typed."""

from __future__ import annotations

from typing import Any

from litestar import Request

from interface.api.problems import ProblemDetails
from interface.pages.forms.action_form import Attempt
from interface.pages.forms.sent_form import SentForm
from interface.pages.page_language import language_of
from interface.pages.page_texts import page_words

ONLY, LANGUAGE = "only", "language"
"""The field that says so, and its value."""

SHOWN = 200


def is_language_change(form: SentForm) -> bool:
    """Tell whether a form is sent only to be shown in another language."""
    return form.get(ONLY) == LANGUAGE


def shown_again(request: Request[Any, Any, Any], path: str, form: SentForm) -> Attempt:
    """Return a form as it is shown again: nothing of it is done, and nothing wrong."""
    language, version = language_of(request), form.get("version")
    return Attempt(
        path=path,
        form=form,
        problem=ProblemDetails(
            type="about:blank",
            title=page_words("case.other-language", language),
            status=SHOWN,
        ),
        version=int(version) if version.isascii() and version.isdecimal() else None,
    )

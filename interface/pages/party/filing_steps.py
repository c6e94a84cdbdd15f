"""A filing that is kept between its steps: each step has an address of its own.

The address says which draft and which step, and nothing that was typed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from litestar import Request
from msgspec import Struct

from application.cases.filing_drafts import FilingDrafts, Texts, Writer
from interface.api.request_context import RequestContext
from interface.pages.form_tokens import RESUMED, TOKEN
from interface.pages.forms.sent_form import SentForm
from interface.pages.party.filing_draft import LAST, STEPS
from interface.pages.party.party_options import PATH

FILING = f"{PATH}/new"
_OF_ONE_PAGE = frozenset({TOKEN, RESUMED, "go", "step"})


_GIVEN = frozenset({"order.line", "order.paid.currency", "arrived"})
"""Fields that say something before anybody has typed."""


class FilingBegun(Struct, frozen=True, kw_only=True):
    """A filing that its writer can go on with; `title` is of the goods or the order."""

    key: UUID
    title: str
    saved_at: datetime
    address: str


def key_of(form: SentForm) -> UUID:
    """Return the key of a filing, which is that of its draft; a new one for none."""
    try:
        return UUID(form.get("key"))
    except ValueError:
        return uuid4()


def keep(context: RequestContext, form: SentForm) -> UUID | None:
    """Keep what was typed of a filing; return its key, None if it is not kept."""
    if form.was_cut:
        return None
    key = key_of(form)
    texts = {one: form.all(one) for one in form if one not in _OF_ONE_PAGE}
    texts["key"] = (str(key),)
    now = context.system.clock()
    saved = _drafts(context).save(_writer(context), key, texts, now)
    return key if saved else None


def kept(request: Request[Any, Any, Any], context: RequestContext) -> SentForm | None:
    """Return the filing that the address names; None if it is kept no more."""
    try:
        key = UUID(request.query_params.get("draft", ""))
    except ValueError:
        return None
    found = _drafts(context).find(_writer(context), key)
    return None if found is None else SentForm(dict(found))


def let_go(context: RequestContext, form: SentForm) -> None:
    """Delete the draft of a filing that has become a case."""
    _drafts(context).drop(_writer(context), key_of(form))


def filings_begun(context: RequestContext) -> tuple[FilingBegun, ...]:
    """Return what the caller has begun and not filed, the last written first."""
    return tuple(
        FilingBegun(
            key=one.draft,
            title=_first(one.texts, "order.snapshot.title", "order.id"),
            saved_at=one.saved_at,
            address=step_address(one.draft, _reached(one.texts)),
        )
        for one in _drafts(context).all(_writer(context), context.system.clock())
    )


def _first(texts: Texts, *names: str) -> str:
    said = (one.strip() for name in names for one in texts.get(name, ()))
    return next(filter(None, said), "")


def _reached(texts: Texts) -> int:
    """Return the step after the last one of which something was said."""
    said = (n for n, names in STEPS.items() if _first(texts, *_of_its_own(names)))
    return min(max(said, default=0) + 1, LAST)


def _of_its_own(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in names if one not in _GIVEN)


def step_address(key: UUID, step: int, *, checked: bool = False) -> str:
    """Return the address of a step; `checked`: with what is wrong in it."""
    said = {"draft": str(key), "step": str(step)}
    return f"{FILING}?{urlencode(said | ({'checked': '1'} if checked else {}))}"


def _writer(context: RequestContext) -> Writer:
    return Writer(context.caller.platform or "", context.caller.subject)


def _drafts(context: RequestContext) -> FilingDrafts:
    return FilingDrafts(context.system.database, context.system.keys)

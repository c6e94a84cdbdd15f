"""A filing that is kept between its steps: each step has an address of its own.

The address says which draft and which step, and nothing that was typed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID, uuid4

from litestar import Request
from msgspec import Struct
from msgspec.structs import replace

from application.cases.filing_drafts import FilingDrafts, Texts, Writer
from interface.api.request_context import RequestContext
from interface.pages.form_tokens import RESUMED, TOKEN
from interface.pages.forms.sent_form import SentForm
from interface.pages.party.filing_draft import LAST, STEPS
from interface.pages.party.party_options import PATH

FILING = f"{PATH}/new"
DRAFT, BEGIN = "draft", "begin"
"""What an address says of a filing that is kept, and of one that begins."""

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
    """Return the filing that the address names; None if it is not kept, or no more."""
    key = _key_in(request, DRAFT) or _key_in(request, BEGIN)
    found = None if key is None else _drafts(context).find(_writer(context), key)
    return None if found is None else SentForm(dict(found))


def begun_key(request: Request[Any, Any, Any], context: RequestContext) -> UUID | None:
    """Return the key of a filing of which nothing is kept yet, by its address.

    None if that names no key, or one under which a case has been filed.
    """
    key = _key_in(request, BEGIN)
    if key is None:
        return None
    keyed = replace(context, headers={"idempotency-key": str(key)})
    used = context.system.disputes.record.key_use(keyed.command_id())
    return key if used is None else None


def beginning(request: Request[Any, Any, Any]) -> str:
    """Return the address of the first step of a filing that begins.

    It has the filing's key: whoever goes back to it finds what was typed there.
    """
    asked = parse_qsl(request.url.query, keep_blank_values=True)
    given = [one for one in asked if one[0] != BEGIN]
    return f"{FILING}?{urlencode([*given, (BEGIN, str(uuid4()))])}"


def _key_in(request: Request[Any, Any, Any], name: str) -> UUID | None:
    try:
        return UUID(request.query_params.get(name, ""))
    except ValueError:
        return None


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
    said = {DRAFT: str(key), "step": str(step)}
    return f"{FILING}?{urlencode(said | ({'checked': '1'} if checked else {}))}"


def _writer(context: RequestContext) -> Writer:
    return Writer(context.caller.platform or "", context.caller.subject)


def _drafts(context: RequestContext) -> FilingDrafts:
    return FilingDrafts(context.system.database, context.system.keys)

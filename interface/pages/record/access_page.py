"""The access log: who read what, when and why, the latest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from application.access.access_log import Sought
from application.texts import say
from domain.access_events import CaseViewed
from domain.roles import Role
from interface.api.cursors import list_named, opened
from interface.api.parameters import name_of, one_of
from interface.api.problems import Failure
from interface.api.recorded_reads import Read
from interface.api.request_context import RequestContext
from interface.api.routes.access import RECORDED, AccessPage, access_page
from interface.pages.forms.sent_form import SentForm
from interface.pages.page_texts import page_words
from interface.pages.record.case_names import case_named, numbers
from interface.pages.record.record_page import PATH, SEARCHED, record_of, record_page
from interface.pages.record.typed_times import typed_time
from interface.pages.sealed_terms import (
    Sealer,
    Terms,
    asked_terms,
    sealer_of,
    search_posted,
)

ACCESSES = f"{PATH}/accesses"
TERMS = Terms("accesses", frozenset({"reader"}))
NAMES = ("what", "dispute", "reader", "role", "since", "until")
READERS = (Role.AUDITOR, Role.REGULATOR, Role.SUPERVISOR)
ROWS = 50


class BadSearch(Exception):
    """Filters that say nothing, by their names."""

    def __init__(self, names: set[str]) -> None:
        super().__init__("bad search")
        self.names = names


@post(ACCESSES, status_code=303, sync_to_thread=False, opt=SEARCHED)
def search_accesses(
    request: Request[Any, Any, Any], form: NamedDependency[SentForm]
) -> Redirect:
    """Lead to the reads that are searched for; the address says nobody's name."""
    return search_posted(request, form, TERMS, ACCESSES)


@get(
    ACCESSES,
    sync_to_thread=True,
    opt=TERMS.opt
    | record_of(Read.ACCESS_LOG)
    | {"watched": frozenset({Role.SUPERVISOR})},
)
def access_log_page(
    request: Request[Any, Any, Any], context: NamedDependency[RequestContext]
) -> Response[str]:
    """List who has read what."""
    terms, sealer = asked_terms(request), sealer_of(request)
    texts = {one: terms.get(one, "").strip() for one in NAMES}
    given = {name: text for name, text in texts.items() if text}
    cursor, names = request.query_params.get("cursor"), set[str]()
    try:
        found = _found(context, given, cursor)
    except BadSearch as bad:
        names = bad.names
        given = {one: text for one, text in given.items() if one not in names}
        found = _found(context, given, None)
    return record_page(
        request,
        context,
        "accesses.html",
        status=400 if names else 200,
        texts=texts,
        flaws={
            name: page_words(f"record.flaw-{name}", context.language) for name in names
        },
        found=found.items,
        choices=_choices(context.language),
        numbers=numbers(
            context,
            (
                one.event.case
                for one in found.items
                if isinstance(one.event, CaseViewed) and one.event.case
            ),
        ),
        is_later=cursor is not None,
        again=_address(sealer, given),
        next=_address(sealer, given | {"cursor": found.next}) if found.next else None,
        tag_of=lambda event: str(event.__struct_config__.tag),
    )


def _found(
    context: RequestContext, given: Mapping[str, str], cursor: str | None
) -> AccessPage:
    """Return what meets the filters. Raises BadSearch."""
    whose = f"{context.caller.platform or ''} {context.caller.subject}"
    begins = opened(cursor, int, list_named(ACCESSES, urlencode(given), whose))
    return access_page(context, _sought(context, given), ROWS, begins)


def _address(sealer: Sealer, given: Mapping[str, str]) -> str:
    query = sealer.sealed(TERMS, given.items())
    return f"{ACCESSES}?{query}" if query else ACCESSES


def _sought(context: RequestContext, given: Mapping[str, str]) -> Sought:
    """Return what is sought. Raises BadSearch with every filter that says nothing."""
    zone = context.system.zone
    readers: dict[str, Callable[[str], Any]] = {
        "what": lambda text: one_of("what", text, RECORDED),
        "role": lambda text: one_of("role", text, tuple(Role)),
        "reader": lambda text: name_of("reader", text),
        "dispute": lambda text: case_named(context, text),
        "since": lambda text: typed_time(text, zone),
        "until": lambda text: typed_time(text, zone, ends=True),
    }
    values, wrong = dict[str, Any](), set[str]()
    for name, text in given.items():
        try:
            values[name] = readers[name](text)
        except (ValueError, Failure):
            wrong.add(name)
    if wrong:
        raise BadSearch(wrong)
    case = values.pop("dispute", None)
    return Sought(platform=context.caller.platform, case_id=case, **values)


def _choices(language: str) -> dict[str, list[tuple[str, str]]]:
    return {
        "what": [(str(one), page_words(f"reads.{one}", language)) for one in RECORDED],
        "role": [(str(one), say("roles", one, language)) for one in READERS],
    }

"""What every page of the record has: why it is read, and the entry that says so."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response

from application.access.access_log import Entry
from interface.api.recorded_reads import Read, only_by, read_of, unrecorded
from interface.api.request_context import RequestContext
from interface.api.routes.replay import AUDITORS
from interface.pages.page import page
from interface.pages.page_options import FORM, PAGE
from interface.pages.page_times import PageTimes
from interface.pages.sign_in.page_purposes import purposes_of, what_is_read

PATH = "/record"
PURPOSE_PATH = f"{PATH}/purpose"
CASE = f"{PATH}/cases/{{dispute_id:uuid}}"

PLACES = (
    ("search", PATH),
    ("samples", f"{PATH}/samples"),
    ("holds", f"{PATH}/holds"),
    ("accesses", f"{PATH}/accesses"),
    ("grants", f"{PATH}/grants"),
    ("erasures", f"{PATH}/erasures"),
)
"""The pages of the record, by their names in the texts."""


SEARCHED = (
    only_by(*AUDITORS)
    | unrecorded("it leads to what is searched for, and shows nothing of the record")
    | FORM
)
"""The options of a route that takes a search, and leads to its address."""


def record_of(what: Read) -> dict[str, Any]:
    """Return a route's options: which read of the API the page stands for."""
    return read_of(what, by=AUDITORS) | PAGE


def record_page(
    request: Request[Any, Any, Any],
    context: RequestContext,
    template: str,
    **values: Any,
) -> Response[str]:
    """Return a page of the record, with the purpose that its reader has said."""
    system = context.system
    path = str(values.get("here") or request.url.path)
    query = f"?{request.url.query}" if request.url.query else ""
    entry: Entry | None = request.scope["state"].get("access_entry")
    return page(
        request,
        f"record/{template}",
        places=PLACES,
        purpose=purposes_of(request).of(what_is_read(path)),
        purpose_link=f"{PURPOSE_PATH}?{urlencode({'next': f'{path}{query}'})}",
        access_entry=entry,
        times=PageTimes(system.zone, system.clock(), context.language),
        **values,
    )

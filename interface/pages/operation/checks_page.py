"""What the doctor asks beyond health, made when the operator asks for it."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from application.record.row_scope import Beyond, beyond
from domain.refusals import NotAllowed
from interface.api.bulkheads import Work, work
from interface.api.request_context import RequestContext
from interface.pages.operation.named_parts import part_words
from interface.pages.operation.operation_page import OPERATION, PATH, check_reader
from interface.pages.page import page
from interface.pages.page_times import PageTimes
from interface.setup.doctor_checks import doctor_findings, is_well
from interface.setup.production_checks import NOTE


class CheckRow(Struct, frozen=True, kw_only=True):
    """A check by its name: how it ended, as a tone and a word, and its own words."""

    name: str
    tone: str
    word: str
    said: str


@get(f"{PATH}/checks", sync_to_thread=True, opt=OPERATION | work(Work.BUNDLE))
def checks_page(
    request: Request[Any, Any, Any], context: NamedDependency[RequestContext]
) -> Response[str]:
    """Make the checks, and show what each of them found; only operators may.

    They name files, keys and servers, which no other reader of this page is shown.
    """
    if not check_reader(context):
        raise NotAllowed(role=context.caller.role)
    system = context.system
    production = not system.settings.is_development
    with beyond(Beyond.OPERATION):
        found = [*doctor_findings(system, production=production)]
    rows = [_row(name, said) for name, said in found]
    return page(
        request,
        "operation/checks.html",
        here=PATH,
        rows=sorted(rows, key=lambda one: one.word != "wrong"),
        wrong=sum(one.word == "wrong" for one in rows),
        part_words=partial(part_words, language=context.language),
        times=PageTimes(system.zone, system.clock(), context.language),
    )


def _row(name: str, said: str) -> CheckRow:
    if not is_well(said):
        return CheckRow(name=name, tone="late", word="wrong", said=said)
    if said.startswith(NOTE):
        return CheckRow(name=name, tone="run", word="note", said=said[len(NOTE) :])
    return CheckRow(name=name, tone="done", word="well", said=said.partition("; ")[2])

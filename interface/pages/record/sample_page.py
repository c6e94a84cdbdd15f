"""Samples: cases drawn at random, so that anybody can draw the same ones again."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Stream
from msgspec import Struct
from msgspec.structs import replace

from application.bundle.bundle_set import MOST_CASES
from application.bundle.maker import BundleRequest
from interface.api.bulkheads import Work, work
from interface.api.problems import Failure
from interface.api.read_your_writes import shows
from interface.api.recorded_reads import WATCHED, Read, only_by, unrecorded
from interface.api.request_context import RequestContext
from interface.api.responses.case_list import CaseListed
from interface.api.responses.case_sample import sampled
from interface.api.routes.bundles import bundle_set
from interface.api.routes.replay import AUDITORS
from interface.pages.forms.sent_form import SentForm
from interface.pages.page_options import PAGE
from interface.pages.page_texts import page_words
from interface.pages.record.known_platforms import known_platforms
from interface.pages.record.record_page import PATH, SEARCHED, record_of, record_page
from interface.pages.record.sample_draw import (
    MOST_SEED,
    TERMS,
    USUAL,
    BadDraw,
    Draw,
    draw_of,
    new_seed,
)
from interface.pages.sealed_terms import (
    Sealer,
    asked_terms,
    sealer_of,
    search_posted,
)
from interface.pages.sign_in.page_purposes import (
    LISTS,
    PurposeNeeded,
    header_of,
    purposes_of,
)
from projections.queue.case_search import drawn_from, ids_drawn_from
from projections.queue.queue_view import QUEUE


class SampledCase(Struct, frozen=True):
    """A case of a sample, and the lot (hex) by which it was drawn."""

    case: CaseListed
    lot: str


class Sample(Struct, frozen=True, kw_only=True):
    """What was drawn, of how many cases, and the digest (hex) of the ids of all."""

    size: int
    digest: str
    cases: tuple[SampledCase, ...]


SAMPLES = f"{PATH}/samples"
DRAWN = record_of(Read.SEARCH) | shows(QUEUE) | TERMS.opt
LIST_NAME = 'attachment; filename="population.txt"'


@post(SAMPLES, status_code=303, sync_to_thread=False, opt=SEARCHED)
def draw_sample(
    request: Request[Any, Any, Any], form: NamedDependency[SentForm]
) -> Redirect:
    """Lead to the sample that is asked for; the address says nobody's name."""
    return search_posted(request, form, TERMS, SAMPLES, always=frozenset({"seed"}))


@get(SAMPLES, sync_to_thread=True, opt=DRAWN)
def sample_page(
    request: Request[Any, Any, Any], context: NamedDependency[RequestContext]
) -> Response[str]:
    """Draw a sample, or show what can be drawn from."""
    asked = asked_terms(request)
    if "seed" not in asked:
        known = known_platforms(context)
        only = {"platform": known[0]} if len(known) == 1 else {}
        texts = {"count": USUAL, "seed": new_seed()} | only | dict(asked)
        return _page(request, context, texts, {}, None, None)
    try:
        draw = draw_of(context, asked)
    except BadDraw as bad:
        return _page(request, context, bad.texts, bad.flaws, None, None)
    return _page(request, context, draw.texts, {}, draw, _sample(context, draw))


@get(
    f"{SAMPLES}/population.txt",
    sync_to_thread=True,
    opt=DRAWN,
)
def sample_population(
    request: Request[Any, Any, Any], context: NamedDependency[RequestContext]
) -> Response[str]:
    """Return the ids of all cases that a sample is drawn from, one a line."""
    draw = _drawn(request, context)
    with context.system.database.get_connection() as connection:
        ids = ids_drawn_from(connection, draw.filters)
    headers = {"Content-Disposition": LIST_NAME, "Cache-Control": "no-store"}
    lines = "".join(f"{one}\n" for one in ids)
    return Response(lines, media_type="text/plain", headers=headers)


@get(
    f"{SAMPLES}/bundles",
    sync_to_thread=True,
    opt=only_by(*AUDITORS)
    | PAGE
    | unrecorded("each of its cases is recorded by itself")
    | work(Work.BUNDLE)
    | TERMS.opt,
)
def sample_bundles(
    request: Request[Any, Any, Any], context: NamedDependency[RequestContext]
) -> Stream:
    """Return the bundles of a sample in one file; each case is recorded as read."""
    why = purposes_of(request).of(LISTS)
    if not why and context.caller.role in WATCHED:
        raise PurposeNeeded
    draw = _drawn(request, context)
    drawn = sampled(context, draw.filters, draw.count, draw.seed).items
    if not drawn:
        raise Failure("not-found")
    asked = BundleRequest(reader=context.actor)
    named = replace(context, headers=header_of(why))
    return bundle_set(named, [one.id for one in drawn], asked)


def _sample(context: RequestContext, draw: Draw) -> Sample:
    while True:
        found = sampled(context, draw.filters, draw.count, draw.seed)
        with context.system.database.get_connection() as connection:
            size, digest = drawn_from(connection, draw.filters)
        # Cases are filed and never taken away: as many are the same ones. A case that
        # came in between is of the draw or of the digest alone.
        if found.sample is not None and size == found.sample.population:
            break
    lots = (sha256(f"{draw.seed}:{one.id}".encode()).hexdigest() for one in found.items)
    cases = tuple(map(SampledCase, found.items, lots))
    return Sample(size=size, digest=digest, cases=cases)


def _drawn(request: Request[Any, Any, Any], context: RequestContext) -> Draw:
    try:
        return draw_of(context, asked_terms(request))
    except BadDraw:
        raise Failure("not-found") from None


def _page(
    request: Request[Any, Any, Any],
    context: RequestContext,
    texts: dict[str, str],
    flaws: dict[str, str],
    draw: Draw | None,
    found: Sample | None,
) -> Response[str]:
    language, sealer = context.language, sealer_of(request)
    return record_page(
        request,
        context,
        "samples.html",
        status=400 if flaws else 200,
        texts=texts,
        flaws={
            name: page_words(
                f"sample.flaw-{code}", language, most=MOST_CASES, seed=MOST_SEED
            )
            for name, code in flaws.items()
        },
        names_platform=context.caller.platform is None,
        platforms=known_platforms(context),
        draw=draw,
        found=found,
        most=MOST_CASES,
        query=draw.query(sealer) if draw else "",
        new=f"{SAMPLES}?{_again(texts, sealer)}",
    )


def _again(texts: dict[str, str], sealer: Sealer) -> str:
    """Return the query of the same population with a seed that is new."""
    kept = {name: text for name, text in texts.items() if text and name != "seed"}
    return sealer.sealed(TERMS, kept.items())

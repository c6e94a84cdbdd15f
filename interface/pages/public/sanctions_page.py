"""The register of sanctions as a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.di import NamedDependency

from interface.api.cursors import list_named, opened, page
from interface.api.parameters import name_of
from interface.api.read_your_writes import shows
from interface.api.routes.sellers import SanctionsPage, place_of, public_sanction
from interface.api.tenancy import asked_platform
from interface.bootstrap import System
from interface.pages.page_options import public_page
from interface.pages.public.public_page import public_page_of
from projections.sanctions import (
    SANCTIONS,
    Place,
    SanctionRow,
    published,
    published_platforms,
)

A_PAGE = 50


@get(
    "/sanctions",
    sync_to_thread=True,
    opt=public_page("the standard has sanctions published") | shows(SANCTIONS),
)
def sanctions_page(
    request: Request[Any, Any, Any], system: NamedDependency[System]
) -> Response[str]:
    """List published sanctions, the latest first; a shop is asked for by its id."""
    asked = request.query_params
    shop = name_of("seller", asked.get("seller")) or None
    if shop and not asked.get("platform"):
        return _page(request, [], None, unplaced=True)
    where = asked_platform(None, asked.get("platform") or None, seller=shop)
    kept = {name: asked[name] for name in ("platform", "seller") if asked.get(name)}
    # Of this list whatever language it is shown in: a cursor holds for both.
    listed = list_named(request.url.path, urlencode(kept))

    def rows(after: Place | None, many: int) -> Sequence[SanctionRow]:
        with system.database.get_connection() as connection:
            return published(
                connection, limit=many, after=after, platform=where, seller=shop
            )

    found = page(
        SanctionsPage,
        rows,
        lambda row: public_sanction(row, system.rulebooks.codes),
        place_of,
        A_PAGE,
        opened(asked.get("cursor") or None, Place, listed),
    )
    following = urlencode(kept | {"cursor": found.next}) if found.next else None
    known: Sequence[str] = ()
    if where and not found.items:
        with system.database.get_connection() as connection:
            known = published_platforms(connection, A_PAGE)
    unknown = bool(where) and not found.items and where not in known
    return _page(request, found.items, following, unknown=unknown, known=known)


def _page(
    request: Request[Any, Any, Any],
    items: Sequence[object],
    following: str | None,
    *,
    unplaced: bool = False,
    unknown: bool = False,
    known: Sequence[str] = (),
) -> Response[str]:
    """Return the page. `unplaced`: the id of a shop is asked for, and no platform.

    `unknown`: nothing was ever published of the platform; it was of those `known`.
    """
    asked = request.query_params
    return public_page_of(
        request,
        "sanctions.html",
        items=items,
        following=following,
        platform=asked.get("platform", ""),
        seller=asked.get("seller", ""),
        status=400 if unknown else 200,
        unplaced=unplaced,
        unknown=unknown,
        known=known,
    )

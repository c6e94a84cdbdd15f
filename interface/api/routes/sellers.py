"""Sellers: their standing with its history, and the public register of sanctions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from msgspec import Struct

from application.jobs.seller_standing import StandingRecorded, history, standing_of
from application.texts import LANGUAGES, say
from domain.names import same
from domain.policy.codes import Codes
from domain.refusals import NotAllowed
from domain.roles import READERS, Role
from domain.standing import FaultRecorded, FaultReversed, Standing
from interface.api.cursors import Page, list_named, opened, page
from interface.api.openapi.operations import READ_PROBLEMS, Reading, answering
from interface.api.openapi.oversight_examples import STANDING
from interface.api.openapi.text_forms import Cursor
from interface.api.parameters import name_of
from interface.api.read_your_writes import shows
from interface.api.recorded_reads import Read, public, read_of
from interface.api.request_context import RequestContext
from interface.api.tenancy import asked_platform, recorded_platform
from interface.bootstrap import System
from projections.sanctions import SANCTIONS, Place, SanctionRow, published


class ChangeShown(Struct, frozen=True, kw_only=True):
    """A change of a standing: which, by which case, since when."""

    type: str
    dispute: UUID
    because: str
    at: datetime
    points: int | None
    words: str


class StandingShown(Struct, frozen=True, kw_only=True):
    """What counts against a seller now, and how it came to be."""

    seller: str
    points: int
    faults: dict[str, int]
    sanctions: tuple[str, ...]
    history: tuple[ChangeShown, ...]
    words: str


class SanctionPublic(Struct, frozen=True, kw_only=True):
    """A sanction as the public sees it. `lifted_at`: its published end (UTC)."""

    shop: str
    platform: str
    kind: str
    breach: str
    measure: str
    imposed_at: datetime | None
    published_at: datetime | None
    lifted_at: datetime | None
    words: dict[str, str]


class SanctionsPage(Page[SanctionPublic], frozen=True, kw_only=True):
    """One page of the register of sanctions."""


class SellersController(Controller):
    """For sellers themselves, staff, auditors, and the public."""

    path = "/v1"
    tags = ("sellers",)

    @get(
        "/sellers/{seller:str}/standing",
        operation_class=answering(Reading, STANDING),
        responses=READ_PROBLEMS,
        operation_id="readStanding",
        summary="Read a seller's standing",
        sync_to_thread=True,
        opt=read_of(Read.STANDING),
    )
    def standing(
        self,
        context: NamedDependency[RequestContext],
        seller: FromPath[str],
        platform: FromQuery[str | None] = None,
    ) -> StandingShown:
        """Return points and sanctions with every change; reversals are changes too.

        `platform` is for those who see all platforms.
        """
        seller = name_of("seller", seller) or ""
        context = _reader(context, seller)
        where = recorded_platform(context, platform, seller=seller)
        events = history(context.system.record, where or "", seller)
        now, codes = standing_of(events), context.system.rulebooks.codes
        return StandingShown(
            seller=seller,
            points=now.points,
            faults={str(case): points for case, points in now.faults.items()},
            sanctions=tuple(now.sanctions.values()),
            history=tuple(_changed(one, context.language) for one in events),
            words=_standing_words(now, codes, context.language),
        )

    @get(
        "/sanctions",
        operation_id="listSanctions",
        summary="The register of sanctions",
        sync_to_thread=True,
        opt=public("the standard has sanctions published") | shows(SANCTIONS),
    )
    def register(
        self,
        request: Request[Any, Any, Any],
        system: NamedDependency[System],
        seller: FromQuery[str | None] = None,
        platform: FromQuery[str | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
        cursor: Cursor = None,
    ) -> SanctionsPage:
        """List published sanctions, the latest first, with their ends. Public.

        `seller` takes the `platform` as well, on which that id is the seller's.
        """
        listed = list_named(request.url.path, request.url.query)
        shop = name_of("seller", seller) or None
        where = asked_platform(None, platform, seller=shop)

        def rows(after: Place | None, many: int) -> Sequence[SanctionRow]:
            with system.database.get_connection() as connection:
                return published(
                    connection,
                    limit=many,
                    after=after,
                    platform=where,
                    seller=shop,
                )

        return page(
            SanctionsPage,
            rows,
            lambda row: public_sanction(row, system.rulebooks.codes),
            place_of,
            limit,
            opened(cursor, Place, listed),
        )


def _reader(context: RequestContext, seller: str) -> RequestContext:
    own = context.caller.role is Role.SELLER and same(context.caller.subject, seller)
    if not own and context.caller.role not in READERS:
        raise NotAllowed(role=context.caller.role)
    return context


def _standing_words(now: Standing, codes: Codes, language: str) -> str:
    """Say in a sentence what counts against a seller now."""
    between = say("lists", "between", language)
    kinds = (codes.sanctions.get(one) for one in now.sanctions.values())
    named = between.join(getattr(one, language) for one in kinds if one is not None)
    if not now.points and not named:
        return say("standing", "clear", language)
    code = "points-and-sanctions" if named else "points"
    return say("standing", code, language, points=str(now.points), sanctions=named)


def _changed(recorded: StandingRecorded, language: str) -> ChangeShown:
    event = recorded.event
    points = event.points if isinstance(event, FaultRecorded | FaultReversed) else None
    return ChangeShown(
        type=str(event.__struct_config__.tag),
        dispute=event.dispute,
        because=event.because,
        at=recorded.at,
        points=points,
        words=say(
            "standing",
            str(event.__struct_config__.tag),
            language,
            why=say("standing_causes", event.because, language),
            points=str(points or 0),
        ),
    )


def place_of(row: SanctionRow) -> Place:
    """Return by what a published sanction is sorted."""
    # The query leaves out the others; the type does not know.
    if row.published_at is None:
        raise LookupError("only published sanctions are listed")
    return row.published_at, row.case_id, row.number


def public_sanction(row: SanctionRow, codes: Codes) -> SanctionPublic:
    """Return a published sanction as everyone may see it."""
    kind, breach = codes.sanctions.get(row.kind), codes.breaches.get(row.breach)
    return SanctionPublic(
        shop=row.seller,
        platform=row.platform,
        kind=row.kind,
        breach=row.breach,
        measure=row.measure,
        imposed_at=row.imposed_at,
        published_at=row.published_at,
        # 4.4: the end of a sanction becomes public when it is published.
        lifted_at=row.lifted_at if row.end_published_at else None,
        words={
            language: say(
                "standing",
                "sanction",
                language,
                kind=getattr(kind, language) if kind else row.kind,
                breach=getattr(breach, language) if breach else row.breach,
            )
            for language in LANGUAGES
        },
    )

"""The rules that decisions cite, for everyone to read."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from msgspec import Struct

from domain.policy.regulation import Bilingual, Provision, Regulation, of_case
from domain.ruling.reasons import RuleCited
from interface.api.cursors import Page
from interface.api.openapi.operations import problems
from interface.api.parameters import one_of
from interface.api.problems import Failure
from interface.api.recorded_reads import public
from interface.bootstrap import System

PUBLIC = public("the rules that decide are public")


class RegulationListed(Struct, frozen=True, kw_only=True):
    """Rules in a list: their title, since when and until when they are in force."""

    id: str
    version: str
    title: Bilingual
    in_force_from: date
    in_force_until: date | None
    href: str


class RegulationsPage(Page[RegulationListed], frozen=True, kw_only=True):
    """All rules that may be cited; there is one page of them."""


class ArticleShown(Struct, frozen=True, kw_only=True):
    """An article, and how a decision cites it: `rule` is what a reason holds.

    `reconstructed`: its source lacks it; it was written after what platforms publish.
    """

    rule: RuleCited
    number: Bilingual
    title: Bilingual
    text: Bilingual
    reconstructed: bool


class RegulationShown(RegulationListed, frozen=True, kw_only=True):
    """Rules with all their articles."""

    articles: tuple[ArticleShown, ...]


class RegulationsController(Controller):
    """Rules in articles: what a decision may rest on, in zh and en."""

    path = "/v1/rules"
    tags = ("public",)

    @get(
        operation_id="listRules",
        summary="The rules that decisions cite",
        responses=problems(400),
        sync_to_thread=False,
        opt=PUBLIC,
    )
    def listed(
        self,
        system: NamedDependency[System],
        in_force_on: FromQuery[
            Annotated[
                date | None,
                QueryParameter(
                    description="Only what a case that is filed on this day may cite."
                ),
            ]
        ] = None,
        policy: FromQuery[
            Annotated[
                str | None,
                QueryParameter(
                    description="Of a case under this policy profile: its rules of"
                    " proof, and what is in force on the day, or today."
                ),
            ]
        ] = None,
    ) -> RegulationsPage:
        """Return every version that may be cited, or those of one case. Public."""
        found = system.rulebooks.regulations.citable
        if in_force_on is not None or policy is not None:
            books, now = system.rulebooks, system.clock()
            named = one_of("policy", policy, books.ids) or system.disputes.policy
            book = books.for_new(named, now)
            day = in_force_on or book.calendar.day(now)
            found = of_case(found, book.proof, day)
        return RegulationsPage(items=tuple(map(_listed, found)), next=None)

    @get(
        "/{name:str}/{version:int}",
        operation_id="readRules",
        summary="Rules in articles",
        responses=problems(404),
        sync_to_thread=False,
        opt=PUBLIC,
    )
    def read(
        self,
        system: NamedDependency[System],
        name: FromPath[str],
        version: FromPath[int],
    ) -> RegulationShown:
        """Return every article with its title and text in zh and en. Public.

        Rules that may no longer be cited stay readable: older decisions name them.
        """
        found = system.rulebooks.regulations.known.get(f"{name}/{version}")
        if found is None:
            raise Failure("no-such-page")
        articles = (
            _article(found, cited, one) for cited, one in found.articles.items()
        )
        return RegulationShown(articles=tuple(articles), **_fields(found))


def _listed(found: Regulation) -> RegulationListed:
    return RegulationListed(**_fields(found))


def _fields(found: Regulation) -> dict[str, Any]:
    return {
        "id": found.name,
        "version": str(found.version),
        "title": found.title,
        "in_force_from": found.in_force_from,
        "in_force_until": found.in_force_until,
        "href": f"/v1/rules/{found.id}",
    }


def _article(found: Regulation, cited: str, one: Provision) -> ArticleShown:
    return ArticleShown(
        rule=RuleCited(id=found.name, version=str(found.version), article=cited),
        number=one.number,
        title=one.title,
        text=one.text,
        reconstructed=one.reconstructed,
    )

"""The policy profiles, for everyone to read."""

from __future__ import annotations

from datetime import date

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from interface.api.cursors import Page, whole
from interface.api.openapi.operations import problems
from interface.api.problems import Failure
from interface.api.recorded_reads import public
from interface.api.responses.policy_profile import PolicyShown, shown
from interface.bootstrap import System


class PolicyListed(Struct, frozen=True, kw_only=True):
    """A profile in a list. `for_new_cases`: cases that are filed now get it."""

    id: str
    in_force_from: date
    for_new_cases: bool
    href: str


class PoliciesPage(Page[PolicyListed], frozen=True, kw_only=True):
    """The profiles."""


class PoliciesController(Controller):
    """Limits and what silence leads to, as everyone may know them in advance."""

    path = "/v1/policies"
    tags = ("public",)

    @get(
        summary="All policy profiles",
        sync_to_thread=False,
        opt=public("the rules in force are public"),
    )
    def listed(self, system: NamedDependency[System]) -> PoliciesPage:
        """Return every profile in every version; one of them new cases get. Public."""
        disputes = system.disputes
        chosen = disputes.books.for_new(disputes.policy, system.clock()).policy.id
        listed = tuple(
            PolicyListed(
                id=policy_id,
                in_force_from=disputes.books[policy_id].policy.in_force_from,
                for_new_cases=policy_id == chosen,
                href=f"/v1/policies/{policy_id}",
            )
            for policy_id in disputes.books.ids
        )
        return whole(PoliciesPage, listed)

    @get(
        "/{name:str}/{version:int}",
        summary="A policy profile",
        responses=problems(404),
        sync_to_thread=False,
        opt=public("the rules in force are public"),
    )
    def read(
        self,
        system: NamedDependency[System],
        name: FromPath[str],
        version: FromPath[int],
    ) -> PolicyShown:
        """Return the limits with their clocks, and what silence leads to. Public.

        Working days are counted by `calendar_edition`, with what was added to it.
        """
        try:
            books = system.rulebooks
            book = books[f"{name}/{version}"]
        except KeyError:
            raise Failure("no-such-page") from None
        return shown(book, books.additions(book.policy.calendar))

"""The rules in force: limits, silences and clocks, and what two profiles differ in."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from interface.api.problems import Failure
from interface.api.responses.policy_profile import PolicyShown, shown
from interface.bootstrap import System
from interface.pages.page_options import public_page
from interface.pages.public.public_page import public_page_of, wording_of
from interface.pages.public.rule_rows import rule_differences, rule_rows

PUBLIC = public_page("the rules in force are public")
CHOSEN = ("policy", "against")
"""The fields of the form: the profile that is shown, and one to compare it with."""

SECTIONS = ("limits", "silences", "others")


@get("/rules", sync_to_thread=False, opt=PUBLIC)
def rules_page(
    request: Request[Any, Any, Any], system: NamedDependency[System]
) -> Response[str]:
    """Show the profile that cases filed now get, or the one in the address.

    One that there is not is told where it is chosen, and no other shown in its place.
    """
    books, disputes = system.rulebooks, system.disputes
    chosen = books.for_new(disputes.policy, system.clock()).policy.id
    asked = {name: request.query_params.get(name, "") for name in CHOSEN}
    unknown = {name: one for name, one in asked.items() if one and one not in books.ids}
    known = {name: "" if name in unknown else one for name, one in asked.items()}
    policy, against = _profile(system, known["policy"] or chosen), known["against"]
    words = wording_of(request)
    rows = rule_rows(policy, words)
    other = _profile(system, against) if against else None
    return public_page_of(
        request,
        "rules.html",
        status=400 if unknown else 200,
        policy=policy,
        policy_id=policy.id,
        is_chosen=policy.id == chosen,
        ids=[(one, one) for one in books.ids],
        against=against,
        unknown=unknown,
        sections={
            section: [one for one in rows if one.section == section]
            for section in SECTIONS
        },
        differences=(
            None if other is None else rule_differences(rule_rows(other, words), rows)
        ),
        regulations=list(books.regulations.known.values()),
        citable={one.id for one in books.regulations.citable},
    )


@get("/rules/{name:str}/{version:int}", sync_to_thread=False, opt=PUBLIC)
def regulation_page(
    request: Request[Any, Any, Any],
    system: NamedDependency[System],
    name: FromPath[str],
    version: FromPath[int],
) -> Response[str]:
    """Show rules in articles, as decisions cite them."""
    found = system.rulebooks.regulations.known.get(f"{name}/{version}")
    if found is None:
        raise Failure("no-such-page")
    return public_page_of(request, "regulation.html", regulation=found)


def _profile(system: System, named: str) -> PolicyShown:
    book = system.rulebooks[named]
    return shown(book, system.rulebooks.additions(book.policy.calendar))

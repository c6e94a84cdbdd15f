"""Whose rows a session sees: the scope of the work that goes on, which the pool sets.

Requests work as `redress_api`, which sees by row security what the scope names, and
nothing where it names nothing. The policies are in `schema/store/0017_row_security.sql`
and, for views, in `projections/tables/view_policies.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

APP_ROLE = "redress_app"
"""The role that the application works as: it adds to the record and reads it all."""

API_ROLE = "redress_api"
"""The role that requests are answered as: it reads what row security shows it."""


class Sees(StrEnum):
    """Which rows a request sees, as the policies read it."""

    NOTHING = ""
    PUBLIC = "public"
    BUYER = "buyer"
    SELLER = "seller"
    STAFF = "staff"
    """The platform's cases but those in which the person has a part of their own."""
    PLATFORM = "platform"
    ALL = "all"
    FIGURES = "figures"
    ALL_FIGURES = "all-figures"


class Scope(Struct, frozen=True, kw_only=True):
    """As which role of the database the work is done, and for whom.

    `role`, `platform` and `subject` are the caller's; `caller` is a hash of the three,
    to which idempotency keys belong.
    """

    works_as: str = API_ROLE
    sees: Sees = Sees.NOTHING
    role: str = ""
    platform: str = ""
    subject: str = ""
    caller: str = ""


APPLICATION = Scope(works_as=APP_ROLE)
"""The program itself: worker, followers, command line. Sees every row."""

NOBODY = Scope()
"""A request of which nothing is known yet. Sees no row of any case."""

PUBLIC = Scope(sees=Sees.PUBLIC)
"""A request without a caller: what is published."""

SCOPE: ContextVar[Scope | None] = ContextVar("row_scope", default=None)
"""The scope of the work that goes on in this context; None: that of the process."""


class Beyond(StrEnum):
    """Why a request reads rows that are not its caller's, for some statements only."""

    ORDER_LINE = "money and doubled filings are counted over all cases of an order line"
    STANDING = "a standing is a history of its own; the route asks whose it is"
    RULES = "rules are adopted once for all platforms, and are public"
    ERASURE = "an erasure reaches every case of a person, whoever may read it"
    POSITIONS = "one look serves all who wait for a view, and answers none of its rows"
    SEARCH = "events are found by their terms; their rows are read as the caller"
    HEALTH = "health counts over everything, and strangers learn which parts are ill"
    OPERATION = "a view is given another chance over every case; the page asks by whom"
    COUNTS = "cases that somebody may not read are taken off what is counted for them"
    PAGES = "a page's cases are found in an index; their rows are read as one may"
    LOG = "the log has one tree for all platforms; the route asks who reads entries"
    QUEUE = "a job has no caller; the route asks whose message it sends"
    FLAW = "a damaged file is noted for the operator, whoever has met it"
    REPORT = (
        "a report is published with its proof; the route asks whose cases it counts"
    )
    IMPORTS = "an import has no parties; the route asks of which platform it is"
    SESSIONS = "who signs out revokes their own session, and reads nothing"
    QUOTA = "the counts of days that are over are forgotten together"


@contextmanager
def beyond(reason: Beyond) -> Iterator[None]:
    """Read every row meanwhile, as the application does, for a reason that has a name.

    Keys are still the caller's. Outside of requests it changes nothing.
    """
    del reason  # It is for those who read the code: grep for it.
    with _within(works_as=APP_ROLE):
        yield


@contextmanager
def seeing(sees: Sees) -> Iterator[None]:
    """See other rows of the platform meanwhile; outside of requests nothing changes."""
    with _within(sees=sees):
        yield


@contextmanager
def working_as(scope: Scope) -> Iterator[None]:
    """Do what follows in a scope."""
    token = SCOPE.set(scope)
    try:
        yield
    finally:
        SCOPE.reset(token)


@contextmanager
def _within(**other: str) -> Iterator[None]:
    scope = SCOPE.get()
    if scope is None or scope.works_as == APP_ROLE:
        yield
        return
    with working_as(replace(scope, **other)):
        yield

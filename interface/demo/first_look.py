"""What the demo serves, as a program sees it: by its own client, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from domain.roles import Role
from interface.callers.development_key import DevelopmentKey
from interface.client import Redress, RedressError, RetryRules
from interface.demo.welcome import sample_caller
from interface.run.listen_address import url_of
from interface.settings.settings import Settings

LIFETIME = timedelta(minutes=5)
# The server that is looked at is this process: either it answers soon, or not at all.
RETRIES = RetryRules(attempts=3, total=20.0)


def first_look(settings: Settings, ruled: UUID | None) -> Iterator[str]:
    """Yield what a mediator and a regulator see; `ruled` is a case that was ruled on.

    Says so in a line if the server does not answer as its document promises.
    """
    try:
        yield from _seen(settings, ruled)
    except RedressError as error:
        yield f"redress-client: the server does not answer as it should: {error}"


def _seen(settings: Settings, ruled: UUID | None) -> Iterator[str]:
    with _client(settings, Role.MEDIATOR) as mediator:
        total = mediator.list_disputes(count=True, limit=1).total
        counts = mediator.count_disputes()
        yield (
            f"redress-client: {total} cases, {counts.live} of them live;"
            f" {counts.to_handle} wait for the mediators"
        )
    if ruled is not None:
        with _client(settings, Role.REGULATOR) as regulator:
            facts = regulator.read_history(ruled).facts
            yield f"redress-client: {ruled} was ruled on, told by {len(facts)} events"


@contextmanager
def _client(settings: Settings, role: Role) -> Iterator[Redress]:
    token = DevelopmentKey(settings.home).token(sample_caller(role), LIFETIME)
    address = url_of(settings)
    purpose = "A first look at the demo"
    with Redress(address, token=token, purpose=purpose, retries=RETRIES) as one:
        yield one

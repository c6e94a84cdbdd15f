"""`redress views`: what two people do about an event that a view cannot take."""

from __future__ import annotations

import click
import msgspec

from application.access.access_log import AccessLog
from application.deliveries.dispatch import NAME as DELIVERIES
from application.jobs.seller_standing import NAME as STANDING
from application.jobs.view_skips import Skip
from application.jobs.view_skips import skip as skipped
from domain.access_events import PositionSkipped
from domain.names import BadName, visible_text
from domain.roles import Actor, Role
from interface.bootstrap import System, build
from interface.settings.settings import SettingError, read
from projections.registry import VIEWS

MOST_REASON = 200


@click.group()
def views() -> None:
    """Let a view go on past an event that it cannot take."""


@views.command()
@click.argument("position", type=click.IntRange(min=1))
@click.option("--view", required=True, help="Its name, as health says it.")
@click.option("--reason", default="", help="Why; who approves need not say it again.")
@click.option("--by", required=True, help="Who says so, by pseudonym.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def skip(position: int, *, view: str, reason: str, by: str, as_json: bool) -> None:
    """Let a view pass over the event at POSITION, for good; it takes two people.

    The first call is a proposal. The same command by another person approves it.
    """
    known = [*(one.name for one in VIEWS), STANDING, DELIVERIES]
    if view not in known:
        raise SettingError(f"there is no view {view!r}; there are {', '.join(known)}")
    person = _text("--by", by)
    reason = _text("--reason", reason, MOST_REASON) if reason.strip() else ""
    system = build(read())
    try:
        with system.database.get_connection() as connection:
            done = skipped(
                connection,
                view,
                position,
                reason=reason,
                by=person,
                now=system.clock(),
                announce=lambda approved: _announce(system, approved),
            )
    finally:
        system.close()
    click.echo(msgspec.json.encode(done) if as_json else _said(done))


def _announce(system: System, approved: Skip) -> None:
    """Record it in the access log, whose seals lie in the log that is signed."""
    event = PositionSkipped(
        view=approved.follower,
        position=approved.position,
        reason=approved.reason,
        proposed_by=approved.proposed_by,
        approved_by=approved.approved_by or "",
    )
    by = Actor(role=Role.PLATFORM, id=approved.approved_by)
    AccessLog(system.database).record(by, None, event, system.clock())


def _said(done: Skip) -> str:
    if done.approved_by is None:
        return (
            f"proposed: {done.follower} {done}; it takes effect when another person"
            " gives this command"
        )
    return (
        f"{done.follower} {done}; a view that has set cases aside takes them in again"
        f" with redress rebuild {done.follower}"
    )


def _text(option: str, text: str, most: int = 128) -> str:
    try:
        return visible_text(text, most)
    except BadName as error:
        raise SettingError(f"{option}: {text!r} {error}") from None

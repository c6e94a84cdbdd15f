"""`redress views`: where the read models stand, and what helps those that halted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import click
import msgspec

from application.access.access_log import AccessLog
from application.jobs.view_skips import Skip
from application.jobs.view_skips import skip as skipped
from application.record.database import connected
from domain.access_events import PositionSkipped
from domain.names import BadName, visible_text
from domain.roles import Actor, Role
from interface.bootstrap import System, build
from interface.cli.view_table import show
from interface.settings.settings import SettingError, read
from projections.following.recorded_retry import (
    FOLLOWERS,
    ViewAttempt,
    known_view,
    retried,
)
from projections.following.view_retry import Retried, retry_case
from projections.health.found_views import found_views

MOST_REASON = 200


AS_JSON = click.option(
    "--json", "as_json", is_flag=True, help="Print a line of JSON for each."
)


@click.group(invoke_without_command=True)
@AS_JSON
@click.pass_context
def views(context: click.Context, *, as_json: bool) -> None:
    """List the read models: where they stand, and what they could not take."""
    if context.invoked_subcommand is None:
        context.invoke(list_, as_json=as_json)


@views.command("list")
@AS_JSON
def list_(*, as_json: bool) -> None:
    """List them, as `redress views` alone does."""
    with _system() as system, system.database.get_connection() as connection:
        show(found_views(connection), as_json=as_json)


@views.command()
@click.argument("view")
@click.option("--case", type=click.UUID, help="One case of those that it set aside.")
@click.option("--reason", required=True, help="Why it may pass now.")
@click.option("--by", required=True, help="Who says so, by pseudonym.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def retry(view: str, *, case: UUID | None, reason: str, by: str, as_json: bool) -> None:
    """Give VIEW another chance: at the event it halted at, or with its cases set aside.

    Cases are folded again from the record; one that still cannot be taken stays aside.
    """
    _known(view)
    person, why = _text("--by", by), _text("--reason", reason, MOST_REASON)
    with _system() as system:
        attempt = ViewAttempt(view=view, case=case, reason=why, by=person)
        done = list(retried(system.database, attempt, system.clock()))
    for one in done:
        click.echo(msgspec.json.encode(one) if as_json else str(one))
    if any(one.failed for one in done):
        raise SystemExit(1)


@views.command()
@click.argument("position", type=click.IntRange(min=1))
@click.option("--view", required=True, help="Its name, as health says it.")
@click.option("--reason", default="", help="Why; who approves need not say it again.")
@click.option("--by", required=True, help="Who says so, by pseudonym.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def resolve(position: int, *, view: str, reason: str, by: str, as_json: bool) -> None:
    """Let a view pass over the event at POSITION, for good; it takes two people.

    The first call is a proposal. The same command by another person approves it; then
    the view goes on by itself, and takes in again what it set aside for the event.
    """
    _known(view)
    person = _text("--by", by)
    reason = _text("--reason", reason, MOST_REASON) if reason.strip() else ""
    with _system() as system:
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
        again = _taken_in(system, done) if done.approved_by else None
    if as_json:
        click.echo(msgspec.json.encode(done))
        return
    click.echo(_said(done))
    if again is not None:
        click.echo(str(again))


# Its name of before.
views.add_command(resolve, "skip")


def _taken_in(system: System, done: Skip) -> Retried | None:
    """Take in again the case that was set aside for an event; None: there is none."""
    with connected(system.url, "views, resolve") as connection:
        row = connection.execute(
            "SELECT originator_id FROM parked WHERE follower = %s AND position = %s",
            (done.follower, done.position),
        ).fetchone()
        if row is None:
            return None
        return retry_case(connection, known_view(done.follower), row[0])


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
    return f"{done.follower} {done}"


@contextmanager
def _system() -> Iterator[System]:
    system = build(read())
    try:
        yield system
    finally:
        system.close()


def _known(view: str) -> None:
    if view not in FOLLOWERS:
        known = ", ".join(FOLLOWERS)
        raise SettingError(f"there is no view {view!r}; there are {known}")


def _text(option: str, text: str, most: int = 128) -> str:
    try:
        return visible_text(text, most)
    except BadName as error:
        raise SettingError(f"{option}: {text!r} {error}") from None

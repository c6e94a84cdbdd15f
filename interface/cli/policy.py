"""`redress policy check`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.table import Table

from application.rules.rulebook import Rulebooks
from domain.case.context import Rulebook
from domain.policy.toml_decoder import Mistaken
from interface.api.responses.policy_profile import LimitShown, PolicyShown, shown
from interface.cli.table_output import print_table


@click.group()
def policy() -> None:
    """Work with policy profiles."""


@policy.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def check(file: Path, *, as_json: bool) -> None:
    """Check a policy profile: name every mistake in FILE, or say what it sets."""
    try:
        found = shown(checked_policy(file.read_bytes()))
    except Mistaken as error:
        _print_mistakes(file, error.mistakes, as_json=as_json)
        sys.exit(1)
    if as_json:
        _print_json(file, found=found)
    else:
        _print_policy(found)


def checked_policy(raw: bytes) -> Rulebook:
    """Read a profile. Raises Mistaken, also for one that ships with other content."""
    # Cases are pinned to a version: two contents under one id would decide them twice.
    books = Rulebooks()
    try:
        book = books.read(raw.decode())
    except UnicodeDecodeError as error:
        raise Mistaken(f"not UTF-8: {error}") from None
    policy = book.policy
    if policy.id in books.ids and books[policy.id].policy != policy:
        raise Mistaken(
            f"version: {policy.id} ships with other content; a change is a new version"
        )
    return book


def _print_mistakes(file: Path, mistakes: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        _print_json(file, mistakes=mistakes)
        return
    click.echo(f"{file}: {len(mistakes)} to mend")
    for mistake in mistakes:
        click.echo(f"BAD  {mistake}")


def _print_json(
    file: Path, *, found: PolicyShown | None = None, mistakes: tuple[str, ...] = ()
) -> None:
    result: dict[str, Any] = {"file": str(file), "policy": found, "mistakes": mistakes}
    click.echo(msgspec.json.encode(result))


def _print_policy(policy: PolicyShown) -> None:
    click.echo(f"ok   {policy.id}, in force from {policy.in_force_from}")
    click.echo(f"ok   {policy.transition.en}")
    click.echo(
        f"ok   {policy.calendar} working days, {policy.zone}, open "
        f"{policy.opens:%H:%M}-{policy.closes:%H:%M}, {policy.proof}"
    )
    for silence in policy.silence:
        click.echo(f"ok   no {silence.on}: {silence.en}")
    for currency, amount in policy.four_eyes.items():
        click.echo(f"ok   two people rule above {amount} {currency}")
    click.echo(f"ok   cases are kept {policy.retention} years after closing")
    print_table(_limits(policy))


def _limits(policy: PolicyShown) -> Table:
    table = Table("limit", "length", "extension", "otherwise")
    for limit in policy.limits:
        extension = limit.extension.length if limit.extension else ""
        table.add_row(limit.name, limit.length.length, extension, _other(limit))
    return table


def _other(limit: LimitShown) -> str:
    return ", ".join(
        f"{one.reason or one.category}: {one.length.length}" for one in limit.overrides
    )

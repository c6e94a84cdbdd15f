"""`redress rules check`."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from application.rules.rulebook import Rulebooks
from domain.policy import regulation
from domain.policy.regulation import Regulation
from domain.policy.toml_decoder import Mistaken


@click.group()
def rules() -> None:
    """Work with the rules that decisions cite."""


@rules.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def check(file: Path, *, as_json: bool) -> None:
    """Check rules in articles: name every mistake in FILE, or say what it holds."""
    try:
        found = _checked(file.read_bytes())
    except Mistaken as error:
        _print_mistakes(file, error.mistakes, as_json=as_json)
        sys.exit(1)
    if as_json:
        result = {"file": str(file), "rules": found, "mistakes": ()}
        click.echo(msgspec.json.encode(result))
    else:
        _print_rules(found)


def _checked(raw: bytes) -> Regulation:
    """Read a regulation. Raises Mistaken, also for the id of one that ships."""
    shipped = Rulebooks().regulations.known
    try:
        found = regulation.load(raw.decode())
    except UnicodeDecodeError as error:
        raise Mistaken(f"not UTF-8: {error}") from None
    if found.id in shipped:
        raise Mistaken(f"name: {found.id} ships; a change is a new version")
    return found


def _print_mistakes(file: Path, mistakes: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        result = {"file": str(file), "rules": None, "mistakes": mistakes}
        click.echo(msgspec.json.encode(result))
        return
    click.echo(f"{file}: {len(mistakes)} to mend")
    for mistake in mistakes:
        click.echo(f"BAD  {mistake}")


def _print_rules(found: Regulation) -> None:
    until = f" until {found.in_force_until}" if found.in_force_until else ""
    click.echo(f"ok   {found.id}, in force from {found.in_force_from}{until}")
    click.echo(f"ok   \u300a{found.title.zh}\u300b, {found.title.en}")
    for name, one in found.articles.items():
        click.echo(
            f"ok   {name}: {one.number.zh} {one.title.zh}, "
            f"{one.number.en} ({one.title.en})"
        )

"""The commands that keep an installation: tokens, schema, examination, erasure."""

from __future__ import annotations

from typing import Any

import click


@click.command()
@click.option("--role", required=True, help="buyer, seller, mediator, supervisor …")
@click.option("--subject", required=True, help="The id of whom it is for.")
@click.option(
    "--platform",
    help="Whose cases [default: shop; all, for auditor, regulator, analyst].",
)
@click.option("--days", default=30, show_default=True, help="How long it is valid.")
def token(role: str, subject: str, platform: str | None, days: int) -> None:
    """Mint a bearer token with the development key."""
    from interface.cli.doctor import run_token

    run_token(role, subject, platform, days)


@click.command()
def migrate() -> None:
    """Bring the database forward to what this code needs. Safe to repeat."""
    from interface.cli.doctor import run_migrate

    run_migrate()


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def doctor(*, as_json: bool) -> None:
    """Check settings, keys, database, schema and views; say what is wrong."""
    from interface.cli.doctor import run_doctor

    run_doctor(as_json=as_json)


@click.command()
@click.argument("subject")
@click.option("--platform", required=True, help="Whose cases.")
@click.option("--role", required=True, help="buyer or seller.")
@click.option("--basis", required=True, help="A law, order or request, by its number.")
@click.option("--approver", required=True, help="The second person, by pseudonym.")
@click.option("--requester", default="operator", show_default=True, help="The first.")
@click.option("--restrict", is_flag=True, help="Where it cannot be yet: restrict it.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def erase(subject: str, **options: Any) -> None:
    """Erase the personal data of SUBJECT in all of its cases, for good.

    Refuses, naming the cases, while one is live, under legal hold or to be kept.
    Interrupted, it goes on. "case:ID" is the nameless party of an imported case.
    """
    from interface.cli.erase import run_erase

    run_erase(subject, **options)


COMMANDS = (token, migrate, doctor, erase)

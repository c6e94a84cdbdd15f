"""`redress init`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click
from msgspec import Struct

from domain.policy.toml_decoder import Mistaken
from interface.cli.policy import checked_policy
from interface.settings.settings import SettingError
from interface.setup.next_steps import next_steps
from interface.setup.production import (
    Folders,
    check_plan,
    kept_settings,
    make_installation,
    planned,
)


class Question(Struct, frozen=True):
    """What is asked for a setting: its option, words, and an example or a default."""

    option: str
    words: str
    example: str
    default: str | None = None


QUESTIONS = {
    "DATABASE_URL": Question(
        "--database",
        "URL of the database, as the processes log in. Empty: one on this machine, with"
        " new passwords",
        "postgresql://redress_login:…@db.example/redress?sslmode=verify-full",
        "",
    ),
    "REDRESS_LOG_ORIGIN": Question(
        "--log-name",
        "Name of the log, for good: a host name of yours, and a path",
        "shop.example/disputes",
    ),
    "REDRESS_POLICY": Question(
        "--policy",
        "Policy profile of new cases: one that ships, or a file",
        "shop-1.toml",
        "cn-default/1",
    ),
    "REDRESS_JWKS": Question(
        "--jwks",
        "Identity provider: URL or file of the keys that sign its tokens (a JWKS)",
        "https://id.shop.example/jwks",
    ),
    "REDRESS_ISSUER": Question(
        "--issuer",
        "Identity provider: what `iss` of its tokens says",
        "https://id.shop.example",
    ),
    "REDRESS_AUDIENCE": Question(
        "--audience", "Identity provider: what `aud` of its tokens says", "redress"
    ),
}

FOLDER = click.Path(path_type=Path)


@click.command()
@click.option(
    "--folder",
    type=FOLDER,
    default=Path("/etc/redress"),
    show_default=True,
    help="Where settings go.",
)
@click.option(
    "--home",
    type=FOLDER,
    default=Path("/var/lib/redress"),
    show_default=True,
    help="Where servers and workers keep keys and evidence.",
)
@click.option(
    "--signer-home",
    type=FOLDER,
    default=Path("/var/lib/redress-sign"),
    show_default=True,
    help="Where the signer keeps its keys and its memory.",
)
@click.option("--user", help="Whose the files of servers and workers are to be.")
@click.option("--signer-user", help="Whose the files of the signer are to be.")
@click.option(
    "--write-sql",
    is_flag=True,
    help="Write the SQL for the database again, to restore on another server.",
)
@click.option("--database", "DATABASE_URL", metavar="URL", help="The database.")
@click.option(
    "--owner-database",
    "REDRESS_OWNER_URL",
    metavar="URL",
    help="The same as its owner [default: as redress_owner].",
)
@click.option("--evidence", "REDRESS_EVIDENCE", help="Folder of evidence.")
@click.option("--log-name", "REDRESS_LOG_ORIGIN", help="Name of the log.")
@click.option("--policy", "REDRESS_POLICY", help="Policy profile, or a file of one.")
@click.option("--jwks", "REDRESS_JWKS", help="URL or file of the issuer's keys.")
@click.option("--issuer", "REDRESS_ISSUER", help="Issuer of bearer tokens.")
@click.option("--audience", "REDRESS_AUDIENCE", help="Audience of bearer tokens.")
def init(
    *,
    folder: Path,
    home: Path,
    signer_home: Path,
    user: str | None,
    signer_user: str | None,
    write_sql: bool,
    **options: str | None,
) -> None:
    """Install for production: make keys, settings and SQL, and say what comes next.

    Asks what no option says, if there is a terminal. Safe to repeat: nothing is
    overwritten, and only what is missing is made.
    """
    folders = Folders(
        settings=folder,
        home=home,
        signer=signer_home,
        user=user,
        signer_user=signer_user,
    )
    kept = kept_settings(folders)
    upper = {name.upper(): value for name, value in options.items() if value}
    given = _answers({**upper}, kept)
    profile = _profile(given)
    plan = planned(folders, kept, given)
    check_plan(plan, profile)
    for line in _ignored(upper, plan):
        click.echo(line)
    made = make_installation(folders, plan, kept, profile, writes_sql=write_sql)
    for said in made:
        click.echo(f"{said.done}  {said.path}  {said.words}")
    for line in next_steps(folders, plan):
        click.echo(line)


def _answers(given: dict[str, str], kept: Mapping[str, str]) -> dict[str, str]:
    """Ask for what is neither given nor kept. Raises SettingError, naming all of it."""
    open_ = {k: v for k, v in QUESTIONS.items() if k not in given and k not in kept}
    if sys.stdin.isatty():
        for name, one in open_.items():
            click.echo(f"\n{one.words}\n  such as {one.example}", err=True)
            answer = click.prompt(one.option[2:], default=one.default, err=True)
            given[name] = str(answer).strip()
        return {name: value for name, value in given.items() if value}
    missing = [one for one in open_.values() if one.default is None]
    if missing:
        options = ", ".join(one.option for one in missing)
        example = " ".join(f"{one.option} {one.example}" for one in missing)
        raise SettingError(
            f"{options}: have to be given where nobody can be asked, such as {example}"
        )
    return given


def _profile(given: dict[str, str]) -> Path | None:
    """Take the id of a policy profile in a file for the answer. Raises SettingError."""
    path = Path(given.get("REDRESS_POLICY", ""))
    if not path.is_file():
        return None
    try:
        book = checked_policy(path.read_bytes())
    except Mistaken as error:
        raise SettingError(
            f"--policy: {path}: {len(error.mistakes)} to mend, the first:"
            f" {error.mistakes[0]}; `redress policy check {path}` names all"
        ) from None
    given["REDRESS_POLICY"] = book.policy.id
    return path


def _ignored(given: Mapping[str, str], plan: Mapping[str, str]) -> list[str]:
    """Say which options have no effect, because an earlier run has said otherwise."""
    return [
        f"kept  {name} as the settings say it: edit it there"
        for name, value in given.items()
        if plan[name] != value and not Path(value).is_file()
    ]

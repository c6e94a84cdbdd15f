"""What the demo tells a newcomer: where it is, who one can be, and what to try."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from application.whole_files import rewrite
from domain.roles import Role
from interface.callers.caller import OVERSEERS, Caller
from interface.callers.development_key import DevelopmentKey
from interface.demo.cast import PLATFORM
from interface.run.listen_address import url_of
from interface.settings.env_file import env_text
from interface.settings.settings import Settings

PEOPLE = {
    Role.BUYER: ("b-001", "files disputes, and answers offers"),
    Role.SELLER: ("s-01", "accepts, offers something else, or contests"),
    Role.MEDIATOR: ("m-1", "handles cases, and rules"),
    Role.SUPERVISOR: ("v-1", "decides appeals, and is the second person"),
    Role.PLATFORM: ("order-page", "the shop's own program"),
    Role.AUDITOR: ("a-1", "replays any case; each look is recorded"),
    Role.REGULATOR: ("r-1", "searches all cases; each look is recorded"),
    Role.ANALYST: ("n-1", "reads figures, and no case"),
}

RULING = """ | python3 -c '
import json, sys
for text in json.load(sys.stdin)["ruling"]["text"].values():
    print(text, end="\\n\\n")'"""
READABLE = " | python3 -m json.tool --no-ensure-ascii"


def write_tokens(settings: Settings) -> Path:
    """Write a token for each role into a file that a shell reads; return its path."""
    key = DevelopmentKey(settings.home)
    lifetime = timedelta(seconds=settings.callers.token_lifetime)
    tokens = {role.upper(): key.token(sample_caller(role), lifetime) for role in PEOPLE}
    path = (settings.home / "tokens.env").absolute()
    rewrite(path, env_text(tokens).encode())
    return path


def sample_caller(role: Role) -> Caller:
    """Return the person of a role in the demo."""
    platform = None if role in OVERSEERS else PLATFORM
    return Caller(subject=PEOPLE[role][0], role=role, platform=platform)


def welcome(settings: Settings, tokens: Path, ruled: UUID | None) -> Iterator[str]:
    """Yield the lines; `ruled` is a case that was ruled on, if there is one."""
    home = url_of(settings)
    hours = settings.callers.token_lifetime / timedelta(hours=1).total_seconds()
    yield ""
    yield f"Pages          {home}/ (sign in there as any role)"
    yield f"API            {home}/v1"
    yield f"Documentation  {home}/schema"
    yield f"Health         {home}/health/ready"
    yield ""
    yield f"In another terminal, take a token for each role, valid for {hours:g} hours:"
    yield ""
    yield f"    . {shlex.quote(str(tokens))}"
    yield ""
    for role, (subject, words) in PEOPLE.items():
        yield f"    ${role.upper():<11} {subject:<11} {words}"
    yield ""
    yield "Three things to try there:"
    for number, (words, command) in enumerate(_examples(home, ruled), 1):
        yield ""
        yield f"{number}. {words}"
        yield f"   {command}"
    yield ""


def _examples(home: str, ruled: UUID | None) -> Iterator[tuple[str, str]]:
    month = datetime.now(UTC).strftime("%Y-%m")
    yield (
        "What the mediators do next: the three most urgent cases",
        _curl(f"{home}/v1/queue?waiting_on=platform&limit=3", Role.MEDIATOR) + READABLE,
    )
    if ruled is not None:
        yield (
            "A ruling with its reasons, as a regulator reads it",
            _curl(
                f"{home}/v1/disputes/{ruled}",
                Role.REGULATOR,
                "Purpose: a look at the demo",
            )
            + RULING,
        )
    yield (
        "The figures of this month, as a table",
        _curl(
            f"{home}/v1/transparency/reports/{month}", Role.ANALYST, "Accept: text/csv"
        ),
    )


def _curl(url: str, role: Role, *headers: str) -> str:
    """Return a command in lines that fit a terminal."""
    named = (f"Authorization: Bearer ${role.upper()}", *headers)
    return " \\\n     ".join((f'curl -s "{url}"', *(f'-H "{one}"' for one in named)))

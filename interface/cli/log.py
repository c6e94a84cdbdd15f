"""The commands of the log: sign, witness."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

SHORTEST_SECONDS = 0.1
"""A witness that looks at a log without a pause only burdens it."""


@click.command()
@click.option("--adopt", is_flag=True, help="Take the published head for the last.")
@click.option("--new-key", is_flag=True, help="Make the key file, and do no more.")
@click.option("--rotate", is_flag=True, help="Add new keys beside the old ones.")
@click.option("--retire", is_flag=True, help="Let only the newest keys sign on.")
def sign(*, adopt: bool, new_key: bool, rotate: bool, retire: bool) -> None:
    """Sign the log's head every second while it grows.

    The signer has its own key (REDRESS_LOG_KEY) and remembers what it signed
    (REDRESS_LOG_STATE); it never signs a log that shrank or forked. After --rotate
    both generations of keys sign, until --retire.
    """
    from interface.cli import sign as signing

    if new_key:
        signing.make_keys()
    elif rotate:
        signing.rotate()
    elif retire:
        signing.retire()
    else:
        signing.run_signer(adopt=adopt)


@click.command()
@click.argument("policy", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Your name, such as example.org/witness.")
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    default=Path(".redress-witness"),
    show_default=True,
    help="Where key and memory are kept.",
)
@click.option("--listen", default="127.0.0.1:8100", show_default=True)
@click.option(
    "--every",
    type=click.FloatRange(min=SHORTEST_SECONDS),
    default=10.0,
    show_default=True,
    help="Seconds from one look to the next.",
)
@click.option("--once", is_flag=True, help="Look once; exit 1 if anything is wrong.")
def witness(policy: Path, **options: Any) -> None:
    """Watch the logs of POLICY, and co-sign what goes on from what was seen.

    Needs no database: a regulator runs it alone, on a machine of its own. POLICY is a
    C2SP tlog-policy; logs with a URL are followed, all of them may ask for
    co-signatures (tlog-witness).
    """
    from interface.cli.witness import run_witness

    run_witness(policy, **options)


COMMANDS = (sign, witness)

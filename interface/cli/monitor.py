"""`redress monitor`."""

from __future__ import annotations

import signal
import sys
import threading
from hashlib import sha256
from pathlib import Path

import click

from application.log.format.note import NoteMalformed
from application.log.format.verifier_keys import VerifierKey, parse_vkey
from application.log.monitor.entry_check import Contradiction
from application.log.monitor.entry_source import EntrySource
from application.log.monitor.log_monitor import LogMonitor
from application.log.monitor.memory import Memory
from application.log.witness import trust_policy
from application.log.witness.remote_log import RemoteLog
from application.log.witness.trust_policy import TrustPolicy
from application.operator_error import OperatorError
from interface.settings.settings import SettingError

SHORTEST_SECONDS = 0.1
NOT_CHECKED = 2


@click.command()
@click.argument("policy", type=click.Path(path_type=Path))
@click.option("--entries", metavar="URL", help="Where entries are read [the log's].")
@click.option(
    "--token",
    type=click.Path(path_type=Path),
    help="A file with the bearer token for entries.",
)
@click.option("--purpose", help="Why the entries are read, as the platform records it.")
@click.option(
    "--statement-key",
    "vkeys",
    multiple=True,
    metavar="VKEY",
    help="A key of the application, beside those that the log endorses.",
)
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    default=Path(".redress-monitor"),
    show_default=True,
    help="Where the memory is kept.",
)
@click.option(
    "--every",
    type=click.FloatRange(min=SHORTEST_SECONDS),
    default=10.0,
    show_default=True,
    help="Seconds from one look to the next.",
)
@click.option("--once", is_flag=True, help="Look once.")
def monitor(
    policy: Path,
    *,
    entries: str | None,
    token: Path | None,
    purpose: str | None,
    vkeys: tuple[str, ...],
    home: Path,
    every: float,
    once: bool,
) -> None:
    """Follow the log of POLICY from outside, and check every entry of it.

    Needs no database: chains, heads, statements, rules and the lifecycle are checked
    from what the log publishes, and each signed head against all entries below it. Ends
    with exit status 1 at the first contradiction, which stays in its memory; with 2 if
    the log could not be checked.
    """
    try:
        trusted = trust_policy.read(policy)
        origin, url = _one_log(policy, trusted)
        source = EntrySource(entries or url, _headers(token, purpose))
        keys = _keys(vkeys)
        memory = Memory(home / f"{sha256(origin.encode()).hexdigest()[:16]}.db", origin)
    except OperatorError as error:
        # Status 1 is for what a log did, and for nothing else.
        click.echo(f"redress: {error}", err=True)
        sys.exit(NOT_CHECKED)
    one = LogMonitor(RemoteLog(url), source, trusted, memory, keys)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        sys.exit(_follow(one, origin, stop, None if once else every))
    finally:
        memory.close()


def _follow(
    one: LogMonitor, origin: str, stop: threading.Event, every: float | None
) -> int:
    """Look until stopped, or once; return the exit status."""
    said = None
    while True:
        status = 0
        try:
            progress = one.look()
            text = f"{progress.size:,} entries give the signed root"
        except Contradiction as found:
            click.echo(f"{origin}: contradiction: {found}")
            return 1
        except (OperatorError, OSError) as error:
            said_of = " ".join(str(error).split())
            text, status = f"not checked: {said_of}", NOT_CHECKED
        if text != said:
            click.echo(f"{origin}: {text}")
            said = text
        if every is None:
            return status
        if stop.wait(every):
            return 0


def _one_log(path: Path, policy: TrustPolicy) -> tuple[str, str]:
    """Return the name and the URL of the one log of a policy. Raises SettingError."""
    logs = {one.key.name: one.url for one in policy.logs if one.url}
    if len(logs) != 1:
        raise SettingError(f"{path} has to give one log a URL, and gives {len(logs)}")
    ((origin, url),) = logs.items()
    return origin, str(url)


def _headers(token: Path | None, purpose: str | None) -> dict[str, str]:
    found = {}
    if token is not None:
        try:
            text = token.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"--token: {token}: {error}") from None
        found["Authorization"] = f"Bearer {text}"
    if purpose is not None:
        found["Purpose"] = purpose
    return found


def _keys(vkeys: tuple[str, ...]) -> tuple[VerifierKey, ...]:
    try:
        return tuple(map(parse_vkey, vkeys))
    except NoteMalformed as error:
        raise SettingError(f"--statement-key: {error}") from None

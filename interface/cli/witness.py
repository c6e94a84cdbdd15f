"""`redress witness`."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import click

from application.log.sign import key_file
from application.log.sign.key_file import WITNESS
from application.log.witness import trust_policy
from application.log.witness.log_follower import LogFollower
from application.log.witness.witness import Witness
from interface.clock import system_clock
from interface.run.listen_address import ListenAddress, url_of
from interface.run.server import serve_app
from interface.run.witness_app import create_witness_app
from interface.settings.settings import SettingError

MAX_PORT = 65_535
SHORTEST_SECONDS = 0.1
"""The log signs once a second at most: looking more often only burdens it."""


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
def witness(
    policy: Path, *, name: str, home: Path, listen: str, every: float, once: bool
) -> None:
    """Watch the logs of POLICY, and co-sign what goes on from what was seen.

    Needs no database: a regulator runs it alone, on a machine of its own. POLICY is a
    C2SP tlog-policy; logs with a URL are followed, all of them may ask for
    co-signatures (tlog-witness).
    """
    trusted = trust_policy.read(policy)
    if not trusted.logs:
        raise SettingError(f"{policy} names no log")
    path = home / "witness-key.json"
    keys = key_file.read_or_make(path, name, system_clock(), WITNESS)
    one = Witness(keys, trusted.log_keys, home, system_clock)
    watcher = LogFollower(one, trusted, every)
    # Two witnesses with one memory could co-sign a fork between them.
    one.hold()
    if once:
        sys.exit(_look_once(watcher))
    _serve(one, watcher, _address(listen))


def _look_once(watcher: LogFollower) -> int:
    if not watcher.follows:
        raise SettingError("the policy gives no log a URL: there is nothing to look at")
    is_well = watcher.round()
    for origin in watcher.follows:
        problem = watcher.problems.get(origin, "goes on from what was seen; co-signed")
        click.echo(f"{origin}: {problem}")
    return 0 if is_well else 1


def _serve(one: Witness, watcher: LogFollower, address: ListenAddress) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=watcher.run, args=(stop,))
    for key in one.keys.verifiers:
        click.echo(key.vkey)

    def ready() -> None:
        click.echo(f"redress: witnessing on {url_of(address)}")

    thread.start()
    try:
        app = create_witness_app(one, watcher)
        serve_app(app, address, ready, "--listen")
    finally:
        stop.set()
        thread.join()


def _address(listen: str) -> ListenAddress:
    host, _, port = listen.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > MAX_PORT:
        raise SettingError(f"--listen: {listen!r} is not HOST:PORT")
    return ListenAddress(host.strip("[]"), int(port))

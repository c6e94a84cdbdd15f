"""`redress witness`."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import click
from msgspec import Struct

from application.log.sign import key_file
from application.log.sign.key_file import WITNESS
from application.log.witness import trust_policy
from application.log.witness.monitor import Watcher
from application.log.witness.witness import Witness
from interface.clock import system_clock
from interface.run.server import serve_app
from interface.run.witness_app import create_witness_app
from interface.settings import SettingError

MAX_PORT = 65_535


class Address(Struct, frozen=True):
    """Where a witness listens."""

    host: str
    port: int


def run_witness(
    policy_file: Path, *, name: str, home: Path, listen: str, every: float, once: bool
) -> None:
    """Witness until a signal comes, or look once."""
    trusted = trust_policy.read(policy_file)
    if not trusted.logs:
        raise SettingError(f"{policy_file} names no log")
    path = home / "witness-key.json"
    keys = key_file.read_or_make(path, name, system_clock(), WITNESS)
    witness = Witness(keys, trusted.log_keys, home, system_clock)
    watcher = Watcher(witness, trusted, every)
    witness.hold()
    if once:
        sys.exit(_look_once(watcher))
    _serve(witness, watcher, _address(listen))


def _look_once(watcher: Watcher) -> int:
    if not watcher.follows:
        raise SettingError("the policy gives no log a URL: there is nothing to look at")
    is_well = watcher.round()
    for origin in watcher.follows:
        problem = watcher.problems.get(origin, "goes on from what was seen; co-signed")
        click.echo(f"{origin}: {problem}")
    return 0 if is_well else 1


def _serve(witness: Witness, watcher: Watcher, address: Address) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=watcher.run, args=(stop,))
    for key in witness.keys.verifiers:
        click.echo(key.vkey)

    def ready() -> None:
        click.echo(f"redress: witnessing on http://{address.host}:{address.port}")

    thread.start()
    try:
        app = create_witness_app(witness, watcher)
        serve_app(app, address, ready, "--listen")
    finally:
        stop.set()
        thread.join()


def _address(listen: str) -> Address:
    host, _, port = listen.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > MAX_PORT:
        raise SettingError(f"--listen: {listen!r} is not HOST:PORT")
    return Address(host.strip("[]"), int(port))

"""Two witnesses for the demo's log, in threads of this process.

A real witness is somebody else's machine: these show what the pages say of
cosignatures, and guard the log against nobody.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread

from litestar import Litestar
from msgspec.structs import replace

from application.log.sign import key_file
from application.log.sign.key_file import WITNESS, KeyFile
from application.log.witness import trust_policy
from application.log.witness.log_follower import LogFollower
from application.log.witness.witness import Witness
from application.whole_files import rewrite
from interface.clock import system_clock
from interface.run.listen_address import ListenAddress, url_of
from interface.run.local_signer import log_keys
from interface.run.server import server_of
from interface.run.witness_app import create_witness_app
from interface.settings.settings import Settings

NAMES = ("witness-1.demo.localhost", "witness-2.demo.localhost")
HOST = "127.0.0.1"


@contextmanager
def witnessed(settings: Settings) -> Iterator[Settings]:
    """Run two witnesses; yield settings with a policy that asks both of them.

    Settings that name a policy are yielded as they are: then there are witnesses.
    """
    if settings.log.policy is not None:
        yield settings
        return
    # Beside the signer's memory: whoever removes that begins another log, and neither
    # may know the one before.
    folder = settings.log.state.parent / "witnesses"
    keys = {name: _keys(folder / name, name) for name in NAMES}
    places = {name: ListenAddress(HOST, _free_port()) for name in NAMES}
    path = folder / "log-policy"
    rewrite(path, _policy_text(settings, keys, places).encode())
    trusted = trust_policy.read(path)
    with ExitStack() as ends:
        for name in NAMES:
            one = Witness(keys[name], trusted.log_keys, folder / name, system_clock)
            one.hold()
            ends.callback(one.release)
            app = create_witness_app(one, LogFollower(one, trusted))
            ends.enter_context(_serving(app, places[name]))
        yield replace(settings, log=replace(settings.log, policy=path))


def _keys(folder: Path, name: str) -> KeyFile:
    return key_file.read_or_make(
        folder / "witness-key.json", name, system_clock(), WITNESS
    )


def _policy_text(
    settings: Settings, keys: dict[str, KeyFile], places: dict[str, ListenAddress]
) -> str:
    logs = (f"log {one.vkey}" for one in log_keys(settings, system_clock()).verifiers)
    witnesses = (
        f"witness {name} {keys[name].verifiers[0].vkey} {url_of(places[name])}"
        for name in NAMES
    )
    lines = (*logs, *witnesses, f"group both all {' '.join(NAMES)}", "quorum both")
    return "".join(f"{line}\n" for line in lines)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def _serving(app: Litestar, place: ListenAddress) -> Iterator[None]:
    """Serve an application in a thread with a loop of its own."""
    loop, server = asyncio.new_event_loop(), server_of(app, place)
    thread = Thread(target=loop.run_until_complete, args=(server.serve(),), daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join()
        loop.close()

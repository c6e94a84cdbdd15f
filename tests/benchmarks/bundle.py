"""How fast a case of 1,000 events is bundled and verified, and mutations refused."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from application.log.sign import key_file
from interface.bootstrap import System, wire
from interface.settings.settings import read
from interface.verifier import redress_verify
from tests.benchmarks.measurement import Bench, Rate, Result, compared
from tests.bundle.bundle_archive import taken
from tests.bundle.long_case import sign, tell_long
from tests.bundle.made_bundle import make
from tests.bundle.mutations import mutated
from tests.bundle.test_golden import GOLDEN, asked_of
from tests.samples import NOW

EVENTS = 1_000
OTHERS = 5_000
MUTATIONS = int(os.environ.get("BENCH_MUTATIONS", "5000"))
AIM = Rate(1.0, [])


def measure(bench: Bench) -> Iterator[Result]:
    folder = bench.folder / "bundle"
    with bench.database() as url:
        environ = {"REDRESS_HOME": str(folder), "DATABASE_URL": url}
        system = wire(read(environ), url, url, lambda: NOW)
        tell_long(system, OTHERS)
        yield from long_case(system, folder)
        system.close()


def long_case(system: System, folder: Path) -> Iterator[Result]:
    case, path = tell_long(system, EVENTS), folder / "case.zip"
    sign(system)
    vkey = key_file.read(system.settings.log.key).verifiers[0].vkey
    making = timed(lambda: path.write_bytes(make(system, case).content))
    yield compared("bundle-1000", "bundles/s", making, "aim 1 s each", AIM)
    command = [sys.executable, redress_verify.__file__, str(path), "--key", vkey]
    checking = timed(lambda: subprocess.run(command, check=True, capture_output=True))
    yield compared("verify-offline-1000", "bundles/s", checking, "aim 1 s each", AIM)


def mutate(_: Bench) -> Iterator[Result]:
    """Try mutations; raise if one is accepted, or refused for a wrong reason."""
    path, rng = GOLDEN / "case-1.zip", random.Random(2026)
    data, asked = path.read_bytes(), asked_of(path)
    members, began = taken(data), time.monotonic()
    for _number in range(MUTATIONS):
        one = mutated(data, members, rng)
        verdict = redress_verify.check(one.data, asked).verdict
        if verdict not in one.right:
            raise AssertionError(f"{one.name}: {verdict}")
    rate = Rate(MUTATIONS / (time.monotonic() - began), [])
    aim = Rate(100_000 / 3_600, [])
    yield compared("mutated-bundles", "refused/s", rate, "100,000 in an hour", aim)


def timed(do: Callable[[], object]) -> Rate:
    """Do something several times; return how often a second it can be done."""
    seconds = []
    for _ in range(5):
        began = time.monotonic()
        do()
        seconds.append(time.monotonic() - began)
    return Rate(len(seconds) / sum(seconds), seconds)

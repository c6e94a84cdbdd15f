"""The second verifier, run by Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from struct import pack
from typing import Any

VERIFIER = Path(__file__).parents[2] / "interface/verifier"
NODE = shutil.which("node")


class NodeVerifier:
    """Hands it bundles, and takes its reports."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.statuses: dict[str, int] = self._line()

    def check(self, data: bytes) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(pack("<I", len(data)) + data)
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())


def outcomes(report: Any) -> dict[str, str]:
    """Return what became of each property, in one word."""
    rows = report["properties"]
    return {one["name"]: one["code"] or one["state"] for one in rows}


@contextmanager
def second(folder: Path, about: Path, **other: Any) -> Iterator[NodeVerifier]:
    """Run it with the keys that a golden file names, or with others."""
    told = json.loads(about.read_text("utf-8")) | other
    with second_trusting(folder, told) as running:
        yield running


@contextmanager
def second_trusting(folder: Path, told: Mapping[str, Any]) -> Iterator[NodeVerifier]:
    """Run it with some keys: lists `log`, `witnesses`, `statements`, and `quorum`."""
    given = folder / "given.json"
    given.write_text(json.dumps(told))
    module = folder / "verify.mjs"
    shutil.copy(VERIFIER / "verify.js", module)
    command = [str(NODE), str(Path(__file__).with_name("node_verifier.mjs"))]
    with subprocess.Popen(
        [*command, str(module), str(given)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        yield NodeVerifier(process)
        assert process.stdin is not None
        process.stdin.close()

"""The tools that read the document, where they are installed (`make clients`)."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import msgspec
import pytest

from tests.http_app import document

HERE = Path(__file__).parent
NODE = HERE / "node_modules" / ".bin"
PYTHON = HERE.parents[1] / ".clients" / "bin"

needs_node = pytest.mark.skipif(
    not (NODE / "tsc").exists(), reason="no packages of Node: make clients"
)
needs_python = pytest.mark.skipif(
    not (PYTHON / "openapi-python-client").exists(),
    reason="no generator of clients in Python: make clients",
)


def write_document(folder: Path) -> Path:
    """Write the document as a server in development mode shows it."""
    path = folder / "openapi.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(document())))
    return path


def run(*command: str | Path, cwd: Path, **environ: str) -> str:
    """Run a tool and return what it prints. Fails the test with it."""
    done = subprocess.run(
        [str(one) for one in command],
        cwd=cwd,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said

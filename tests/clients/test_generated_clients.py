"""Clients generated from the document run a case from filing to its end.

They are generated and compiled as strictly as their languages allow, and talk to a
server with its worker. A picture comes back byte for byte.
"""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from msgspec import Struct

from domain.roles import Role
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from tests.clients.tools import (
    HERE,
    NODE,
    PYTHON,
    needs_node,
    needs_python,
    run,
    write_document,
)
from tests.http import pictures
from tests.processes import Process, free_port, serving_environ, wait_until_ready

pytestmark = [pytest.mark.kill, pytest.mark.long]

STRICT = """\
[mypy]
strict = true
# The generator's own frame passes on what it is given without saying what it is.
[mypy-redress_client.client]
ignore_errors = true
"""


class Served(Struct, frozen=True):
    """A server: where it is, and the tokens of those who take part in a case."""

    url: str
    tokens: dict[str, str]

    @property
    def environ(self) -> dict[str, str]:
        return {"REDRESS_URL": self.url, "REDRESS_TOKENS": json.dumps(self.tokens)}


@pytest.fixture
def served(url: str, tmp_path: Path) -> Served:
    port, home = free_port(), tmp_path / "home"
    Process(serving_environ(url, home, port), "serve", "--with-worker")
    address = f"http://127.0.0.1:{port}"
    wait_until_ready(address)
    tokens = {
        role: DevelopmentKey(home).token(
            Caller(subject=f"{role[0]}-1", role=role, platform="shop"),
            timedelta(days=1),
        )
        for role in (Role.BUYER, Role.SELLER, Role.MEDIATOR)
    }
    return Served(address, {str(role): token for role, token in tokens.items()})


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    path.write_bytes(pictures.picture("PNG"))
    return path


@needs_python
def test_a_client_in_python(served: Served, picture: Path, tmp_path: Path) -> None:
    document = write_document(tmp_path)
    said = run(
        *(PYTHON / "openapi-python-client", "generate"),
        *("--path", document, "--config", HERE / "python.yaml"),
        *("--meta", "none", "--output-path", tmp_path / "redress_client"),
        cwd=tmp_path,
        PATH=str(PYTHON),
    )
    # What it cannot read it leaves out, with a warning.
    assert "WARNING" not in said.upper(), said
    shutil.copy(HERE / "python" / "story.py", tmp_path)
    (tmp_path / "mypy.ini").write_text(STRICT, "utf-8")
    run(PYTHON / "mypy", "story.py", "redress_client", cwd=tmp_path)
    case = run(PYTHON / "python", "story.py", picture, cwd=tmp_path, **served.environ)
    assert UUID(case.strip()).version == 5


@needs_node
def test_a_client_in_typescript(served: Served, picture: Path, tmp_path: Path) -> None:
    document = write_document(tmp_path)
    (tmp_path / "node_modules").symlink_to(HERE / "node_modules")
    (tmp_path / "package.json").write_text('{"type": "module"}', "utf-8")
    for name in ("story.ts", "tsconfig.json"):
        shutil.copy(HERE / "typescript" / name, tmp_path)
    run(
        *(NODE / "openapi-typescript", document, "-o", tmp_path / "redress.d.ts"),
        # What has a default may be left out of a request; answers have all anyway.
        "--default-non-nullable=false",
        cwd=tmp_path,
    )
    run(NODE / "tsc", "-p", tmp_path, cwd=tmp_path)
    case = run("node", "out/story.js", picture, cwd=tmp_path, **served.environ)
    assert UUID(case.strip()).version == 5

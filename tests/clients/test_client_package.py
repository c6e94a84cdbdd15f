"""`redress-client` is what the document says, and stands on its own."""

from __future__ import annotations

import ast
import inspect
import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from interface.client.generated.operations import Operations
from tests.clients.generated_client import CLIENT, generated
from tests.clients.schema_types import python_name
from tests.http_app import document

ROOT = CLIENT.parents[1]
SOURCES = sorted(CLIENT.rglob("*.py"))
OURS = ("domain", "application", "projections", "interface")
NEEDED = ("httpx", "msgspec")


def test_it_is_what_the_document_says() -> None:
    for path, text in generated().items():
        if os.environ.get("CLIENT") == "write":
            path.write_text(text, "utf-8")
        said = f"{path.name} is of another document: CLIENT=write pytest {__file__}"
        assert path.read_text("utf-8") == text, said


def test_it_has_a_method_for_each_operation() -> None:
    made = {
        name
        for name, one in vars(Operations).items()
        if inspect.isfunction(one) and not name.startswith("_")
    }
    told = {
        python_name(operation["operationId"])
        for item in document()["paths"].values()
        for operation in item.values()
    }
    assert made == told
    assert len(made) > 100


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_it_imports_nothing_of_the_server(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            # Up to the client's own folder, and no further.
            depth = len(path.relative_to(CLIENT).parts)
            assert node.level <= depth
        elif isinstance(node, ast.ImportFrom):
            assert _is_known(str(node.module))
        elif isinstance(node, ast.Import):
            assert all(_is_known(one.name) for one in node.names)


def _is_known(module: str) -> bool:
    name = module.partition(".")[0]
    return name in NEEDED or name in sys.stdlib_module_names


def test_its_dependencies_are_those_it_imports() -> None:
    project = tomllib.loads((CLIENT / "pyproject.toml").read_text("utf-8"))["project"]
    assert [one.partition(">")[0] for one in project["dependencies"]] == [*NEEDED]
    licence = (CLIENT / "LICENSE").read_bytes()
    assert licence == (ROOT / "LICENSE").read_bytes()
    sender = (CLIENT / "sender.py").read_text("utf-8")
    assert f"redress-client/{project['version']}" in sender


ASK = """
import importlib.util, sys
assert not any(importlib.util.find_spec(one) for one in sys.argv[2:]), "the server's"
from redress_client import NotOffered, Redress, verify
from redress_client.generated.models import Phase
import redress_client
assert redress_client.__file__.startswith(sys.argv[1]), redress_client.__file__
with Redress("http://127.0.0.1:9") as redress:
    assert callable(redress.file_dispute)
assert Phase("a-phase-of-later").value == "a-phase-of-later"
print(Phase.FILED.value)
"""


@pytest.mark.long
def test_its_wheel_works_without_the_server(tmp_path: Path) -> None:
    wheel = _wheel(tmp_path)
    with ZipFile(wheel) as held:
        names = held.namelist()
    assert "redress_client/py.typed" in names
    assert "redress_client/generated/models.py" in names
    assert not [one for one in names if one.startswith(OURS)]
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    _run(*pip, "install", "--no-deps", "--no-index", str(wheel), cwd=tmp_path)
    site = _run(
        *(str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"),
        cwd=tmp_path,
    ).strip()
    # Its dependencies come from here: nothing is fetched.
    for name in ("httpx", "httpcore", "h11", "anyio", "idna", "certifi", "sniffio"):
        _link(name, Path(site))
    for name in ("msgspec", "typing_extensions"):
        _link(name, Path(site))
    said = _run(str(python), "-c", ASK, str(home), *OURS, "litestar", cwd=tmp_path)
    assert said.strip() == "filed"


def _wheel(folder: Path) -> Path:
    """Build the wheel from a copy, so that nothing is left in the tree."""
    copy = folder / "client"
    for path in CLIENT.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            there = copy / path.relative_to(CLIENT)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(path.read_bytes())
    _run(
        *(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"),
        *("--quiet", "--wheel-dir", str(folder), str(copy)),
        cwd=folder,
    )
    (wheel,) = folder.glob("redress_client-*.whl")
    return wheel


def _link(name: str, site: Path) -> None:
    here = Path(sysconfig.get_path("purelib"))
    for one in (here / name, here / f"{name}.py"):
        if one.exists():
            (site / one.name).symlink_to(one)


def _run(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

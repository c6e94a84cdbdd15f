"""The rules that ship: their hashes ship with them.

`SUMS=write pytest tests/domain/test_shipped_rules.py` writes the hashes anew: rules in
force are not edited, so what differs then is a new file, or a new edition of the codes.
"""

from __future__ import annotations

import os
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest

from application.rules import rulebook
from application.rules.rulebook import SUMS, Rulebooks

FOLDER = Path(str(files("domain").joinpath("policy")))


def test_the_hashes_are_those_of_the_files() -> None:
    found = "".join(
        f"{sha256(path.read_bytes()).hexdigest()}  {path.relative_to(FOLDER)}\n"
        for path in sorted(FOLDER.rglob("*.toml"))
    )
    if os.environ.get("SUMS") == "write":
        (FOLDER / SUMS).write_text(found, "ascii")
    assert (FOLDER / SUMS).read_text("ascii") == found
    assert not list(Rulebooks().changed())


@pytest.mark.parametrize(
    "name",
    ["jd-like-1.toml", "codes.toml", "proof-1.toml", "regulations/standard-1.toml"],
)
def test_a_file_that_was_changed_is_named_though_nothing_has_used_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "domain" / "policy"
    folder.mkdir(parents=True)
    (folder / "regulations").mkdir()
    for path in [*FOLDER.rglob("*.toml"), FOLDER / SUMS]:
        (folder / path.relative_to(FOLDER)).write_bytes(path.read_bytes())
    with (folder / name).open("a", encoding="utf-8") as changed:
        changed.write("# as good as before\n")
    monkeypatch.setattr(rulebook, "files", lambda _: tmp_path / "domain")
    (said,) = Rulebooks().changed()
    assert said.startswith(f"{folder / name} is not what was shipped")
    (folder / name).unlink()
    (gone,) = Rulebooks.changed(Rulebooks.__new__(Rulebooks))
    assert "its SHA-256 is none" in gone

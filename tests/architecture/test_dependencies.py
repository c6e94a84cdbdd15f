"""Dependencies: each has its reason, and the locks name no host."""

from __future__ import annotations

import re

from tests.architecture.source_tree import ROOT

DEPENDENCY = re.compile(r'^    "[a-z0-9-]+(\[[a-z,]+\])?>=.*$', re.MULTILINE)


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    lines = [match[0] for match in DEPENDENCY.finditer(text)]
    assert len(lines) > 15
    assert [line for line in lines if "#" not in line] == []


def test_lock_files_name_no_host() -> None:
    locks = [*ROOT.glob("requirements*.lock")]
    assert len(locks) == 7
    for path in locks:
        text = path.read_text("utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text

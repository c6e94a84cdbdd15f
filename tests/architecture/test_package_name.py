"""Nothing tells anybody to install by the bare name: that is a stranger's package."""

from __future__ import annotations

import re
import subprocess

from tests.docs.markdown import ROOT

BY_NAME = re.compile(r"pip install[^\n]*[\s\"']redress(?![-\w./:])")
EXTRA_BY_NAME = re.compile(r"\bredress\[(?:\w+,?)+\]")


def test_extras_are_installed_from_the_sources_and_never_by_name() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.md", "*.toml", "Dockerfile", "Makefile"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    texts = {one: (ROOT / one).read_text("utf-8") for one in listed}
    assert len(texts) > 100
    assert BY_NAME.search("pip install 'redress'") is not None
    assert EXTRA_BY_NAME.search("redress[nats]") is not None
    bad = {
        name
        for name, text in texts.items()
        if name != "tests/architecture/test_package_name.py"
        and (BY_NAME.search(text) or EXTRA_BY_NAME.search(text))
    }
    assert bad == set()

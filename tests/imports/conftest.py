"""Imports in a database of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from application.cases.disputes import Disputes
from application.imports.importer import Importer
from application.imports.mapping_validation import load
from application.imports.progress import Progress
from tests.samples import BOOKS

Import = Callable[..., Progress]

MAPPING = """
system = "desk"
zone = "Asia/Shanghai"
id = "id"

[codes.reasons]
broken = { category = "quality", reason = "defect" }
lost = { category = "delivery", reason = "lost-parcel" }

[[facts]]
type = "filed"
actor = "buyer"
at = { column = "opened", format = "%Y-%m-%d %H:%M:%S" }
[facts.fields]
channel = { value = "phone" }
category = { column = "why", codes = "reasons", take = "category" }
reason = { column = "why", codes = "reasons", take = "reason" }
buyer = { column = "buyer", absent = ["?"] }
facts = { column = "story" }
paid = { column = "paid", money = "CNY" }

[[facts]]
type = "closed"
actor = "platform"
at = { column = "closed", format = "%Y-%m-%d" }
when = [{ column = "closed", not_among = [""] }]
[facts.fields]
outcome = { value = "decided-elsewhere" }
claim = { value = "met" }
"""
HEADER = "id,opened,closed,why,buyer,story,paid\n"
GOOD = "1,2025-01-02 10:00:00,2025-02-03,broken,b-9,It broke.,12.90\n"


@pytest.fixture
def run_files(disputes: Disputes, tmp_path: Path) -> Import:
    """Import the files of a mapping's source, which lie in the test's folder."""

    def run(text: str, *names: str) -> Progress:
        mapping = load(text, BOOKS.codes)
        paths = [tmp_path / name for name in names]
        importer = Importer(disputes, mapping, text, paths, tmp_path)
        return importer.run(tmp_path / "rejects.csv", lambda _: None)

    return run


@pytest.fixture
def run_import(disputes: Disputes, tmp_path: Path) -> Import:
    def run(
        content: str | bytes | Path,
        text: str = MAPPING,
        tell: Callable[[Progress], None] = lambda _: None,
        rejects: str = "rejects.csv",
        *,
        keep_rejects: bool = True,
    ) -> Progress:
        path = content if isinstance(content, Path) else tmp_path / "file.csv"
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        elif isinstance(content, bytes):
            path.write_bytes(content)
        mapping = load(text, BOOKS.codes)
        importer = Importer(disputes, mapping, text, [path])
        place = tmp_path / rejects
        return importer.run(place, tell, keep_rejects=keep_rejects)

    return run

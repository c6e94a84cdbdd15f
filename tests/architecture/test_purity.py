"""What may not be done in the domain, and what is done in one place only."""

from __future__ import annotations

import re
from pathlib import Path

from application.jobs import locks
from tests.architecture.source_tree import PRODUCT, ROOT

IMPURE = re.compile(r"\b(datetime\.now|time\.time|open\(|random|uuid4)\b")
# Of PostgreSQL: the pool of HTTP connections is another kind.
POOL = re.compile(r"(?<!httpcore\.Async)ConnectionPool\(")
OPENED = re.compile(r"\b(psycopg|Connection)\.connect\(")
LOCK = re.compile(r"\b7_?243_?\d{3}\b")


def test_the_domain_reads_no_clock_and_no_files() -> None:
    found = {str(file): IMPURE.findall(file.text) for file in PRODUCT.of("domain")}
    assert {name: calls for name, calls in found.items() if calls} == {}


def test_each_advisory_lock_is_for_one_thing() -> None:
    named = [value for name, value in vars(locks).items() if name.isupper()]
    assert len(named) == len(set(named)) > 1
    home = Path(locks.__file__).relative_to(ROOT)
    numbered = [file.path for file in PRODUCT.files if LOCK.search(file.text)]
    assert numbered == [home]


def test_every_session_is_opened_where_it_gets_its_settings() -> None:
    opened = {str(file) for file in PRODUCT.files if OPENED.search(file.text)}
    assert opened == {"application/record/session.py"}
    pools = {str(file) for file in PRODUCT.files if POOL.search(file.text)}
    assert pools == {"application/record/database.py"}
    assert "settle(" in (ROOT / "application/record/database.py").read_text("utf-8")

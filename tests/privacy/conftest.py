"""The people and the application of the HTTP tests, here too, and cases to look at."""

from collections.abc import Iterator

import pytest

from application.jobs.custody_audit import CustodyAudit
from interface.bootstrap import System
from tests.http.conftest import http, people, system
from tests.http.conftest import whole_worker as background
from tests.privacy.ended_cases import ended_case
from tests.privacy.readers import story

__all__ = ["background", "ended_case", "http", "people", "story", "system"]


@pytest.fixture
def audit(system: System) -> Iterator[CustodyAudit]:
    one = CustodyAudit(system.url, system.evidence, system.keys)
    yield one
    one.close()

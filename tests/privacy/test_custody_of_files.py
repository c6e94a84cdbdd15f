"""The custody audit reads every file of evidence, also those that nobody asks for."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest
from litestar.testing import TestClient

from application.jobs.custody_audit import CustodyAudit
from interface.bootstrap import System
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, full_health
from tests.http.test_damaged_evidence import cut, path_of, told, touched, with_file
from tests.http.test_evidence import PNG
from tests.privacy.custody_rounds import a_round
from tests.privacy.ended_cases import YEARS, erased

DAMAGES: dict[str, Callable[[Any], Any]] = {
    "deleted": lambda path: path.unlink(),
    "cut": lambda path: cut(path, 500),
    "touched": touched,
}


@pytest.mark.parametrize("how", DAMAGES)
def test_a_file_that_nobody_reads_is_looked_at_too(
    people: People,
    http: TestClient[Any],
    system: System,
    audit: CustodyAudit,
    how: str,
) -> None:
    case, _ = with_file(people, PNG)
    other, _ = with_file(people, PNG + b"other", "o-2")
    path = path_of(system, case)
    shutil.copy(path, whole := path.with_suffix(".whole"))
    DAMAGES[how](path)
    a_round(audit)
    (said,) = told(http)
    assert case in said
    assert other not in said
    path.unlink(missing_ok=True)
    whole.rename(path)
    a_round(audit)
    assert not [
        one for one in full_health(http).json()["warnings"] if "evidence" in one
    ]


def test_files_that_changed_places_are_found_by_their_sealed_digests(
    people: People, http: TestClient[Any], system: System, audit: CustodyAudit
) -> None:
    first, _ = with_file(people, PNG)
    second, _ = with_file(people, PNG, "o-2")
    # The same content, sealed twice: only the digest in the event tells them apart.
    one, two = path_of(system, first), path_of(system, second)
    shutil.copy(two, one)
    a_round(audit)
    (said,) = told(http)
    assert first in said
    assert "is another file" in said


def test_the_files_of_an_erased_person_are_missed_by_nobody(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    system: System,
    audit: CustodyAudit,
    http: TestClient[Any],
) -> None:
    path_of(system, ended_case.id).unlink()
    a_round(audit)
    assert told(http)
    clock.forward(days=YEARS)
    background.catch_up()
    erased(people, background)
    a_round(audit)
    assert not [
        one for one in full_health(http).json()["warnings"] if "evidence" in one
    ]


def test_orphans_are_counted_by_their_names(
    people: People, system: System, audit: CustodyAudit, http: TestClient[Any]
) -> None:
    case, _ = with_file(people, PNG)
    path = path_of(system, case)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("application.cases.file_walk.OLD_SECONDS", -1.0)
        a_round(audit)
        assert not orphans(http)
        # Of the same digest and key, and of no event: only the whole name tells.
        stray = path.with_name(f"{'0' * 64}.{'1' * 16}.{path.suffix[1:]}")
        shutil.copy(path, stray)
        a_round(audit)
        assert "1 evidence files belong to no event" in orphans(http)
        stray.unlink()
        a_round(audit)
    assert not orphans(http)


def orphans(http: TestClient[Any]) -> str:
    warnings = full_health(http).json()["warnings"]
    return "; ".join(one for one in warnings if one.startswith("orphan files"))

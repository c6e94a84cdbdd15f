"""A case in a signed log, as bundles are made of it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from application.bundle.maker import BundleFile
from application.log.sign import key_file
from interface.bootstrap import System
from interface.run.worker import Worker
from interface.verifier.redress_verify import Asked, Report, check, parse_key
from tests.bundle.made_bundle import make
from tests.bundle.node_verifier import NODE, NodeVerifier, second_trusting
from tests.bundle.written_bundle import GIVEN
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, http, people, system
from tests.http.conftest import whole_worker as background

__all__ = ["background", "http", "people", "system"]


@pytest.fixture
def case(people: People, background: Worker, clock: Clock) -> UUID:
    """A case that was ruled, with evidence, in a log that is signed."""
    story = CaseStory(people, background, clock).ruled()
    background.catch_up()
    return UUID(story.id)


@pytest.fixture
def made(system: System, case: UUID) -> BundleFile:
    return make(system, case)


@pytest.fixture
def asked(system: System) -> Asked:
    keys = key_file.read(system.settings.log.key).verifiers
    return Asked((parse_key(keys[0].vkey),))


def states(report: Report) -> dict[str, str]:
    return {one.name: one.code or one.state for one in report.found}


__all__ += ["Asked", "check"]


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeVerifier | None]:
    """The second verifier, with the keys of written bundles; None without Node."""
    if NODE is None:
        yield None
        return
    with second_trusting(tmp_path_factory.mktemp("second"), GIVEN) as running:
        yield running

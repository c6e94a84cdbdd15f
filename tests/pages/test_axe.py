"""Every page in both languages, light and dark, on a phone and a desk: axe finds none.

With it: no page is wider than its window, complains in the console, or loads more
script and style than a page may.
"""

from __future__ import annotations

import pytest

from interface.bootstrap import System
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import People
from tests.http.conftest import whole_worker as background
from tests.pages.browser import chromium
from tests.pages.conftest import Browse
from tests.pages.page_visits import AxeVisits, reader_of, weights
from tests.pages.visited_cases import visited_cases
from tests.pages.visited_pages import VISITED
from tests.sizes import WHOLE

__all__ = ["background"]

pytestmark = pytest.mark.long

MOST_BYTES = 40_000
"""Of script, and of style, packed by gzip."""


def test_axe_finds_nothing_on_any_page(
    browse: Browse, people: People, background: Worker, clock: Clock, system: System
) -> None:
    named = visited_cases(people, background, clock, system)
    for visited in VISITED:
        path = visited.path.format(**named)
        loaded = weights(reader_of(browse, visited, path), path)
        assert max(loaded.values()) <= MOST_BYTES, (visited.path, loaded)
    with chromium() as browser:
        visits = AxeVisits(browser, browse, named)
        for number, visited in enumerate(VISITED):
            # In each run every page in one of the languages.
            for lang in ("zh", "en") if WHOLE else (("zh", "en")[number % 2],):
                visits.look(visited, lang)
    assert not visits.faults, "\n".join(visits.faults)

"""What was begun to be filed is found again, and can be thrown away."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Browse, background, browse, http, people, system
from tests.pages.test_filing import CLAIM, ORDER, REASON, heading, hidden, step

__all__ = ["background", "browse", "http", "people", "system"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", ["/cases", "/cases/new"])
def test_a_filing_that_was_begun_is_found_again_and_thrown_away(
    browse: Browse, path: str, lang: str
) -> None:
    buyer = browse("buyer", lang=lang)
    begun = {"zh": "尚未提交的申请", "en": "Begun and not sent"}[lang]
    assert begun not in buyer.page(path)
    first = step(buyer, 1, **(hidden(buyer.get("/cases/new")) | ORDER))
    key = hidden(first)["key"]
    assert begun in buyer.page(path)
    assert f'href="/cases/new?draft={key}&step=2"' in buyer.page(path)
    third = step(buyer, 2, **(hidden(first) | REASON))
    address = f"/cases/new?draft={key}&step=3"
    assert f'href="{address}"' in buyer.page(path)
    assert heading(buyer.get(address)) == heading(third)
    step(buyer, 3, **(hidden(third) | CLAIM))
    assert f'href="/cases/new?draft={key}&step=4"' in buyer.page(path)
    # It is the writer's alone, and is no part of what they are filing.
    assert begun not in browse("buyer", "b-2", lang=lang).page(path)
    assert begun not in buyer.page(address)
    answer = buyer.post("/cases/new", key=key, go="drop")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    assert begun not in buyer.page(path)

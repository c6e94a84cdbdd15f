"""The steps of a filing have addresses: loaded again, back and forward, two at once."""

from __future__ import annotations

from uuid import UUID

from application.cases.filing_drafts import MOST_DRAFTS, FilingDrafts, Writer
from interface.bootstrap import System
from tests.pages.conftest import Browse
from tests.pages.test_filing import (
    CLAIM,
    NOTE,
    ORDER,
    REASON,
    followed,
    heading,
    hidden,
    step,
)


def test_each_step_leads_to_an_address_without_what_was_typed(browse: Browse) -> None:
    buyer = browse("buyer")
    carried = hidden(buyer.get("/cases/new"))
    for at, typed in enumerate((ORDER, REASON, CLAIM), 1):
        sent = carried | typed | {"step": str(at), "go": "next"}
        answer = buyer.post("/cases/new", **sent)
        assert answer.status_code == 303
        place = answer.headers["location"]
        assert place == f"/cases/new?draft={carried['key']}&step={at + 1}"
        shown = [buyer.get(place) for _ in range(2)]
        assert heading(shown[0]) == heading(shown[1])
        carried = hidden(shown[1])
    # What is wrong has an address as well.
    wrong = carried | NOTE | {"step": "3", "go": "next", "contact": "nowhere"}
    answer = buyer.post("/cases/new", **wrong)
    assert answer.status_code == 303
    assert 'id="contact-flaw"' in buyer.get(answer.headers["location"]).text


def test_who_goes_back_to_the_beginning_finds_what_was_typed(browse: Browse) -> None:
    buyer = browse("buyer")
    begins = buyer.answer_of("/cases/new?line=2").headers["location"]
    first = buyer.get(begins)
    assert 'name="order.line" value="2"' in first.text
    carried = hidden(step(buyer, 1, **(hidden(first) | ORDER)))
    assert carried["key"] == hidden(first)["key"]
    assert f'name="order.id" value="{ORDER["order.id"]}"' in buyer.get(begins).text
    # Filed, it is begun no more: what is written there is another filing.
    for at, typed in enumerate((REASON, CLAIM), 2):
        carried = hidden(step(buyer, at, **(carried | typed)))
    filed = buyer.upload("/cases/new/dispute", **(carried | NOTE))
    assert filed.headers["location"].endswith("?done=filed")
    again = buyer.get(begins)
    assert hidden(again)["key"] != carried["key"]
    assert 'name="order.line" value="2"' in again.text


def test_two_filings_do_not_mix(browse: Browse) -> None:
    buyer = browse("buyer")
    one, two = (hidden(buyer.get("/cases/new")) for _ in range(2))
    a = step(buyer, 1, **(one | ORDER | {"order.id": "o-1"}))
    b = step(buyer, 1, **(two | ORDER | {"order.id": "o-2"}))
    assert hidden(a)["order.id"] == "o-1"
    assert hidden(b)["order.id"] == "o-2"
    again = buyer.get(f"/cases/new?draft={one['key']}&step=2")
    assert hidden(again)["order.id"] == "o-1"


def test_a_draft_is_its_writers_alone_sealed_and_gone_when_filed(
    browse: Browse, system: System
) -> None:
    buyer = browse("buyer")
    carried = hidden(step(buyer, 1, **(hidden(buyer.get("/cases/new")) | ORDER)))
    secret = "It leaks on my grandmother's table."
    carried = hidden(step(buyer, 2, **(carried | REASON | {"facts": secret})))
    carried = hidden(step(buyer, 3, **(carried | CLAIM)))
    place = f"/cases/new?draft={carried['key']}&step=3"
    other = browse("buyer", "b-2").get(place)
    assert secret not in other.text
    assert "不再保存" in other.text
    with system.database.get_connection() as connection:
        rows = connection.execute("SELECT * FROM filing_drafts").fetchall()
    assert len(rows) == 1
    assert secret not in str(rows)
    assert "o-77" not in str(rows)
    sent = carried | NOTE
    filed = buyer.upload("/cases/new/dispute", **sent)
    assert filed.headers["location"].endswith("?done=filed")
    with system.database.get_connection() as connection:
        assert not connection.execute("SELECT * FROM filing_drafts").fetchall()
    gone = buyer.get(place)
    assert "不再保存" in gone.text
    assert hidden(gone)["key"] != carried["key"]


def test_a_step_that_is_not_reached_leads_to_the_one_that_is(browse: Browse) -> None:
    buyer = browse("buyer")
    carried = hidden(step(buyer, 1, **(hidden(buyer.get("/cases/new")) | ORDER)))
    ahead = buyer.get(f"/cases/new?draft={carried['key']}&step=4")
    assert ahead.status_code == 400
    assert 'href="#facts"' in ahead.text


def test_old_drafts_go(system: System) -> None:
    drafts = FilingDrafts(system.database, system.keys)
    writer, now = Writer("shop", "b-1"), system.clock()
    for n in range(MOST_DRAFTS + 3):
        assert drafts.save(writer, UUID(int=n), {"facts": (str(n),)}, now)
    with system.database.get_connection() as connection:
        rows = connection.execute("SELECT * FROM filing_drafts").fetchall()
    assert len(rows) == MOST_DRAFTS


def test_a_draft_that_was_moved_does_not_open(system: System) -> None:
    drafts = FilingDrafts(system.database, system.keys)
    mine, yours, now = Writer("shop", "b-1"), Writer("shop", "b-2"), system.clock()
    drafts.save(mine, UUID(int=1), {"facts": ("secret",)}, now)
    with system.database.get_connection() as connection:
        connection.execute("UPDATE filing_drafts SET person = 'b-2'")
    assert drafts.find(yours, UUID(int=1)) is None


def test_what_is_too_long_to_keep_is_shown_all_the_same(browse: Browse) -> None:
    buyer = browse("buyer")
    long = hidden(buyer.get("/cases/new")) | ORDER | {"facts": "x" * 61_000}
    answer = buyer.post("/cases/new", **(long | {"step": "1", "go": "next"}))
    assert answer.status_code in {200, 303}
    assert "x" * 61_000 in followed(buyer, answer).text

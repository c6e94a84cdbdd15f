"""Whose cases an erasure covers is read from the record, whatever the views hold."""

from __future__ import annotations

from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from application.cases.case import UnreadableCase
from application.cases.disputes import Disputes
from application.privacy.erasure_decisions import NotRecorded
from application.privacy.erasure_requests import Subject
from application.privacy.subject_cases import FILINGS_OF, cases_of
from domain.roles import Party
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People
from tests.privacy.ended_cases import FACTS, HOLD, YEARS, ask, erased

pytestmark = pytest.mark.store

BUYER = Subject(platform="shop", party=Party.BUYER, id="b-1")

COMPACT = '{"case":"%s","event":{"type":"filed","platform":"shop","buyer":%s}}'


def put_in(url: str, state: str) -> UUID:
    """Store the bytes of a filing as they are."""
    case = uuid4()
    with psycopg.connect(url) as owner:
        owner.execute(
            "INSERT INTO redress.events"
            " (originator_id, originator_version, topic, state)"
            " VALUES (%s, 1, 'filed', %s)",
            (case, state.encode()),
        )
    return case


def test_a_case_under_legal_hold_is_not_erased_without_its_rows_in_the_views(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    url: str,
) -> None:
    ended_case.act("regulator", "legal-holds", HOLD)
    background.catch_up()
    with psycopg.connect(url) as connection:
        connection.execute("SET ROLE redress_app")
        for view in ("audit_trail", "queue"):
            gone = connection.execute(f"DELETE FROM redress.{view}".encode())
            assert gone.rowcount > 0
    clock.forward(days=YEARS)
    refused = ask(people)
    assert refused.status_code == 409
    assert [one["code"] for one in refused.json()["errors"]] == ["case-held"]


def test_a_case_is_erased_without_its_rows_in_the_views(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    url: str,
) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(b"DELETE FROM redress.audit_trail")
    clock.forward(days=YEARS)
    done = erased(people, background)
    assert (done["state"], done["cases"]) == ("done", 1)
    history = people.auditor.get(f"/v1/audit/disputes/{ended_case.id}").json()
    assert history["facts"][0]["type"] == "filed"
    assert history["facts"][-1]["type"] == "subject-erased"


@pytest.mark.parametrize("covers_the_case", [True, False])
def test_a_row_that_nobody_recorded_destroys_no_key(
    people: People,
    background: Worker,
    ended_case: CaseStory,
    url: str,
    covers_the_case: bool,  # noqa: FBT001 - which of the two is tried
) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("SET ROLE redress_app")
        connection.execute(
            "INSERT INTO redress.erasures (erasure_id, platform, party, subject, basis,"
            " requested_by, requested_at, approved_by, approved_at, recorded_at,"
            " case_ids, key_ids) SELECT gen_random_uuid(), 'shop', 'buyer', 'b-9',"
            " 'x', 'v-1', now(), 'v-2', now(), now(), %s, array_agg(key_id)"
            " FROM redress_keys.data_keys",
            ([UUID(ended_case.id)] if covers_the_case else [],),
        )
    # The job reports it, and goes on with others.
    with pytest.raises(NotRecorded, match="nothing was destroyed"):
        background.catch_up()
    assert ended_case.seen("buyer")["facts"] == FACTS
    assert people.buyer.get(f"/v1/disputes/{ended_case.id}/evidence/1").is_success
    row = people.auditor.get("/v1/erasures").json()["items"][0]
    assert (row["state"], row["done_at"]) == ("approved", None)


@pytest.mark.parametrize(
    "event",
    [
        '{"type":"filed","platform":"shop","buyer":"b-1"}',
        '{"type":"filed","platform":"shop","buyer":"\\u0062-1"}',
        '{"type":"filed","platform":"shop","b\\u0075yer":"b-1"}',
        '{"type":"filed","platform":"shop", "buyer" : "b-1"}',
        '{"type":"filed","platform":"shop","buyer":\n"b-1"}',
        '{"type":"filed","platform":"shop","buyer":"x","buyer":"b-1"}',
        '{"type":"filed","facts":"\\"buyer\\":\\"x\\"","platform":"shop","buyer":"b-1"}',
    ],
)
def test_however_a_filing_is_written_it_is_found(
    disputes: Disputes, url: str, event: str
) -> None:
    case = put_in(url, f'{{"case":"x","event":{event}}}')
    put_in(url, COMPACT % ("y", '"b-2"'))
    put_in(url, COMPACT % ("z", '"B-1"'))
    assert cases_of(disputes.database, BUYER) == [case]


@pytest.mark.parametrize("name", ["买家一号", 'a"b\\c', "x" * 3_000, "é" * 256, "b-1"])
def test_any_name_is_found(disputes: Disputes, url: str, name: str) -> None:
    text = msgspec.json.encode(name).decode()
    case = put_in(url, COMPACT % ("x", text))
    longer = msgspec.json.encode(f"{name}z").decode()
    put_in(url, COMPACT % ("y", longer))
    whose = Subject(platform="shop", party=Party.BUYER, id=name)
    assert cases_of(disputes.database, whose) == [case]
    elsewhere = Subject(platform="other", party=Party.BUYER, id=name)
    assert cases_of(disputes.database, elsewhere) == []
    seller = Subject(platform="shop", party=Party.SELLER, id=name)
    assert cases_of(disputes.database, seller) == []


def test_a_filing_that_may_be_of_anyone_lets_no_erasure_through(
    disputes: Disputes, url: str
) -> None:
    case = put_in(url, '{"case":"x","event":{"type":"filed","buyer":"b-1\\')
    with pytest.raises(UnreadableCase, match=str(case)):
        cases_of(disputes.database, BUYER)


def test_the_indexes_of_filings_are_used(url: str) -> None:
    query = FILINGS_OF[Party.SELLER].decode()
    with psycopg.connect(url) as connection:
        connection.execute(b"SET search_path TO redress")
        connection.execute(b"SET enable_seqscan = off")
        plan = connection.execute(
            f"EXPLAIN {query}".encode(), {"name": b"s-1"}
        ).fetchall()
    said = "\n".join(row[0] for row in plan)
    assert "events_seller" in said
    assert "events_filed_otherwise" in said

"""The access log's chain: one, whoever writes, and whole, or the break is named."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from application.access.access_log import AccessLog
from application.log.fsck.access_chain import check_access
from application.log.fsck.finding import Differs
from application.record.database import Database
from domain.access_events import CaseViewed
from tests.privacy.readers import AUDITOR, VIEWED
from tests.samples import NOW


def test_many_at_once_make_one_chain(database: Database) -> None:
    log = AccessLog(database)

    def read(number: int) -> int:
        event = CaseViewed(what="case", path=f"/{number}", purpose="Audit")
        return log.record(AUDITOR, "shop", event, NOW).number

    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(pool.map(read, range(200)))
    assert numbers == [*range(1, 201)]
    assert found(database) is None


def found(database: Database) -> str | None:
    """Return what a check of the access log finds."""
    try:
        with database.get_connection() as connection:
            check_access(connection)
    except Differs as wrong:
        return wrong.finding.said
    return None


TAMPERED = {
    "UPDATE redress.access_log SET reader = 'b' WHERE number = 5": (
        "entry 5 is listed as something else"
    ),
    "UPDATE redress.access_log SET case_id = gen_random_uuid() WHERE number = 5": (
        "entry 5 is listed as something else"
    ),
    "UPDATE redress.access_log SET entry = convert_to(replace(convert_from(entry,"
    " 'UTF8'), 'Audit', 'Other'), 'UTF8') WHERE number = 5": (
        "entry 5 is not what was hashed"
    ),
    "UPDATE redress.access_log SET entry = a.e, hash = sha256('\\x00'::bytea || a.e)"
    " FROM (SELECT convert_to(replace(convert_from(entry, 'UTF8'), 'Audit', 'Other'),"
    " 'UTF8') AS e FROM redress.access_log WHERE number = 5) a WHERE number = 5": (
        "entry 6 does not follow"
    ),
    "DELETE FROM redress.access_log WHERE number = 5": "entry 5 is missing",
    "DELETE FROM redress.access_log WHERE number < 3": "entry 1 is missing",
    "UPDATE redress.access_log SET entry = 'x' WHERE number = 5": (
        "entry 5 cannot be read"
    ),
}


@pytest.mark.parametrize("change", TAMPERED)
def test_a_change_by_the_owner_is_found(
    database: Database, url: str, change: str
) -> None:
    log = AccessLog(database)
    for _ in range(10):
        log.record(AUDITOR, "shop", VIEWED, NOW)
    assert found(database) is None
    with psycopg.connect(url) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            connection.execute(change.encode())
        connection.rollback()
        connection.execute("ALTER TABLE redress.access_log DISABLE TRIGGER append_only")
        connection.execute(change.encode())
    assert (found(database) or "").startswith(TAMPERED[change])

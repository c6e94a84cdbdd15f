"""Rules are named by what they say: changed in place, they are found and named."""

from __future__ import annotations

import shutil
from base64 import b64encode
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import TupleRow

from application.cases.disputes import Disputes
from application.log.build.integrate import LogBuilder
from application.log.fsck.finding import Property
from application.log.fsck.trusted_checkpoints import Trust
from application.log.fsck.verdict import Verdict
from application.log.fsck.whole_record import check
from application.operator_error import OperatorError
from application.privacy.data_keys import KeyStore
from application.record.database import Database
from application.record.sequencer import Sequencer
from application.rules.adopted_rules import RulesChanged, refuse_changed
from application.rules.rule_sets import RuleSet
from application.rules.rulebook import Rulebooks
from domain.identity import RULES as HISTORY
from domain.identity import natural_key
from tests.conftest import Clock
from tests.domain.test_regulation import OWN
from tests.log.owner_edits import owner_without_triggers
from tests.log.signer_fixture import SignerFixture
from tests.samples import BOOKS, BUYER, FILE
from tests.store.test_disputes import CASE, request

NEXT_CASE = natural_key("shop", "b-1", "o-2", "1", "defect", 1)
App = Connection[TupleRow]
SHIPPED = Path(str(files("domain").joinpath("policy")))


@pytest.fixture
def filed(disputes: Disputes, url: str, signer: SignerFixture) -> Disputes:
    """A case is filed, under rules that nobody had used before, and it is signed."""
    disputes.handle(request(BUYER), FILE)
    sequenced(url)
    signer.sign()
    return disputes


def sequenced(url: str) -> None:
    parts = Sequencer(url), LogBuilder(url)
    while sum(part.tick() for part in parts):
        pass
    for part in parts:
        part.close()


def verdict(app: App, signer: SignerFixture, *rules: RuleSet, **of: Any) -> Verdict:
    return check(app, Trust(signer.keys.verifiers), rules=rules, **of)


def changed_rules(tmp_path: Path, old: str, new: str) -> Rulebooks:
    """Rules with a profile of the operator's own that was edited in place."""
    folder = tmp_path / "policies"
    folder.mkdir()
    text = (SHIPPED / "cn-default-1.toml").read_text("utf-8")
    assert old in text
    own = text.replace('name = "cn-default"', 'name = "own"').replace(old, new)
    (folder / "own-1.toml").write_text(own, "utf-8")
    return Rulebooks(folder)


def test_the_first_use_of_rules_is_in_the_log_before_the_case(
    filed: Disputes, app: App, signer: SignerFixture
) -> None:
    (adopted,) = filed.rules.recorded()
    recorded = filed.find(CASE).events[0]
    assert recorded.rules == adopted.rules == BOOKS.rule_set("cn-default/1").digest
    assert {one.kind for one in adopted.parts} == {
        "calendar",
        "codes",
        "policy",
        "proof",
        "regulation",
        "texts",
    }
    topics = app.execute("SELECT topic FROM events ORDER BY notification_id").fetchall()
    assert topics == [("rules-adopted",), ("filed",)]
    for of in ({}, {"case": CASE}):
        assert verdict(app, signer, *BOOKS.rule_sets, **of).intact


def test_rules_are_adopted_once_by_many_processes(
    filed: Disputes, database: Database, keys: KeyStore, clock: Clock
) -> None:
    other = Disputes(database, keys, BOOKS, clock=clock)
    rules = BOOKS.rule_set("cn-default/1")
    assert not other.rules.knows(rules.digest)
    other.rules.adopt(rules)
    assert other.rules.knows(rules.digest)
    assert len(filed.rules.recorded()) == 1
    other.rules.adopt(BOOKS.rule_set("jd-like/1"))
    assert len(filed.rules.recorded()) == 2


def test_a_profile_that_is_changed_in_place_is_named_with_its_file(
    disputes: Disputes, database: Database, keys: KeyStore, clock: Clock, tmp_path: Path
) -> None:
    first = changed_rules(tmp_path, "retention = ", "retention = ")
    one = Disputes(database, keys, first, policy="own/1", clock=clock)
    one.handle(request(BUYER), FILE)
    shutil.rmtree(tmp_path / "policies")
    edited = changed_rules(tmp_path, "retention = 3", "retention = 1")
    file = tmp_path / "policies" / "own-1.toml"
    with pytest.raises(RulesChanged, match=r"own/1 was changed in place") as error:
        refuse_changed(disputes.rules.recorded(), edited.rule_sets)
    assert str(file) in str(error.value)
    # Nor does a process that has not noticed use them.
    late = Disputes(database, keys, edited, policy="own/1", clock=clock)
    second = replace(FILE, order=replace(FILE.order, id="o-2"))
    with pytest.raises(RulesChanged):
        late.handle(replace(request(BUYER), case=NEXT_CASE), second)


def test_verify_names_a_profile_that_is_not_the_one_in_use_then(
    filed: Disputes, app: App, signer: SignerFixture
) -> None:
    rules = BOOKS.rule_set("cn-default/1")
    policy = next(one for one in rules.parts if one.kind == "policy")
    edited = replace(
        policy, text=policy.text.replace(b"retention = 3", b"retention = 1")
    )
    assert edited.text != policy.text
    parts = tuple(edited if one is policy else one for one in rules.parts)
    found = verdict(app, signer, replace(rules, parts=parts)).finding
    assert found is not None
    assert found.property is Property.RULES
    assert "cn-default-1.toml: policy cn-default/1 was changed in place" in found.said
    assert len(filed.rules.recorded()) == 1


@pytest.mark.parametrize("edit", ["DELETE FROM rule_texts WHERE sha256 = %s", "UPDATE"])
def test_a_kept_text_that_is_lost_or_changed_is_named(
    filed: Disputes, app: App, signer: SignerFixture, url: str, edit: str
) -> None:
    part = next(one for one in filed.rules.recorded()[0].parts if one.kind == "policy")
    with owner_without_triggers(url) as owner:
        owner.execute("ALTER TABLE rule_texts DISABLE TRIGGER ALL")
        if edit == "UPDATE":
            owner.execute(
                "ALTER TABLE rule_texts DROP CONSTRAINT rule_texts_content_check"
            )
            edit = "UPDATE rule_texts SET content = 'x' WHERE sha256 = %s"
        owner.execute(edit.encode(), (part.sha256,))
    found = verdict(app, signer).finding
    assert found is not None
    assert found.said == "the text of policy cn-default/1 is lost or was changed"
    assert filed.rules.texts([part.sha256]) == {}


def test_an_event_that_names_rules_nobody_adopted_is_named(
    filed: Disputes, app: App, signer: SignerFixture, url: str
) -> None:
    row = app.execute("SELECT state FROM events WHERE topic = 'filed'").fetchone()
    assert row is not None
    other = NEXT_CASE
    named = BOOKS.rule_set("jd-like/1").digest
    state = row[0].replace(str(CASE).encode(), str(other).encode())
    ours = b64encode(BOOKS.rule_set("cn-default/1").digest)
    state = state.replace(ours, b64encode(named))
    app.execute(
        "INSERT INTO events (originator_id, originator_version, topic, state)"
        " VALUES (%s, 1, 'filed', %s)",
        (other, state),
    )
    sequenced(url)
    signer.sign()
    for of in ({}, {"case": other}):
        found = verdict(app, signer, **of).finding
        assert found is not None
        assert (found.property, found.case) == (Property.RULES, other)
        assert named.hex() in found.said
    assert verdict(app, signer, case=CASE).intact
    assert len(filed.rules.recorded()) == 1


def test_a_row_that_was_put_into_the_history_of_rules_is_no_crash(
    filed: Disputes, app: App, signer: SignerFixture, url: str
) -> None:
    app.execute(
        "INSERT INTO events (originator_id, originator_version, topic, state)"
        " VALUES (%s, 2, 'rules-adopted', '{}')",
        (HISTORY,),
    )
    sequenced(url)
    found = verdict(app, signer).finding
    assert found is not None
    assert found.case == HISTORY
    # A start names it, too.
    with pytest.raises(OperatorError, match="version 2"):
        filed.rules.recorded()


def test_rules_that_decisions_cite_are_held_to_what_was_adopted(
    tmp_path: Path, disputes: Disputes, url: str, app: App, signer: SignerFixture
) -> None:
    """An operator edits an article in place, after cases have been decided by it."""
    file = tmp_path / "acme-1.toml"
    file.write_text(OWN, "utf-8")
    own = Rulebooks(regulations=tmp_path)
    disputes.books = own
    disputes.handle(request(BUYER), FILE)
    sequenced(url)
    signer.sign()
    assert verdict(app, signer, *own.rule_sets).intact
    file.write_text(OWN.replace("应当退款。", "不予退款。"), "utf-8")
    edited = Rulebooks(regulations=tmp_path)
    said = r"acme-1\.toml: regulation acme/1 was changed in place"
    with pytest.raises(RulesChanged, match=said):
        refuse_changed(disputes.rules.recorded(), edited.rule_sets)
    found = verdict(app, signer, *edited.rule_sets)
    assert not found.intact
    assert "regulation acme/1 was changed in place" in str(found)

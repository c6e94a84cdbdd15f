"""A case from filing to its end by `redress-client` alone, and what it does besides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from interface.bootstrap import System
from interface.client import (
    CaseHandle,
    NotOffered,
    ProblemRaised,
    Redress,
    RedressError,
    StaleCase,
)
from interface.client.generated.models import (
    ApiKeyBody,
    BuyerCase,
    FilingBody,
    MoneyBody,
    Outcome,
    Phase,
    SellerCase,
    StaffCase,
    TermsBody,
)
from interface.client.problem_raised import (
    DigestMismatch,
    NotAuthenticated,
    NotPossible,
    NotThere,
)
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http import pictures
from tests.http.conftest import FILING, HOST, People

REFUND = TermsBody(kind="refund", amount=MoneyBody(amount="129.00", currency="CNY"))


def filing(order: str = "o-1", **changes: Any) -> FilingBody:
    said = FILING | {"order": FILING["order"] | {"id": order}} | changes
    return msgspec.convert(said, FilingBody)


def test_a_case_from_filing_to_its_end(
    people: People, background: Worker, clock: Clock, tmp_path: Path
) -> None:
    buyer, seller = people.buyer.client, people.seller.client
    mediator = people.mediator.client

    case = buyer.file(filing())
    assert isinstance(case.shown, BuyerCase)
    assert case.shown.view == "buyer"
    assert (case.phase, case.etag) == (Phase.FILED, '"1"')
    assert "evidence" in case.actions

    background.catch_up()
    (waiting,) = mediator.every(mediator.read_queue)
    at_desk = mediator.case(waiting.id)
    assert isinstance(at_desk.shown, StaffCase)
    at_desk.actions.admit_dispute(note="Photos are announced.")
    assert at_desk.phase is Phase.AWAITING_RESPONSE
    background.catch_up()

    at_seller = seller.case(case.id).wait_for("seller-response", seconds=0)
    assert isinstance(at_seller.shown, SellerCase)
    at_seller.actions.respond_to_claim(
        position="contest", statement="It left us whole."
    )
    assert at_seller.shown.response is not None

    # What the buyer has read is not the case any more.
    with pytest.raises(StaleCase) as stale:
        case.act("withdrawal")
    assert stale.value.request_id
    case.refresh().actions.escalation(trigger="no-agreement")

    photo = tmp_path / "crack.png"
    photo.write_bytes(pictures.picture("PNG"))
    case.actions.submit_evidence(file=str(photo), kind="photo", note="The crack.")
    (item,) = case.shown.evidence
    assert (item.media_type, item.name) == ("image/png", "crack.png")
    assert case.read_evidence(1) == photo.read_bytes()
    saved = case.save_evidence(1, tmp_path / "again.png")
    assert saved.read_bytes() == photo.read_bytes()

    clock.forward(days=4)
    background.catch_up()
    at_desk.refresh().act(
        "evidence-assessment",
        {"authentic": True, "relevant": True, "legal": True},
        number=1,
    )
    reason = {
        "issue": "Was it defective?",
        "finding": "The photo shows the crack.",
        "rule": {"id": "sample-platform", "version": "1", "article": "3"},
        "relied_on": [1],
        "burden": "buyer",
    }
    at_desk.actions.rule_dispute(
        liability="seller", remedies=[REFUND], reasons=[reason]
    )
    background.catch_up()

    at_seller.refresh().actions.report_fulfilment(obligation=1, reference="pay-77")
    case.refresh().actions.confirm_fulfilment()
    assert (case.phase, case.shown.outcome) == (Phase.CLOSED, Outcome.RULED)

    background.catch_up()
    (listed,) = buyer.cases(outcome=Outcome.RULED)
    assert listed.id == case.id
    history = people.regulator.client.read_history(case.id)
    assert history.facts[-1].type == "closed"
    steps = people.regulator.client.replay_dispute(case.id)
    assert [one.type for one in steps] == [one.type for one in history.facts]


def test_only_what_is_offered_can_be_done(people: People) -> None:
    case = people.buyer.client.file(filing())
    with pytest.raises(
        NotOffered, match="possible: withdrawal, contact, messages"
    ) as said:
        case.actions.respond_to_claim(position="accept")
    assert "withdrawal" in said.value.possible
    # As of any object, so that completion and `hasattr` tell what is possible.
    assert not hasattr(case.actions, "respond_to_claim")
    assert hasattr(case.actions, "withdraw_dispute")
    assert dir(case.actions) == sorted(
        {one.name.replace("-", "_") for one in case.actions}
    )
    with pytest.raises(TypeError, match="it takes reason"):
        case.actions.withdrawal(because="Enough.")
    assert case.refresh().shown.version == 1


def test_an_item_is_chosen_by_its_number(people: People, background: Worker) -> None:
    case = people.buyer.client.file(filing())
    for form in ("PNG", "JPEG"):
        case.act("evidence", {"file": pictures.picture(form), "kind": "photo"})
    desk = people.mediator.client.case(case.id)
    desk.actions.admission()
    background.catch_up()
    people.seller.client.case(case.id).actions.respond_to_claim(
        position="contest", statement="It left us whole."
    )
    case.refresh().actions.escalation(trigger="no-agreement")
    weighed = {"authentic": True, "relevant": True, "legal": True}
    with pytest.raises(TypeError, match="say number="):
        desk.refresh().act("evidence-assessment", weighed)
    desk.actions.assess_evidence(number=2, **weighed)
    assert [one.assessment is not None for one in desk.shown.evidence] == [False, True]
    with pytest.raises(NotOffered):
        desk.act("evidence-assessment", weighed, number=7)


def test_a_stale_case_is_read_anew_only_if_that_is_said(people: People) -> None:
    case = people.buyer.client.file(filing())
    people.mediator.client.case(case.id).actions.admission()
    with pytest.raises(StaleCase):
        case.act("withdrawal", {"reason": "Enough."})
    case.act("withdrawal", {"reason": "Enough."}, refreshes=1)
    assert case.shown.outcome is Outcome.WITHDRAWN


def test_a_body_that_may_be_left_out_can_be(people: People, background: Worker) -> None:
    case = people.buyer.client.file(filing())
    people.mediator.client.case(case.id).actions.admission()
    background.catch_up()
    seller = people.seller.client.case(case.id)
    seller.actions.respond_to_claim(position="offer", offer=REFUND)
    buyer = people.buyer.client
    shown = buyer.decline_offer(case.id, 1, if_match="*")
    assert shown is not None
    assert str(shown.offers[0].state) == "declined"


def test_what_is_given_away_is_shown_no_more(people: People) -> None:
    case = people.buyer.client.file(filing())
    desk = people.mediator.client.case(case.id)
    desk.actions.recuse_mediator(conflict="The seller is my brother.")
    with pytest.raises(RedressError, match="do not see"):
        _ = desk.phase


def test_lists_are_read_over_all_their_pages(
    people: People, background: Worker
) -> None:
    buyer = people.buyer.client
    filed = [buyer.file(filing(f"o-{n}")).id for n in range(11)]
    background.catch_up()
    found = [one.id for one in buyer.cases(limit=3)]
    assert len(found) == 11
    assert {*found} == {*filed}
    asked = buyer.list_disputes(limit=3)
    assert len(asked.items) == 3
    assert asked.next is not None


def test_problems_say_what_is_wrong(people: People) -> None:
    buyer = people.buyer.client
    with pytest.raises(ProblemRaised) as refused:
        buyer.speaking("zh-CN").file(filing(category="nonsense"))
    assert refused.value.status in {400, 422}
    assert refused.value.errors[0].pointer == "/category"
    assert refused.value.errors[0].detail.isascii() is False
    assert str(refused.value.request_id)
    case = buyer.file(filing())
    with pytest.raises(NotThere):
        people.named("buyer", "b-2").client.case(case.id)
    with pytest.raises(NotPossible) as twice:
        buyer.file(filing())
    assert twice.value.problem.dispute == case.id
    with pytest.raises(NotAuthenticated):
        Redress(HOST, http=people.buyer.http).case(case.id)


def test_a_key_of_ones_own_is_answered_as_the_first_time(people: People) -> None:
    buyer = people.buyer.client
    first = buyer.file(filing(), key="filing-1")
    assert buyer.file(filing(), key="filing-1").id == first.id


def test_a_token_is_asked_for_whenever_one_is_sent(people: People) -> None:
    tokens = iter([people.buyer.headers["Authorization"].removeprefix("Bearer "), "x"])
    buyer = Redress(HOST, token=lambda: next(tokens), http=people.buyer.http)
    assert list(buyer.cases()) == []
    with pytest.raises(NotAuthenticated):
        buyer.list_disputes()
    with pytest.raises(TypeError, match="one of them"):
        Redress(HOST, token="a", api_key="b")


def test_an_api_key_names_a_program_and_the_person_it_acts_for(
    people: People, system: System
) -> None:
    body = ApiKeyBody(
        name="Order system",
        role="platform",
        subject="order-system",
        expires_at=datetime.now(UTC) + timedelta(days=30),
    )
    made = people.supervisor.client.create_api_key(body)
    # What the thread of a serving process does within half a second.
    system.revoked.look()
    program = Redress(HOST, api_key=made.key, http=people.buyer.http)
    case = program.on_behalf_of("buyer", "b-1").file(filing())
    assert case.shown.view == "buyer"
    assert people.buyer.client.case(case.id).shown.buyer == "b-1"
    # Names are of any letters.
    other = program.on_behalf_of("buyer", "买家-%1")
    assert other.file(filing("o-2")).shown.buyer == "买家-%1"


def test_the_feed_goes_on_where_it_was_left(people: People, background: Worker) -> None:
    buyer = people.buyer.client
    cases = [buyer.file(filing(f"o-{n}")).id for n in range(5)]
    background.catch_up()
    platform = people.platform.client
    feed = platform.follow(is_endless=False, limit=2)
    first = next(iter(feed))
    # It was told, and whoever broke off there is told it again.
    assert feed.position < first.position
    whole = [one.dispute for one in feed if one.type == "filed"]
    assert whole == cases
    assert list(feed) == []
    after = buyer.file(filing("o-5"))
    background.catch_up()
    assert [one.dispute for one in feed] == [after.id]
    again = platform.follow(first.position, is_endless=False)
    assert [one.dispute for one in again] == [*cases[1:], after.id]
    only = platform.follow(is_endless=False, dispute=after.id)
    assert [one.type for one in only] == ["filed"]


def test_damaged_bytes_are_no_file(people: People, tmp_path: Path) -> None:
    case = people.buyer.client.file(filing())
    case.act("evidence", {"file": pictures.picture("JPEG"), "kind": "photo"})
    (item,) = case.shown.evidence
    assert (item.media_type, item.name) == ("image/jpeg", "file.jpg")
    told = msgspec.structs.replace(item, sha256="0" * 64)
    shown = msgspec.structs.replace(case.shown, evidence=(told,))
    case = CaseHandle(people.buyer.client, shown)
    kept = tmp_path / "kept.jpg"
    kept.write_bytes(b"before")
    with pytest.raises(DigestMismatch):
        case.save_evidence(1, kept)
    assert kept.read_bytes() == b"before"
    assert list(tmp_path.glob(".kept*")) == []
    with pytest.raises(DigestMismatch):
        case.read_evidence(1)

"""Who files for a buyer names the one whose order it is, as far as that is known."""

from __future__ import annotations

import pytest

from tests.http.conftest import FILING, People, file_for

OTHER_ISSUE = {"category": "delivery", "reason": "late-dispatch"}


def test_a_program_names_no_buyer_of_anothers_order(people: People) -> None:
    file_for(people)
    path = "/v1/disputes"
    wrong = FILING | OTHER_ISSUE | {"buyer": "b-7"}
    answer = people.platform.post(path, wrong, On_Behalf_Of="buyer")
    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/buyer", "order-of-another")
    # Whose order it is, is not said.
    assert "b-1" not in answer.text
    right = people.platform.post(path, wrong | {"buyer": "b-1"}, On_Behalf_Of="buyer")
    assert right.status_code == 201, right.text
    # Of another order line the record knows nothing.
    line = FILING["order"] | {"line": "2"}
    new = people.platform.post(path, wrong | {"order": line}, On_Behalf_Of="buyer")
    assert new.status_code == 201, new.text


@pytest.mark.parametrize("role", ["mediator", "supervisor"])
def test_nor_does_staff(people: People, role: str) -> None:
    file_for(people)
    wrong = FILING | {"channel": "platform-initiated", "buyer": "b-7"}
    answer = getattr(people, role).post("/v1/disputes", wrong)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["code"] == "order-of-another"


def test_who_files_in_person_is_kept_out_by_nobody(people: People) -> None:
    file_for(people)
    answer = people.named("buyer", "b-2").file()
    assert answer.status_code == 201, answer.text
    assert answer.json()["buyer"] != "b-1"

"""A supervisor gives a case to somebody from the queue, and is back in the queue."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from interface.run.worker import Worker
from tests.http.conftest import People
from tests.pages.conftest import Browse, check_page
from tests.pages.test_mediator_choice import OPTION, given_to

FORM = re.compile(r'<form class="giving.*?</form>', re.DOTALL)


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "已改派给 m-2"), ("en", "is now with m-2")],
)
def test_a_case_is_given_to_somebody_known_and_the_queue_comes_back(
    browse: Browse, people: People, background: Worker, lang: str, words: str
) -> None:
    case, *_ = given_to(people, background, "m-1", "m-2")
    supervisor = browse("supervisor", lang=lang)
    page = supervisor.page("/desk", assignee="m-1")
    give = re.search(rf'href="(/desk\?give={case}&sealed=[^"]+)"', page)
    assert give
    assert FORM.findall(supervisor.page(give[1]))
    form = FORM.findall(supervisor.page("/desk", assignee="m-1", give=case))[0]
    # Neither who has it, nor a field for any id.
    assert [one for one, _ in OPTION.findall(form)] == ["", "v-1", "m-2"]
    assert 'type="text"' not in form
    sent = supervisor.post(
        f"/desk/give/{case}",
        key=str(uuid4()),
        version="2",
        mediator="m-2",
        assignee="m-1",
    )
    assert sent.status_code == 303
    assert sent.headers["location"].startswith(f"/desk?given={case}&sealed=")
    assert words in supervisor.page(sent.headers["location"])
    assert people.supervisor.get(f"/v1/disputes/{case}").json()["assignee"] == "m-2"


@pytest.mark.parametrize("who", ["", "m-9", "b-1", "nobody at all"])
def test_whoever_works_not_here_is_told_at_the_field(
    browse: Browse, people: People, background: Worker, who: str
) -> None:
    case, *_ = given_to(people, background, "m-1", "m-2")
    sent = browse("supervisor").post(
        f"/desk/give/{case}",
        key=str(uuid4()),
        version="2",
        mediator=who,
        assignee="m-1",
        q="o-0",
    )
    assert sent.status_code == 422
    check_page(sent)
    assert 'id="give-to-flaw"' in sent.text
    assert who in sent.text
    # The filters stay, in the form too.
    assert 'name="assignee" value="m-1"' in FORM.findall(sent.text)[0]
    assert 'name="q" value="o-0"' in FORM.findall(sent.text)[0]
    assert people.supervisor.get(f"/v1/disputes/{case}").json()["assignee"] == "m-1"


def test_a_case_that_moved_on_is_told_and_can_be_given_then(
    browse: Browse, people: People, background: Worker
) -> None:
    case, *_ = given_to(people, background, "m-1", "m-2")
    people.mediator.act(case, "notes", {"text": "Called."})
    supervisor, form = browse("supervisor"), {"mediator": "m-2"}
    old = supervisor.post(f"/desk/give/{case}", key=str(uuid4()), version="2", **form)
    assert old.status_code in {409, 412}
    assert "案件刚有新进展" in old.text
    assert 'name="version" value="3"' in FORM.findall(old.text)[0]
    assert '<option value="m-2" selected>' in FORM.findall(old.text)[0]
    again = supervisor.post(f"/desk/give/{case}", key=str(uuid4()), version="3", **form)
    assert again.status_code == 303


def test_a_mediator_gives_away_no_case(
    browse: Browse, people: People, background: Worker
) -> None:
    case, *_ = given_to(people, background, "m-1", "m-2")
    mediator = browse("mediator")
    assert "give=" not in mediator.page("/desk")
    sent = mediator.post(
        f"/desk/give/{case}", key=str(uuid4()), version="2", mediator="m-2"
    )
    assert sent.status_code >= 400
    assert people.supervisor.get(f"/v1/disputes/{case}").json()["assignee"] == "m-1"

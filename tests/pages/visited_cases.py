"""The cases and the reports that the visited pages show."""

from __future__ import annotations

from interface.bootstrap import System
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for
from tests.http.pictures import picture
from tests.pages.public_reports import by_category, by_month, by_reason, uncut
from tests.pages.stored_editions import store

APPEAL = {"ground": "error", "statement": "The photo shows another kettle."}


class PictureStory(CaseStory):
    """A case whose evidence can be seen."""

    picture = picture("PNG")


def visited_cases(
    people: People, background: Worker, clock: Clock, system: System
) -> dict[str, str]:
    """Make one case for each state that pages show differently; return their ids."""
    for report in (uncut(), by_month(), by_category(), by_reason()):
        store(system, report)
    found = {"appealed": _appealed(people, background, clock)}
    weighed = PictureStory(people, background, clock, file_for(people, "o-2"))
    found["weighed"] = weighed.to_rule().id
    weighed.act("mediator", "notes", {"text": "The carrier called."})
    asked = {"kind": "carrier", "addressee": "SF", "question": "Was it delivered?"}
    weighed.act("mediator", "inquiries", asked)
    found["offered"] = _offered(people, background, clock)
    found["new"] = file_for(people, "o-3")
    background.catch_up()
    return found


def _appealed(people: People, background: Worker, clock: Clock) -> str:
    story = PictureStory(people, background, clock).ruled()
    story.act("seller", "appeal", APPEAL)
    return story.id


def _offered(people: People, background: Worker, clock: Clock) -> str:
    filed = file_for(people, "o-4")
    story = PictureStory(people, background, clock, filed).contested()
    half = {"kind": "refund", "amount": {"amount": "64.50", "currency": "CNY"}}
    story.act("seller", "offers", {"terms": half, "message": "Half."})
    story.act("buyer", "messages", {"text": "Why half?"})
    return story.id

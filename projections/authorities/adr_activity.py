"""The activity report of Article 7(2) of Directive 2013/11/EU, as adopted in 2013.

On alternative dispute resolution for consumers: points (a) to (h).
"""

from __future__ import annotations

from collections.abc import Iterator

from projections.authorities.authority_form import (
    Asked,
    FormPlace,
    about,
    general,
    ground,
)
from projections.authorities.form_answer import Answering, not_recorded

GROUNDS = {
    "abusive": "Article 5(4)(b), frivolous or vexatious",
    "settled-or-pending": "Article 5(4)(c), considered elsewhere",
    "late": "Article 5(4)(e), not submitted in time",
}
"""Which ground of the Directive ours is, where it is one of them."""

OTHER_GROUND = "not a ground that Article 5(4) names"
IN_FAVOUR = {
    "buyer": "Solutions imposed, in favour of the consumer",
    "partly": "Solutions imposed, in favour of the consumer in part",
    "seller": "Solutions imposed, in favour of the trader",
    "amicable": "Resolved by an amicable solution",
}
NO_COUNTRY = "the record does not hold in which countries the parties are"
A, B, C, D = ("Art. 7(2)(a)", "Art. 7(2)(b)", "Art. 7(2)(c)", "Art. 7(2)(d)")
E, F, G, H = ("Art. 7(2)(e)", "Art. 7(2)(f)", "Art. 7(2)(g)", "Art. 7(2)(h)")


def _rows(answering: Answering, place: FormPlace) -> Iterator[Asked]:
    yield from _received(answering, place)
    yield from _refused(answering, place)
    yield from _solved(answering)
    for indicator in ("Cooperation within networks of ADR entities",):
        why = "cooperation with other bodies is not part of a case"
        yield H, indicator, "", not_recorded(why)


def _received(answering: Answering, place: FormPlace) -> Iterator[Asked]:
    received = "Disputes received"
    yield A, received, "total", answering.figure("opened")
    yield A, received, "domestic", not_recorded(NO_COUNTRY)
    yield A, received, "cross-border", not_recorded(NO_COUNTRY)
    for code in answering.parts("opened-reasons"):
        found = answering.part("opened-reasons", code)
        yield A, "Types of complaints", about(place.codes, code, "en"), found
    problems = "Systematic or significant problems that occur frequently"
    # The most frequent types are no finding that something is wrong.
    judged = (
        "which problems are systematic is a judgement; the record counts types, (a)"
    )
    yield B, problems, "", not_recorded(judged)
    advice = "recommendations are made by people, and are in no case"
    yield B, "Recommendations", "", not_recorded(advice)


def _refused(answering: Answering, place: FormPlace) -> Iterator[Asked]:
    yield C, "Rate of disputes refused", "", answering.figure("refusal-rate")
    for code in answering.parts("refused"):
        name, meant = ground(place.codes, code, "en"), GROUNDS.get(code, OTHER_GROUND)
        yield C, "Grounds for refusal", name, answering.share("refused", code, meant)


def _solved(answering: Answering) -> Iterator[Asked]:
    asked = "asked of procedures of Article 2(2)(a) only"
    for part, indicator in IN_FAVOUR.items():
        yield D, indicator, "", answering.share("resolved", part, asked)
    discontinued = "Procedures discontinued"
    yield E, discontinued, "", answering.figure("discontinued")
    for outcome in ("withdrawn", "referred"):
        found = answering.share("closed", outcome, "of all cases closed")
        yield E, discontinued, outcome, found
    why = "why a buyer withdrew is text that only the parties read"
    yield E, "Reasons for discontinuation", "", not_recorded(why)
    yield (
        F,
        "Average time to resolve disputes",
        "",
        answering.figure("days-open", mean=True),
    )
    yield (
        G,
        "Rate of compliance with the outcomes",
        "",
        answering.figure("compliance-rate-of-owed"),
    )


ADR = general("en", _rows)

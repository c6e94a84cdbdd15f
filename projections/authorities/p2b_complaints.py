"""Article 11(4) of Regulation (EU) 2019/1150: complaints of business users.

On fairness for business users of online intermediation services. What sellers complain
about in the record are decisions in disputes: their appeals.
"""

from __future__ import annotations

from collections.abc import Iterator

from projections.authorities.authority_form import Asked, FormPlace, about, general
from projections.authorities.form_answer import Answering, not_recorded

PROVISION = "Art. 11(4)"
SCOPE = "appeals of sellers against the platform's decisions in disputes"
RESULTS = {
    "upheld": "decision upheld",
    "varied": "decision changed in part",
    "set-aside": "decision set aside",
}
OTHERS = (
    "Complaints about non-compliance with the Regulation, Art. 11(1)(a)",
    "Complaints about technological issues, Art. 11(1)(b)",
    "Complaints about other measures or behaviour, Art. 11(1)(c)",
)


def _rows(answering: Answering, place: FormPlace) -> Iterator[Asked]:
    lodged = answering.figure("seller-appeals", note=SCOPE)
    yield PROVISION, "Total number of complaints lodged", "", lodged
    for code in answering.parts("seller-appeals"):
        found = answering.part("seller-appeals", code)
        yield (
            PROVISION,
            "Main types of complaints",
            about(place.codes, code, "en"),
            found,
        )
    time = answering.figure("days-to-seller-appeal-decision", mean=True)
    yield PROVISION, "Average time needed to process complaints", "", time
    for code, words in RESULTS.items():
        found = answering.part("seller-appeals-decided", code)
        yield PROVISION, "Outcomes of complaints", words, found
    why = "refused appeals are counted of both sides together (figure appeals-refused)"
    yield PROVISION, "Outcomes of complaints", "refused", not_recorded(why)
    for other in OTHERS:
        why = "the record holds appeals in disputes, and no other complaints of sellers"
        yield PROVISION, other, "", not_recorded(why)


P2B = general("en", _rows)

"""Part 7 of Annex I to Implementing Regulation (EU) 2024/2835, as the template has it.

Digital Services Act: complaints, out-of-court disputes, suspensions. Medians are in
hours, as Annex II asks. The record is of disputes between buyers and sellers, so that
most rows are not its to answer; each says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from projections.authorities.authority_form import AuthorityForm, FormPlace, Row
from projections.authorities.form_answer import (
    NOTHING,
    Answering,
    FormAnswer,
    not_recorded,
    number,
)
from projections.authorities.record_cover import within_record
from projections.reports.report import Group

COLUMNS = (
    *("Applicability", "Service", "Reporting period", "Section", "Indicator"),
    *("Scope", "Value", "Contextual Information"),
)
ALL, PLATFORMS = "All", "Only for providers of online platforms"
COMPLAINTS = "Internal complaints mechanism"
BODIES = "Out-of-court dispute settlement bodies"
OFFENDERS = "Suspensions imposed on repeated offenders"
TOTAL, MEDIAN, OMITTED = "Total number", "Median time", "Decision omitted"
IMPLEMENTED = "Percentage of outcomes implemented"
RESULTS = {
    "Decisions upheld": "upheld",
    "Decisions partially reversed": "varied",
    "Decisions reversed": "set-aside",
}
SUBMITTED = "Number of complaints submitted to the internal-complaints mechanism"
IMPOSED = "Number of restrictions newly imposed as a result of an internal complaint"

# A space at the end of an indicator is the template's own.
BY_DECISION = (
    "to remove or disable access to or restrict visibility of information",
    "to suspend or terminate the provision of the service",
    "to suspend or terminate an account ",
    "to restrict the ability to monetise information",
    *(
        f"not to take action on a notice submitted {by}in accordance with Article 16"
        for by in ("", "by a Trusted Flagger ")
    ),
)
DISPUTED = "Number of disputes submitted to out-of-court dispute settlement bodies"
SUSPENDED = (
    "manifestly illegal content ",
    "manifestly unfounded notices",
    "manifestly unfounded complaints",
)
COUNTED = (
    "counted here: cases with an appeal against the platform's decision in a dispute"
    " between a buyer and a seller; whether it is a complaint within Article 20 is for"
    " the provider to judge. Complaints about content moderation are not in this record"
)
NO_MODERATION = (
    "the record is of disputes between buyers and sellers, and holds no decisions on"
    " content, accounts, monetisation or notices"
)
NO_BODIES = (
    "the record names where a case was referred to (figure referred), but not whether"
    " that is a body certified under Article 21, nor what it decided"
)
NO_SUSPENSIONS = (
    "sanctions in the record follow breaches of duties in disputes (figure sanctioned),"
    " and none is imposed for what Article 23 names"
)
NO_RESTRICTIONS = (
    "a decision on an appeal is recorded with its result, and not whether it restricts"
    " somebody anew"
)


def rows(group: Group, place: FormPlace) -> Iterator[Row]:
    """Yield the rows of the template, in its order."""
    answering = Answering(group, "en")
    own = [
        (SUBMITTED, scope, found) for scope, found in _complaints(answering, group)
    ] + [(IMPOSED, TOTAL, not_recorded(NO_RESTRICTIONS))]
    for indicator, scope, answer in own:
        found = within_record(answer, group, place.first_day, "en")
        is_for_all = (indicator, scope) == (SUBMITTED, TOTAL)
        yield _row(place, COMPLAINTS, indicator, scope, found, for_all=is_for_all)
    # By what they are about: decisions of which the record knows none.
    for decision in BY_DECISION:
        indicator = f"Complaint regarding a decision {decision}"
        for scope in (TOTAL, *RESULTS, MEDIAN):
            yield _row(place, COMPLAINTS, indicator, scope, not_recorded(NO_MODERATION))
    for scope in (TOTAL, *RESULTS, MEDIAN, OMITTED, IMPLEMENTED):
        yield _row(place, BODIES, DISPUTED, scope, not_recorded(NO_BODIES))
    for content in SUSPENDED:
        indicator = f"Number of suspensions enacted for the provision of {content}"
        yield _row(place, OFFENDERS, indicator, TOTAL, not_recorded(NO_SUSPENSIONS))


def _complaints(answering: Answering, group: Group) -> Iterator[tuple[str, FormAnswer]]:
    yield TOTAL, answering.figure("appealed", note=COUNTED)
    for scope, result in RESULTS.items():
        yield scope, answering.part("appeals-decided", result, note=COUNTED)
    yield MEDIAN, _hours(answering, group)
    refused = "appeals that were refused: they named neither new evidence nor an error"
    yield OMITTED, answering.figure("appeals-refused", note=f"{COUNTED}; {refused}")


def _hours(answering: Answering, group: Group) -> FormAnswer:
    days = group["days-to-appeal-decision"].value
    found = answering.figure("days-to-appeal-decision")
    # Annex II asks for hours, and leaves out what was not decided.
    said = f"{COUNTED}; in hours, until the decision was recorded"
    return FormAnswer(
        value=number(None if days is None else round(days * 24, 2)),
        definition=found.definition,
        note=NOTHING["en"] if days is None else said,
    )


def _row(
    place: FormPlace,
    section: str,
    indicator: str,
    scope: str,
    found: FormAnswer,
    *,
    for_all: bool = False,
) -> Row:
    figure = f"figure {found.definition}: " if found.definition else ""
    return (
        *(ALL if for_all else PLATFORMS, place.service, place.period),
        *(section, indicator, scope, found.value, f"{figure}{found.note}"),
    )


DSA = AuthorityForm(columns=COLUMNS, rows=rows)

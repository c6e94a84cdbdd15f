"""The forms of texts in requests, as the OpenAPI document describes them.

They are only described here. What checks them answers with a problem of its own, which
says more than that a pattern does not fit.
"""

from __future__ import annotations

from typing import Annotated, Any

from litestar.params import QueryParameter

from application.cases.as_of import KINDS
from application.imports.mapping import EVENTS
from domain.roles import Role
from projections.reports.period import CUTS, FREE_CUT


def formed(pattern: str) -> dict[str, Any]:
    """Return the schema's keywords for texts of this form."""
    return {"pattern": pattern}


AMOUNT = {"extra": formed(r"^[0-9]+(\.[0-9]+)?$")}
CURRENCY = {"extra": formed("^[A-Z]{3}$")}
DURATION = {
    "extra": formed(
        "^P(?=[0-9T])([0-9]{1,4}W)?([0-9]{1,5}D)?"
        "(T(?=[0-9])([0-9]{1,5}H)?([0-9]{1,6}M)?([0-9]{1,8}S)?)?$"
    )
}
"""For msgspec's Meta, which takes what is beyond its own keywords apart."""

PERIOD = formed("^([12][0-9]{3}(-Q[1-4]|-(0[1-9]|1[0-2]))?|all)$")
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
MOMENT = formed(
    "^([0-9]{1,18}|position:[0-9]{1,18}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}"
    rf"|{_DAY}(\.[0-9]+)?(Z|[+-][0-9]{{2}}:[0-9]{{2}})|{'|'.join(KINDS)})$"
)

_CUT = f"({'|'.join(CUTS)}|{FREE_CUT.pattern.replace('(', '(?:')})"
Cuts = Annotated[
    str,
    QueryParameter(
        schema_extra=formed(f"^(none|{_CUT}(,{_CUT})?)$"),
        description="By what figures are cut into groups: one thing, or two of them.",
    ),
]
Cursor = Annotated[
    str | None,
    QueryParameter(
        schema_extra=formed("^[A-Za-z0-9_-]+$"),
        description="Where the page begins: `next` of the page before.",
    ),
]
SearchedWords = Annotated[
    str | None,
    QueryParameter(
        min_length=2,
        max_length=200,
        description=(
            "Words that an event's texts all have: of order, title, SKU, shop and"
            " codes. Facts and messages are sealed, and not searched."
        ),
    ),
]
AsOf = Annotated[
    str | None,
    QueryParameter(
        schema_extra=MOMENT,
        description=(
            "A version, a time, a date (its first moment in the platform's zone),"
            " `position:<n>`, or what happened, as `ruled`."
        ),
    ),
]
Zone = Annotated[
    str | None,
    QueryParameter(
        schema_extra=formed("^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$"),
        description="A name of the IANA time zone database.",
    ),
]
EventType = Annotated[str | None, QueryParameter(schema_extra={"enum": [*EVENTS]})]
RoleName = Annotated[str | None, QueryParameter(schema_extra={"enum": [*Role]})]

"""Every page that the browser tests visit, with the role that reads it.

A new page is added here; `{names}` in a path stand for what `visited_cases` has made.
"""

from __future__ import annotations

from msgspec import Struct


class VisitedPage(Struct, frozen=True):
    """A page by its path, and who reads it; `platform` None: of all platforms.

    `is_refused`: it is not there, or was asked for what there is not.
    """

    path: str
    role: str | None = None
    subject: str = ""
    platform: str | None = "shop"
    is_refused: bool = False


VISITED = (
    VisitedPage("/"),
    VisitedPage("/sign-in"),
    VisitedPage("/nothing-here", is_refused=True),
    VisitedPage("/figures"),
    VisitedPage("/figures/2026-Q3-category"),
    VisitedPage("/figures/definitions"),
    VisitedPage("/sanctions"),
    VisitedPage("/rules"),
    VisitedPage("/rules?policy=jd-like/1&against=cn-default/1"),
    VisitedPage("/log"),
    VisitedPage("/desk", "mediator"),
    VisitedPage("/desk?assignee=none&q=o-1", "supervisor"),
    VisitedPage("/desk/cases/{new}", "mediator"),
    VisitedPage("/desk/cases/{weighed}", "mediator"),
    VisitedPage("/desk/cases/{appealed}", "supervisor", "v-2"),
    VisitedPage("/desk/cases/{weighed}/ruling", "mediator"),
    VisitedPage("/desk/cases/{appealed}/ruling", "supervisor", "v-2"),
    VisitedPage("/analysis", "analyst", platform=None),
    VisitedPage("/analysis?period=2026-Q9", "analyst", is_refused=True),
    VisitedPage("/service", "platform"),
    VisitedPage("/operator", "auditor", platform=None),
    VisitedPage("/operator/checks", "supervisor"),
    VisitedPage("/sign-in", "mediator"),
    VisitedPage("/verify"),
    VisitedPage("/record/purpose?next=/record", "auditor"),
    VisitedPage("/record", "auditor"),
    VisitedPage("/record/cases/{weighed}", "auditor"),
    VisitedPage("/record/cases/{weighed}?at=4&from=2&to=8", "regulator"),
    VisitedPage("/record/samples?count=20&seed=agreed-17", "regulator"),
    VisitedPage("/record/accesses", "auditor"),
    VisitedPage("/record/holds", "regulator"),
    VisitedPage("/record/grants", "supervisor"),
    VisitedPage("/record/erasures", "supervisor"),
    VisitedPage("/cases", "buyer"),
    VisitedPage("/cases?show=closed", "seller"),
    VisitedPage("/cases/notices", "buyer"),
    VisitedPage("/cases/new?order=o-5&seller=s-1", "buyer"),
    VisitedPage("/cases/{new}", "buyer"),
    VisitedPage("/cases/{weighed}", "seller"),
    VisitedPage("/cases/{offered}", "buyer"),
    VisitedPage("/cases/{appealed}", "seller"),
)

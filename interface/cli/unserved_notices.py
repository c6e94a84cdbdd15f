"""The part of `redress deliveries` that is about notices to the parties."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from application.notices.notice_delivery import NoticeDelivery


def notice_table(found: Sequence[NoticeDelivery]) -> Table:
    """Return a table of them; it holds no address."""
    shown = Table("case", "notice", "party", "channel", "state", "tries", "problem")
    for one in found:
        shown.add_row(
            str(one.case_id),
            one.notice,
            one.party,
            one.channel,
            one.state,
            str(one.tries),
            one.problem or "",
        )
    return shown

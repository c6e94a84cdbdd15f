"""The labels of the parts of figures: what a case was closed, refused or ruled by."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from application.texts import say
from interface.pages.charts.public_words import Wording

Labelled = Callable[[Wording, str], str]


def _coded(table: str) -> Labelled:
    return lambda words, code: words.label(table, code)


def _told(table: str) -> Labelled:
    return lambda words, code: say(table, code, words.language)


def _several(table: str) -> Labelled:
    return lambda words, codes: words.listed(
        words.label(table, code) for code in codes.split()
    )


def _own(table: str) -> Labelled:
    return lambda words, code: words.say(table, code)


PART_LABELS: Mapping[str, Labelled] = {
    "refused": _coded("grounds"),
    "referred": _coded("routes"),
    "answered": _coded("positions"),
    "escalated": _told("triggers"),
    "ruled": _coded("liabilities"),
    "closed": _told("outcomes"),
    "automation": _told("automation"),
    "appeals-decided": _told("appeal_results"),
    "seller-appeals-decided": _told("appeal_results"),
    "sanctioned": _several("sanctions"),
    "human-reviews-decided": _own("review_results"),
    "performed": _own("performed"),
}
"""By figure. Others are broken down by several codes at once, and only in the CSV."""


def part_label(figure: str, code: str, words: Wording) -> str | None:
    """Return the label of a part; None for a figure whose parts have no words."""
    labelled = PART_LABELS.get(figure)
    if labelled is None:
        return None
    if code == "unknown":
        return words.say("amounts", "unknown")
    try:
        return labelled(words, code)
    except KeyError:
        # A code of another system, imported: it has no words, and is a name itself.
        return code


def group_label(cut: str, key: str, words: Wording) -> str:
    """Return the label of a group's key, by what the report is cut by."""
    match cut:
        case "category":
            return words.label("categories", key)
        case "reason":
            category, _, reason = key.partition("/")
            label = words.label("categories", category)
            return f"{label} · {words.reason(reason or 'unknown', category)}"
        case "channel":
            return words.label("channels", key)
        case "liability":
            return words.label("liabilities", key)
        case "outcome":
            return words.outcome(key)
        case "month" | "quarter" | "year":
            return words.period(key)
        case _:
            return words.say("figures", "all")

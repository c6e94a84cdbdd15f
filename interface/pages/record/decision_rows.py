"""Why a decision is as it is, and what it obliges to, as rows of its fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from application.bundle.decision_texts import decisions
from application.bundle.event_words import Words
from application.cases.readable_values import amount_in_words
from application.cases.ruling_text import Decision, reason_lines
from application.record.envelope import Recorded
from application.rules.rulebook import Rulebooks
from domain.ruling.events import RulingDrafted
from domain.terms import Obligation
from interface.pages.page_texts import page_words

Rows = tuple[tuple[str, str], ...]


def decision_rows(
    events: Sequence[Recorded], books: Rulebooks, words: Words
) -> Mapping[int, Rows]:
    """Return labels and values of every decision in opened events, by version."""
    found: dict[int, Rows] = {}
    for recorded, decision, wording in decisions(events, books):
        reasons = tuple(reason_lines(decision, wording, words.language))
        label = words.say("fields", "reasons")
        numbered = len(reasons) > 1
        rows = (
            (f"{label} {n}" if numbered else label, reason)
            for n, reason in enumerate(reasons, start=1)
        )
        found[recorded.version] = (*rows, *_owed(decision, words))
    return found


def _owed(decision: Decision, words: Words) -> Iterator[tuple[str, str]]:
    """Yield what each side has to do from now on; a draft obliges nobody yet."""
    owed = () if isinstance(decision, RulingDrafted) else decision.obligations
    if owed:
        label = page_words("record.obligations", words.language)
        yield label, "\n".join(_obligation(one, words) for one in owed)


def _obligation(owed: Obligation, words: Words) -> str:
    amount = f" {amount_in_words(owed.amount)}" if owed.amount else ""
    after = (
        page_words("record.obligation-after", words.language, n=owed.after)
        if owed.after is not None
        else ""
    )
    return page_words(
        "record.obligation",
        words.language,
        n=owed.number,
        party=words.value("debtor", owed.debtor),
        duty=words.value("duty", owed.duty) + amount + after,
    )

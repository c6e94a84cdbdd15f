"""What a case waits for, as one sentence: who, what, until when, and what follows."""

from __future__ import annotations

from datetime import datetime

from application.cases.readable_values import moment_in_words
from application.texts import say
from domain.deadlines.waiting_on import SERVICE, Waiting, silence_leads_to
from domain.policy.profile import Policy
from domain.roles import Party


def awaited_sentence(
    waiting: Waiting | None, policy: Policy, now: datetime, language: str
) -> str:
    """Return the sentence for what a case waits for; None is a closed case.

    Times are said in the zone of the policy. What silence leads to is said only where
    a time ends: a notice that is being served, and an imported case, have none.
    """
    if waiting is None:
        return say("waiting_parts", "nobody", language)
    if waiting.due is not None and waiting.due < now:
        return _late(waiting, waiting.due, policy, now, language)
    by = ""
    if waiting.due is not None:
        when = moment_in_words(waiting.due, policy.zone, now, language)
        by = say("waiting_parts", "by", language, when=when)
    party = say("parties", waiting.party, language)
    request = say("waiting", waiting.awaited, language, party=party, by=by)
    if waiting.due is None or waiting.awaited == SERVICE:
        return say("waiting_parts", "sentence", language, request=request)
    silence = say("silence", silence_leads_to(waiting.awaited, policy), language)
    return say(
        "waiting_parts", "with-silence", language, request=request, silence=silence
    )


def _late(
    waiting: Waiting, due: datetime, policy: Policy, now: datetime, language: str
) -> str:
    """Say that a time is over: the platform's stays open, another's leads on."""
    late = "platform" if waiting.party is Party.PLATFORM else "party"
    return say(
        "waiting_parts",
        f"late-{late}",
        language,
        party=say("parties", waiting.party, language),
        awaited=say("awaited", waiting.awaited, language),
        when=moment_in_words(due, policy.zone, now, language),
    )

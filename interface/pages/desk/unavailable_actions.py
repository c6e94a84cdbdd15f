"""What cannot be done on a case now, and why: by the guard that would refuse it."""

from __future__ import annotations

from msgspec import Struct

from application.texts import say
from domain.appeal.commands import DecideAppeal
from domain.case.command import Command
from domain.case.context import Context
from domain.case.decide import guard
from domain.case.dispute import Dispute, Phase
from domain.case.lifecycle import LIFECYCLE
from domain.filing.commands import FileDispute, Reopen
from domain.refusals import Assigned, Conflicted, NotAllowed, Refusal, WrongPhase
from domain.ruling.commands import DraftRuling, Rule
from domain.ruling.ruling_rules import unweighed
from interface.api.commands.command_table import ROUTES
from interface.api.responses.case_parts import ActionShown
from interface.pages.page_texts import page_words

RESTING = frozenset({Rule, DraftRuling, DecideAppeal})
"""What rests on evidence, all of which has to be assessed first."""

FILING = frozenset({FileDispute, Reopen})
MOST_PHASES = 3
"""More phases are not listed: an action that is possible in most has another reason."""


class Unavailable(Struct, frozen=True):
    """An action that is not possible now: what it is called, and why not."""

    label: str
    why: str


def unavailable(
    dispute: Dispute, rules: Context, offered: tuple[ActionShown, ...], language: str
) -> tuple[Unavailable, ...]:
    """Return what the reader's role may do on some cases, but not on this one now."""
    there = {one.name for one in offered}
    found: dict[str, Unavailable] = {}
    for kind, routes in ROUTES.items():
        route = routes[0]
        if kind in FILING or not route.summary or route.name in there:
            continue
        why = _why(kind, dispute, rules, language)
        if why:
            label = say("actions", route.name, language)
            found[route.name] = Unavailable(label, why)
    return tuple(found.values())


def _why(kind: type[Command], dispute: Dispute, rules: Context, language: str) -> str:
    """Return why a command is refused; "" for one that is never the reader's."""
    try:
        guard(kind, dispute, rules)
    except NotAllowed:
        return ""
    except Conflicted as refusal:
        relation = refusal.details["relation"]
        return page_words(
            "why-not.conflicted",
            language,
            relation=say("relations", relation, language),
        )
    except Assigned as refusal:
        name = refusal.details["mediator"]
        return page_words("why-not.assigned", language, name=name)
    except WrongPhase:
        return _by_phase(kind, language)
    except Refusal:
        return ""
    return _by_state(kind, dispute, language)


def _by_phase(kind: type[Command], language: str) -> str:
    phases = [one for one in Phase if one in LIFECYCLE[kind].phases]
    if len(phases) > MOST_PHASES:
        return page_words("why-not.over", language)
    named = (say("phases", one, language) for one in phases)
    between = say("lists", "between", language)
    return page_words("why-not.phase", language, phases=between.join(named))


def _by_state(kind: type[Command], dispute: Dispute, language: str) -> str:
    numbers = unweighed(dispute)
    if numbers and kind in RESTING:
        listed = say("lists", "between", language).join(map(str, numbers))
        return page_words("why-not.unweighed", language, n=listed)
    return page_words("why-not.nothing", language)

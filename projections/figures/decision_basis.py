"""What a case's decision rests on, and which decision an appeal is about.

Kept as the first instance decided: an appeal changes who is liable, and a case that is
admitted on appeal is ruled by somebody else than who had refused it.
"""

from __future__ import annotations

from typing import Any

from domain.admission.events import Refused
from domain.appeal.events import AppealDecided, AppealFiled, AppealRefused
from domain.roles import Party
from domain.ruling.events import Ruled
from domain.ruling.reasons import RuleCited
from projections.figures.case_figures import Figures
from projections.figures.milestones import known_time
from projections.placed_events import Placed


def basis(before: Figures, placed: Placed) -> dict[str, Any]:
    """Return what an event changes of the basis of decisions."""
    recorded = placed.recorded
    match recorded.event:
        case Ruled() as ruling:
            return {
                "ruled_liability": ruling.liability,
                "cited": _listed({cited_as(one.rule) for one in ruling.reasons}),
                # Looked up here, and not noted with each piece: most are never ruled.
                "evidence": _listed(
                    {one.kind for one in placed.after.dispute.exhibits if not one.draft}
                ),
            }
        case Refused(ground=ground, rule=rule):
            named = {f"ground:{ground}", *([_word(rule)] if rule else [])}
            return {"cited": _listed(named)}
        case AppealDecided():
            decided = {"appealed_decider": before.decider}
            return decided | {"appealed_cited": before.cited}
        case AppealFiled(by=Party.SELLER):
            return {"seller_appealed_at": known_time(recorded)}
        case AppealRefused():
            return {"appeal_refused_at": known_time(recorded)}
        case _:
            return {}


def cited_as(rule: RuleCited) -> str:
    """Return a rule as one word: its id, version and article."""
    article = f":{rule.article}" if rule.article else ""
    return _word(f"{rule.id}/{rule.version}{article}")


def _listed(names: set[str]) -> str:
    return " ".join(sorted(names))


def _word(text: str) -> str:
    # What another system calls a rule may have spaces, which part names here.
    return "_".join(text.split())

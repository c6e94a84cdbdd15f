"""Citations of rules: a decision rests on what is there, and was when it mattered."""

from __future__ import annotations

from collections.abc import Iterator

from domain.case.context import Context
from domain.refusals import Problem
from domain.ruling.reasons import RuleCited


def rule_problems(rule: RuleCited, at: str, context: Context) -> Iterator[Problem]:
    """Yield a problem if no such rule is there, or it is not in force for the case."""
    citable = {one.name: one for one in context.citable}
    found = citable.get(rule.id)
    if found is None:
        ids = ", ".join(one.id for one in citable.values())
        yield Problem(f"{at}/id", "no-such-rule", {"allowed": ids})
    elif rule.version != str(found.version):
        versions = {"rule": rule.id, "allowed": str(found.version)}
        yield Problem(f"{at}/version", "rule-not-in-force", versions)
    elif rule.article is None:
        # 1: an outcome cites its basis, and a whole book of rules is none.
        yield Problem(f"{at}/article", "required", {"for": found.id})
    elif rule.article not in found.articles:
        articles = {"rule": found.id, "allowed": ", ".join(found.articles)}
        yield Problem(f"{at}/article", "no-such-article", articles)

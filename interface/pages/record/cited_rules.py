"""The rules that a fact rests on, with their articles, and where they can be read."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from msgspec import Struct

from application.record.envelope import Recorded
from application.texts import say
from domain.evidence.events import BurdenAssigned
from domain.ruling.reasons import RuleCited
from interface.api.request_context import RequestContext


class RuleLink(Struct, frozen=True):
    """A rule by its name, and the page that has its words."""

    words: str
    href: str


def cited_rules(context: RequestContext, recorded: Recorded) -> Iterator[RuleLink]:
    """Yield the limits that began with an event, and the articles that it cites."""
    event, language = recorded.event, context.language
    for limit in dict.fromkeys(one.limit for one in getattr(event, "deadlines", ())):
        query = urlencode({"policy": recorded.policy or ""})
        yield RuleLink(say("limits", limit, language), f"/rules?{query}")
    cited = [one.rule for one in getattr(event, "reasons", ())]
    if isinstance(event, BurdenAssigned):
        cited.append(event.rule)
    for rule in dict.fromkeys(cited):
        yield _article(context, rule)


def _article(context: RequestContext, rule: RuleCited) -> RuleLink:
    id_ = f"{rule.id}/{rule.version}"
    known = context.system.rulebooks.regulations.known.get(id_)
    found = known.articles.get(rule.article or "") if known else None
    if known is None or found is None:
        return RuleLink(f"{id_} {rule.article or ''}".strip(), "/rules")
    words = f"{getattr(known.title, context.language)} "
    words += f"{getattr(found.number, context.language)} "
    words += getattr(found.title, context.language)
    return RuleLink(words, f"/rules/{id_}#article-{rule.article}")

"""The body of a ruling: liability, remedies and reasons."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from domain.roles import Party
from domain.ruling.commands import Rule
from domain.ruling.reasons import Automation, Reason, RuleCited
from interface.api.commands.fields import Body, Code, Id, Number, TermsBody, Text


class RuleBody(Body, frozen=True, kw_only=True):
    """A rule that is cited, in its version."""

    id: Id
    version: Id
    article: Id | None = None

    def inside(self) -> RuleCited:
        """Return the citation."""
        return RuleCited(id=self.id, version=self.version, article=self.article)


class ReasonBody(Body, frozen=True, kw_only=True):
    """One step of the reasoning; evidence is cited by number."""

    issue: Text
    finding: Text
    rule: RuleBody
    relied_on: Annotated[tuple[Number, ...], Meta(max_length=100)] = ()
    set_aside: Annotated[tuple[Number, ...], Meta(max_length=100)] = ()
    burden: Literal["buyer", "seller"] | None = None

    def inside(self) -> Reason:
        """Return the reason."""
        return Reason(
            issue=self.issue,
            finding=self.finding,
            rule=self.rule.inside(),
            relied_on=self.relied_on,
            set_aside=self.set_aside,
            burden=Party(self.burden) if self.burden else None,
        )


class RulingBody(Body, frozen=True, kw_only=True):
    """The ruling: liability, remedies, and the reasons for them."""

    liability: Code
    remedies: Annotated[tuple[TermsBody, ...], Meta(max_length=10)]
    reasons: Annotated[tuple[ReasonBody, ...], Meta(max_length=20)]
    automation: Automation = Automation.NONE
    model: Id | None = None

    def command(self) -> Rule:
        """Return the command."""
        remedies = (
            terms.inside(f"/remedies/{n}") for n, terms in enumerate(self.remedies)
        )
        return Rule(
            liability=self.liability,
            remedies=tuple(remedies),
            reasons=tuple(reason.inside() for reason in self.reasons),
            automation=self.automation,
            model=self.model,
        )

"""What a notice says: the decision with its basis, what follows, until when (4.3.5).

A limit that begins with the service of this notice has no end yet: its length is said,
counted from when the notice arrives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from application.bundle.decision_texts import decision_texts
from application.cases.readable_values import (
    amount_in_words,
    length_in_words,
    moment_in_words,
)
from application.cases.ruling_text import standing_outcome
from application.record.envelope import Recorded
from application.rules.rulebook import Rulebooks
from application.texts import say
from domain.admission.events import Refused
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.lifecycle import ANSWERABLE
from domain.case_number import case_number
from domain.deadlines.deadline import Awaited
from domain.deadlines.table import DEADLINES
from domain.deadlines.time_limits import LimitName
from domain.filing.events import Filed
from domain.notices.decide import may_appeal
from domain.notices.events import NoticeKind
from domain.notices.notice import Notice, called_for
from domain.roles import Party, other
from domain.terms import Obligation


class NoticeText(Struct, frozen=True, kw_only=True):
    """A notice in one language: a subject, paragraphs for a mail, one line for an SMS.

    `headline` says what happened, `follows` what the party has to do, or may do, and
    until when. `link` leads to the case, None where the platform has no page for it.
    """

    language: str
    subject: str
    paragraphs: tuple[str, ...]
    short: str
    headline: str
    follows: str
    number: str
    link: str | None


class NoticedCase(Struct, frozen=True, kw_only=True):
    """The case that a notice is about: its events, opened, and its state.

    `context` is that of a decision about the case now.
    """

    events: Sequence[Recorded]
    dispute: Dispute
    context: Context
    books: Rulebooks

    def cause(self, notice: Notice) -> Recorded | None:
        """Return the last event that called for a notice."""
        causes = (one for one in self.events if notice in called_for(one.event))
        return max(causes, key=lambda one: one.version, default=None)


def notice_text(
    case: NoticedCase, notice: Notice, language: str, pages: str | None
) -> NoticeText:
    """Put a notice into words. `pages`: where cases are read, with {case}.

    Raises LookupError for a notice that no event called for.
    """
    cause = case.cause(notice)
    if cause is None:
        raise LookupError(f"nothing called for {notice.kind}/{notice.party}")
    first = case.events[0]
    number = case_number(first.case, first.at)
    link = None if pages is None else pages.replace("{case}", str(first.case))
    body = (
        _about(first, number, language),
        *_said(case, cause, language),
        *_then(case, notice, language),
    )
    headline = say("notices", notice.kind, language)
    follows = (" " if language == "en" else "").join(_then(case, notice, language))
    return NoticeText(
        language=language,
        subject=say("notice_subjects", notice.kind, language, number=number),
        paragraphs=(headline, *body),
        short=say(
            "notice_parts",
            "short",
            language,
            headline=headline,
            number=number,
            follows=follows,
            link=link or "",
        ).strip(),
        headline=headline,
        follows=follows,
        number=number,
        link=link,
    )


def _about(first: Recorded, number: str, language: str) -> str:
    event = first.event
    order = event.order if isinstance(event, Filed) else ""
    snapshot = event.snapshot if isinstance(event, Filed) else None
    title = snapshot.title if snapshot else None
    part = "about-titled" if title else "about"
    return say(
        "notice_parts",
        part,
        language,
        number=number,
        order=order or "",
        title=title or "",
    )


def _said(case: NoticedCase, cause: Recorded, language: str) -> Iterator[str]:
    """Yield the decision with its basis, or what is claimed."""
    match cause.event:
        case Refused(ground=ground, explanation=explanation, routes=routes):
            codes = case.context.codes
            label = codes.grounds.get(ground)
            words = getattr(label, language) if label else ground
            yield say("notice_parts", "ground", language, ground=words)
            yield explanation or say("refused", ground, language)
            named = [
                str(getattr(codes.routes[one], language))
                for one in routes
                if one in codes.routes
            ]
            if named:
                between = say("lists", "between", language)
                listed = between.join(named)
                yield say("notice_parts", "routes", language, routes=listed)
        case _:
            texts = {
                one.version: one for one in decision_texts(case.events, case.books)
            }
            if cause.version in texts:
                yield from getattr(texts[cause.version], language).splitlines()
                codes = case.context.codes
                yield from standing_outcome(case.events, cause, codes, language)
            else:
                yield from _claimed(case, language)


def _claimed(case: NoticedCase, language: str) -> Iterator[str]:
    claim, codes = case.dispute.claim, case.context.codes
    if claim is None:
        return
    label = codes.remedies.get(claim.kind)
    words = getattr(label, language) if label else claim.kind
    amount = f" {amount_in_words(claim.amount)}" if claim.amount else ""
    yield say("notice_parts", "claim", language, claim=f"{words}{amount}")


def _then(case: NoticedCase, notice: Notice, language: str) -> Iterator[str]:
    """Yield what the party has to do, or may do, and until when."""
    dispute, party = case.dispute, notice.party
    if notice.kind is NoticeKind.ADMISSION and dispute.phase in ANSWERABLE:
        by = _by(case, Awaited.RESPONSE, party, language)
        yield say("notice_parts", "answer", language, by=by)
    decided = notice.kind in {NoticeKind.RULING, NoticeKind.APPEAL}
    for debtor in (party, other(party)) if decided else ():
        yield from _performed(case, debtor, party, language)
    if may_appeal(dispute, notice):
        by = _by(case, Awaited.APPEAL, party, language)
        yield say("notice_parts", "appeal", language, by=by)


def _performed(
    case: NoticedCase, debtor: Party, reader: Party, language: str
) -> Iterator[str]:
    """Yield what a side has to perform, and until when."""
    own = debtor is reader
    for owed in _to_perform(case.dispute, debtor):
        label = case.context.codes.duties.get(owed.duty)
        duty = getattr(label, language) if label else owed.duty
        amount = f" {amount_in_words(owed.amount)}" if owed.amount else ""
        by = _by(
            *(case, Awaited.PERFORMANCE, debtor, language, owed.number),
            limit=owed.limit,
            within="within" if own else "within-theirs",
        )
        yield say(
            "notice_parts",
            "perform" if own else "performs",
            language,
            party=say("roles", debtor, language),
            duty=f"{duty}{amount}",
            by=by,
        )


def _to_perform(dispute: Dispute, party: Party) -> Iterator[Obligation]:
    """Yield what a party owes; what is owed after something else comes later."""
    for duty in dispute.duties:
        is_due = duty.owed.after is None and not (duty.reported or duty.is_over)
        if duty.owed.debtor is party and is_due:
            yield duty.owed


def _by(
    case: NoticedCase,
    awaited: Awaited,
    party: Party,
    language: str,
    item: int | None = None,
    *,
    limit: LimitName | None = None,
    within: str = "within",
) -> str:
    """Return the end of a limit that runs, or how long it will be from service on."""
    context = case.context
    for one in case.dispute.deadlines:
        if one.key == (awaited, party, item):
            zone = context.rules.policy.zone
            when = moment_in_words(one.due, zone, context.now, language)
            return say("notice_parts", "by", language, when=when)
    length = str(context.limit(limit or DEADLINES[awaited].limit or LimitName.RESPONSE))
    said = length_in_words(length, language)
    return say("notice_parts", within, language, length=said)


def written_language(stated: str | None) -> str:
    """Return the language of a notice for the one that a party has stated."""
    return "en" if stated == "en" else "zh"

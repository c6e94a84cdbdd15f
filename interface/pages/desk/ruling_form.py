"""The form of a decision: issues and findings, evidence, rules, remedies.

It has a row for each issue and each remedy, as many as are needed. Each piece of
evidence is relied on, set aside or not touched by a finding; a rule and its article are
one choice. `command_form` turns it into the fields that the body of a command has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from domain.appeal.events import AppealResult
from domain.policy.codes import Codes
from interface.pages.forms.sent_form import SentForm

RELIED, ASIDE, UNTOUCHED = "relied", "aside", "none"
MOST_REASONS = 20
MOST_REMEDIES = 10

Texts = Mapping[str, tuple[str, ...]]
_Row = TypeVar("_Row")
_ROW = re.compile(r"(reasons|remedies)\.([0-9]{1,3})\.")
_EVIDENCE = re.compile(r"e\.([1-9][0-9]{0,5})", re.ASCII)
_PLAIN = ("liability", "result", "automation", "model")


class ReasonRow(Struct, frozen=True, kw_only=True):
    """An issue as it is written; `evidence` says by number what is made of it."""

    issue: str = ""
    finding: str = ""
    cites: str = ""
    burden: str = ""
    evidence: Mapping[int, str] = {}

    @property
    def says_something(self) -> bool:
        """Tell whether anything is written or chosen in it."""
        written = self.issue.strip(), self.finding.strip(), self.cites, self.burden
        return any(written) or any(one != UNTOUCHED for one in self.evidence.values())

    def uses(self, number: int) -> str:
        """Return what the finding makes of a piece of evidence."""
        return self.evidence.get(number, UNTOUCHED)


class RemedyRow(Struct, frozen=True, kw_only=True):
    """A remedy as it is written."""

    kind: str = ""
    amount: str = ""
    freight: str = ""


class RulingForm(Struct, frozen=True, kw_only=True):
    """A decision as far as it is written."""

    reasons: tuple[ReasonRow, ...] = (ReasonRow(),)
    remedies: tuple[RemedyRow, ...] = (RemedyRow(),)
    liability: str = ""
    result: str = ""
    automation: str = "none"
    model: str = ""

    @property
    def has_result(self) -> bool:
        """Tell whether it is chosen what becomes of an appeal."""
        return self.result in set(AppealResult)

    @property
    def packed(self) -> RulingForm:
        """Return the form without rows in which nothing is written.

        So that a fault in the third reason of a command is in the third row, too.
        """
        return replace(
            self,
            reasons=tuple(one for one in self.reasons if one.says_something)
            or (ReasonRow(),),
            remedies=tuple(one for one in self.remedies if one != RemedyRow())
            or (RemedyRow(),),
        )

    def changed(self, act: str) -> RulingForm:
        """Return the form with a row more, or without one: "drop-reason-2"."""
        name, _, number = act.rpartition("-")
        match act, name:
            case "add-reason", _ if len(self.reasons) < MOST_REASONS:
                return replace(self, reasons=(*self.reasons, ReasonRow()))
            case "add-remedy", _ if len(self.remedies) < MOST_REMEDIES:
                return replace(self, remedies=(*self.remedies, RemedyRow()))
            case _, "drop-reason":
                left = _without(self.reasons, number)
                return replace(self, reasons=left or (ReasonRow(),))
            case _, "drop-remedy":
                left_over = _without(self.remedies, number)
                return replace(self, remedies=left_over or (RemedyRow(),))
            case _:
                return self


def read_form(texts: Texts) -> RulingForm:
    """Return what a form, or a draft of one, says."""
    rows: dict[str, dict[int, dict[str, str]]] = {"reasons": {}, "remedies": {}}
    for name, values in texts.items():
        if values and (found := _ROW.match(name)):
            row = rows[found[1]].setdefault(int(found[2]), {})
            row[name[found.end() :]] = values[0]
    plain = {name: texts[name][0] for name in _PLAIN if texts.get(name)}
    return RulingForm(
        reasons=tuple(map(_reason, _in_order(rows["reasons"])))[:MOST_REASONS]
        or (ReasonRow(),),
        remedies=tuple(map(_remedy, _in_order(rows["remedies"])))[:MOST_REMEDIES]
        or (RemedyRow(),),
        **plain,
    )


def kept_texts(form: RulingForm) -> dict[str, tuple[str, ...]]:
    """Return the fields of a form, as a draft keeps them: rows counted from 0.

    Of a row in which nothing is written, its first field is kept: the row is there.
    """
    found = {name: getattr(form, name) for name in _PLAIN}
    for n, reason in enumerate(form.reasons):
        at = f"reasons.{n}."
        found |= {
            f"{at}{name}": getattr(reason, name)
            for name in ("issue", "finding", "cites", "burden")
        }
        found |= {f"{at}e.{number}": use for number, use in reason.evidence.items()}
    for n, remedy in enumerate(form.remedies):
        found |= {
            f"remedies.{n}.{name}": getattr(remedy, name)
            for name in ("kind", "amount", "freight")
        }
    rows = tuple(f"reasons.{n}.issue" for n in range(len(form.reasons)))
    rows += tuple(f"remedies.{n}.kind" for n in range(len(form.remedies)))
    return {name: (text,) for name, text in found.items() if text or name in rows}


def command_form(form: RulingForm, codes: Codes, currency: str) -> SentForm:
    """Return the fields of the body of a command, such as "reasons.0.rule.article"."""
    found: dict[str, tuple[str, ...]] = {
        name: (getattr(form, name),) for name in _PLAIN
    }
    for n, reason in enumerate(form.reasons):
        found |= _reason_fields(reason, f"reasons.{n}.")
    for n, remedy in enumerate(form.remedies):
        at, code = f"remedies.{n}.", codes.remedies.get(remedy.kind)
        found[f"{at}kind"] = (remedy.kind,)
        # What goes with no such remedy is sent as well, to be refused at its field: a
        # mediator who typed it meant something by it.
        amount = remedy.amount.strip()
        if amount or code is None or code.amount:
            found[f"{at}amount.amount"] = (amount,)
            found[f"{at}amount.currency"] = (currency,)
        found[f"{at}freight"] = (remedy.freight,)
    return SentForm(found)


def cited_rule(cites: str) -> tuple[str, str, str]:
    """Return the id, version and article of a choice such as "proof/1/hidden"."""
    rule, _, article = cites.rpartition("/")
    name, _, version = rule.rpartition("/")
    return name, version, article


def field_at(pointer: str) -> str:
    """Return the field of the form for the place of a fault in a command's body."""
    name = pointer.removeprefix("/").replace("/", ".")
    for end, field in (
        (r"\.rule(\.\w+)?", ".cites"),
        (r"\.(relied_on|set_aside)(\.\d+)?", ".e"),
        (r"\.amount\.\w+", ".amount"),
    ):
        name = re.sub(rf"{end}$", field, name)
    return name


def _reason_fields(reason: ReasonRow, at: str) -> dict[str, tuple[str, ...]]:
    name, version, article = cited_rule(reason.cites)
    return {
        f"{at}issue": (reason.issue,),
        f"{at}finding": (reason.finding,),
        f"{at}rule.id": (name,),
        f"{at}rule.version": (version,),
        f"{at}rule.article": (article,),
        f"{at}burden": (reason.burden,),
        f"{at}relied_on": _used(reason, RELIED),
        f"{at}set_aside": _used(reason, ASIDE),
    }


def _used(reason: ReasonRow, use: str) -> tuple[str, ...]:
    return tuple(str(one) for one, its in sorted(reason.evidence.items()) if its == use)


def _reason(row: Mapping[str, str]) -> ReasonRow:
    evidence = {
        int(found[1]): use
        for name, use in row.items()
        if (found := _EVIDENCE.fullmatch(name)) and use in {RELIED, ASIDE, UNTOUCHED}
    }
    said = {name: row.get(name, "") for name in ("issue", "finding", "cites", "burden")}
    return ReasonRow(evidence=evidence, **said)


def _remedy(row: Mapping[str, str]) -> RemedyRow:
    return RemedyRow(
        kind=row.get("kind", ""),
        amount=row.get("amount", ""),
        freight=row.get("freight", ""),
    )


def _in_order(rows: Mapping[int, Mapping[str, str]]) -> Iterable[Mapping[str, str]]:
    return (rows[number] for number in sorted(rows))


def _without(rows: tuple[_Row, ...], number: str) -> tuple[_Row, ...]:
    return tuple(one for n, one in enumerate(rows) if str(n) != number)

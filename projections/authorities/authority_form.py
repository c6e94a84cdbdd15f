"""A form of an authority: its columns, its rows, and how it is written as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from domain.policy.codes import Codes
from projections.authorities.form_answer import Answering, FormAnswer, Language
from projections.authorities.record_cover import within_record
from projections.reports.period import BadQuestion, Question
from projections.reports.report import Group, Report
from projections.reports.spreadsheet_text import as_text

Row = tuple[str, ...]

Asked = tuple[str, str, str, FormAnswer]
"""What a row asks: by which provision, what, of which part; and the answer."""

COLUMNS = {
    "en": (
        *("Service", "Reporting period", "Provision", "Indicator", "Breakdown"),
        *("Value", "Unit", "Counted out of", "Definition", "Note"),
    ),
    "zh": (
        *("平台", "报告期", "类别", "指标", "细项"),
        *("数值", "单位", "计算基数", "上期数值", "增减", "口径", "说明"),
    ),
}
"""The columns of forms for which an authority has published none."""


class FormPlace(Struct, frozen=True, kw_only=True):
    """Whose figures a form shows: of which service, in which days, in which codes."""

    service: str
    period: str
    codes: Codes

    @property
    def first_day(self) -> str:
        """Return the first day of the period."""
        return self.period.partition("/")[0]


class AuthorityForm(Struct, frozen=True, kw_only=True):
    """A form. `rows` are made of the figures of one platform."""

    columns: Row
    rows: Callable[[Group, FormPlace], Iterator[Row]]
    compared: bool = False

    def question(self, asked: Question) -> Question:
        """Return the question whose report the form shows: by platforms.

        Raises BadQuestion for a period without a first and a last day, and for a cut.
        """
        days_of(asked)
        if asked.by != "none":
            raise BadQuestion("by", asked.by, "is no cut of a form: leave it out")
        # Without a cut a platform that has no case still answers 0.
        return asked if asked.platform else replace(asked, by="platform")

    def written(self, counted: Report, asked: Question, codes: Codes) -> str:
        """Return a report in this form, as CSV."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        for group in counted.groups:
            place = FormPlace(
                service=as_text(asked.platform or group.key),
                period=days_of(asked),
                codes=codes,
            )
            writer.writerows(self.rows(group, place))
        return out.getvalue()


def general(
    language: Language,
    rows: Callable[[Answering, FormPlace], Iterator[Asked]],
    *,
    compared: bool = False,
) -> AuthorityForm:
    """Return a form with the columns of `COLUMNS`."""

    def written(group: Group, place: FormPlace) -> Iterator[Row]:
        for provision, indicator, part, answer in rows(
            Answering(group, language), place
        ):
            found = within_record(
                answer, group, place.first_day, language, compared=compared
            )
            beside = (found.before, found.difference) if compared else ()
            yield (
                *(place.service, place.period, provision, indicator, as_text(part)),
                *(found.value, found.unit, found.out_of, *beside),
                *(found.definition, found.note),
            )

    return AuthorityForm(columns=COLUMNS[language], rows=written, compared=compared)


def days_of(question: Question) -> str:
    """Return the first and the last day of a period. Raises BadQuestion."""
    if question.bounds is None:
        said = "has no first and no last day, which the form asks for: write 2026"
        raise BadQuestion("period", question.period, said)
    first, after = question.bounds
    return f"{first:%Y-%m-%d}/{after - timedelta(days=1):%Y-%m-%d}"


def about(codes: Codes, code: str, language: Language) -> str:
    """Return the words for "category/reason", which stay codes where unknown."""
    category, _, reason = code.partition("/")
    known = codes.categories.get(category)
    if known is None:
        return code
    of = known.reasons.get(reason)
    colon = "：" if language == "zh" else ": "  # noqa: RUF001 - Chinese
    return f"{getattr(known, language)}{colon}{getattr(of, language) if of else reason}"


def ground(codes: Codes, code: str, language: Language) -> str:
    """Return the words for a ground of refusal."""
    known = codes.grounds.get(code)
    return code if known is None else str(getattr(known, language))

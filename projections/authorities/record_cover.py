"""What a form says of a period that the record does not cover, or not in whole."""

from __future__ import annotations

from msgspec.structs import replace

from projections.authorities.form_answer import (
    NOT_RECORDED,
    FormAnswer,
    Language,
    not_recorded,
)
from projections.reports.report import Group

BEGINS = {"en": "the record begins on {day}", "zh": "记录自 {day} 开始"}
IN_PART = {
    "en": "the period is not covered in whole: ",
    "zh": "本期未完整覆盖：",  # noqa: RUF001 - Chinese
}
BEFORE = {"en": "period before ", "zh": "上期"}
BEFORE_IN_PART = {
    "en": "the period before is not covered in whole: ",
    "zh": "上期未完整覆盖：",  # noqa: RUF001 - Chinese
}
BETWEEN = {"en": "; ", "zh": "；"}  # noqa: RUF001 - Chinese


def within_record(
    found: FormAnswer,
    group: Group,
    first_day: str,
    language: Language,
    *,
    compared: bool = False,
) -> FormAnswer:
    """Return an answer without numbers of a time of which there is no record.

    `first_day`: that of the period. Its note says when the record begins, if that is
    later than that; `compared`: also of the period before.
    """
    begun = group.record_from
    if begun is None or not found.definition:
        return found
    begins = BEGINS[language].format(day=begun)
    opened = group["opened"]
    if group.is_before_record:
        return replace(
            not_recorded(begins, language),
            unit=found.unit,
            definition=found.definition,
        )
    said = [found.note] if found.note else []
    if begun > first_day:
        said.append(IN_PART[language] + begins)
    if compared and opened.before is None:
        said.append(BEFORE[language] + NOT_RECORDED[language] + begins)
    elif compared:
        said.append(BEFORE_IN_PART[language] + begins)
    return replace(found, note=BETWEEN[language].join(said))

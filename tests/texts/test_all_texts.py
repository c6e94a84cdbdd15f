"""Every text reads as its language is written, and says each thing by one word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import pytest

from application.texts import LANGUAGES
from tests.texts.said_texts import (
    CODES,
    DEMO,
    METRICS,
    PAGES,
    QUOTED,
    TEXTS,
    VERIFIER,
    VOCABULARY,
    Said,
)

OURS = [*TEXTS, *CODES, *VERIFIER, *PAGES, *METRICS]
ALL = [*OURS, *QUOTED, *DEMO]

HAN = "\u3400-\u9fff"
CHINESE = re.compile(f"[{HAN}]")
BLANK = re.compile(r"\{\w+\}")
FULL_WIDTH = re.compile("[\uff01-\uff5e\u3001\u3002\u300a\u300b\u201c\u201d]")
HALF_WIDTH = re.compile(f"(?<=[{HAN}\u201d\uff09}}])[,;:!?()]|[,;:!?()](?=[{HAN}])")
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
YUAN = re.compile(r"[\d}]\s*元|CNY|RMB|\uffe5")
BLANK_ALONE = re.compile(r"\W*(?:\{\w+\}\W*)+")

NAMES = sorted(
    (name for names in VOCABULARY["names"].values() for name in names),
    key=len,
    reverse=True,
)
"""The longest first: what is part of a longer name is taken away with it."""

SENTENCES = re.compile(
    r"(notices|refused|eligibility|conditions)\."
    r"|problems\.[\w-]+\.detail"
    r"|waiting_parts\.(sentence|with-silence|late-\w+|nobody)"
    r"|standing\.(?!sanction$)"
    r"|notice_parts\.(about|about-titled|claim|ground|routes|answer|perform|appeal"
    r"|footer)"
    r"|reasons\.(liability|relied|aside|uncited|nothing|cited|cited-whole|upheld"
    r"|varied|set-aside|burden|none|assisted|automated)"
)
"""Where a text is a whole sentence; elsewhere it is a label, or a part of one."""

UNTRANSLATED = {
    "fields.sha256": "the name of a hash",
    "reasons.written-in-zh": "says nothing where it would say what one sees",
    "reasons.written-in-en": "the same",
    "lists.between": "a comma",
    "zones.Asia/Shanghai": "Chinese readers are told other zones only",
}


def plain(text: str) -> str:
    """Return a text without its blanks, and without names that stay as they are."""
    text = BLANK.sub("", text)
    for name in NAMES:
        text = text.replace(name, "")
    return text


def untranslated(said: Said) -> bool:
    """Tell whether one language is missing, or stands where the other should."""
    if said.place in UNTRANSLATED:
        return False
    is_chinese = CHINESE.search(said.zh) or BLANK_ALONE.fullmatch(said.zh)
    return bool(not is_chinese or not said.en or CHINESE.search(said.en))


def left_in_latin(said: Said) -> list[str]:
    """Return the words of a Chinese text that are no names; codes are such words."""
    return LATIN.findall(plain(said.zh))


def wrongly_pointed(said: Said) -> list[str]:
    """Return the punctuation that belongs to the other language."""
    return [*HALF_WIDTH.findall(said.zh), *FULL_WIDTH.findall(said.en)]


def wrongly_priced(said: Said) -> list[str]:
    """Return how money is written where it should be as in \u00a5129.00."""
    return YUAN.findall(said.zh)


def wrongly_ended(said: Said) -> bool:
    """Tell whether a sentence has no end, or a label has one."""
    if not SENTENCES.match(said.place):
        return said.zh.endswith("。") and said.place != "timeline.legend"
    if said.zh.endswith("{said}") or BLANK_ALONE.fullmatch(said.zh):
        return False
    return not (said.zh.endswith("。") and said.en.endswith("."))


def mixed(said: Said) -> Iterator[str]:
    """Yield the words of a text that the vocabulary has another one for."""
    for term in VOCABULARY["term"]:
        zh, en = said.zh, said.en.lower()
        for fine in term.get("except", ()):
            zh, en = zh.replace(fine, ""), en.replace(fine.lower(), "")
        yield from (word for word in term["never"]["zh"] if word in zh)
        yield from (one for one in term["never"]["en"] if re.search(rf"\b{one}", en))


def test_there_are_many_texts_in_two_languages() -> None:
    assert set(LANGUAGES) == {"zh", "en"}
    assert len(TEXTS) > 400
    assert len(CODES) > 100
    assert len(QUOTED) > 20
    assert len(VERIFIER) > 150
    assert len(DEMO) > 100
    assert len(METRICS) > 70


def test_everything_is_said_in_both_languages() -> None:
    assert [one for one in ALL if untranslated(one)] == []


def test_no_english_and_no_code_is_left_in_chinese() -> None:
    # People in the sample cases name products as they are called.
    assert [one for one in [*OURS, *QUOTED] if left_in_latin(one)] == []


def test_punctuation_is_that_of_the_language() -> None:
    assert [one for one in ALL if wrongly_pointed(one)] == []


def test_money_is_written_with_its_sign() -> None:
    assert [one for one in ALL if wrongly_priced(one)] == []


def test_a_sentence_has_an_end_and_a_label_has_none() -> None:
    assert [one for one in TEXTS if wrongly_ended(one)] == []


def test_each_thing_has_one_word() -> None:
    assert [(one.place, *mixed(one)) for one in OURS if any(mixed(one))] == []


def test_the_vocabulary_is_in_use() -> None:
    spoken = "\n".join(one.zh for one in OURS)
    for term in VOCABULARY["term"]:
        assert term["zh"] in spoken, term["zh"]
        assert term["used"]
    assert [name for name in NAMES if name not in spoken] == []


@pytest.mark.parametrize(
    ("check", "zh", "en"),
    [
        (wrongly_pointed, "平台已裁决, 请查看。", "The platform has ruled."),
        (wrongly_pointed, "请等待平台。", "Wait for the platform。"),
        (mixed, "您的投诉未予受理。", "Your dispute was not admitted."),
        (mixed, "您的纠纷未予受理。", "Your complaint was not admitted."),
        (left_in_latin, "案件在 awaiting-response 阶段。", "It waits."),
        (wrongly_priced, "应退款 {amount} 元。", "{amount} are owed."),
        (wrongly_ended, "您有新的留言", "There is a new message."),
        (untranslated, "There is a message.", "There is a message."),
    ],
)
def test_what_is_wrong_is_found(
    check: Callable[[Said], Iterable[str] | bool], zh: str, en: str
) -> None:
    found = check(Said("notices.x", zh, en))
    assert found if isinstance(found, bool) else any(found)

"""Names: one form each, and what holds an invisible character is no name."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.names import MOST_CHARACTERS, BadName, same, visible_text


@pytest.mark.parametrize(
    ("given_as", "name"),
    [
        ("o-1", "o-1"),
        ("o ", "o"),
        ("\to\n", "o"),
        ("\u3000订单\u00a0", "订单"),
        ("cafe\u0301", "caf\u00e9"),
        ("\u212b", "\u00c5"),
        ("a b", "a b"),
        ("case:x", "case:x"),
        ("seller:z", "seller:z"),
    ],
)
def test_what_differs_by_form_only_is_one_name(given_as: str, name: str) -> None:
    assert visible_text(given_as) == name
    assert same(given_as, name)


@pytest.mark.parametrize(
    ("text", "character"),
    [
        ("o\u200b", "U+200B"),
        ("\ufeffo", "U+FEFF"),
        ("o\u2060o", "U+2060"),
        ("o\u202eo", "U+202E"),
        ("o\u00ado", "U+00AD"),
        ("o\u3164o", "U+3164"),
        ("o\u115fo", "U+115F"),
        ("o\ufe0f", "U+FE0F"),
        ("o\u034fo", "U+034F"),
        ("o\u2800o", "U+2800"),
        ("o\U000e0041", "U+E0041"),
        ("o\u00a0o", "U+00A0"),
        ("o\u3000o", "U+3000"),
        ("o\u2028o", "U+2028"),
        ("o\0o", "U+0000"),
        ("o\x7fo", "U+007F"),
        ("o\ud800", "U+D800"),
        ("o\uffff", "U+FFFF"),
        ("o\U0001bca0", "U+1BCA0"),
    ],
)
def test_an_invisible_character_is_named(text: str, character: str) -> None:
    with pytest.raises(BadName) as caught:
        visible_text(text)
    assert (caught.value.code, caught.value.character) == (
        "invisible-character",
        character,
    )


NAMELESS = "case:7d6f8a52-3c9b-5e41-9a57-2f0b6d1c4e83"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "blank"),
        (" \u3000\n", "blank"),
        ("x" * (MOST_CHARACTERS + 1), "too-long"),
        # One character in another form, two in this one.
        ("\u0958" * (MOST_CHARACTERS // 2 + 1), "too-long"),
        (NAMELESS, "reserved"),
    ],
)
def test_what_is_no_name_says_why(text: str, code: str) -> None:
    with pytest.raises(BadName) as caught:
        visible_text(text)
    assert caught.value.code == code


def test_a_party_whom_nobody_names_may_be_asked_for() -> None:
    assert visible_text(NAMELESS, reserved=True) == NAMELESS


def test_nobody_is_nobody() -> None:
    assert not same(None, None)
    assert not same("b-1", None)
    assert not same("b-1", "b-2")


@given(st.text())
def test_the_one_form_is_its_own_and_visible(text: str) -> None:
    try:
        name = visible_text(text)
    except BadName:
        return
    assert visible_text(name) == name == unicodedata.normalize("NFC", name).strip()
    assert all(one == " " or not one.isspace() for one in name)
    assert same(name, text)

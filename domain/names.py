"""Names that clients give: of people, platforms, orders and rules, each in one form.

Two names that look alike have to be one name, or one order line would have several live
disputes, and one person several keys. So a name has one form: visible characters in
Unicode's composed normal form (NFC), without blanks around it. What has another form
only because of these is brought into it; what holds an invisible character is refused.
"""

from __future__ import annotations

import re
import unicodedata

MOST_CHARACTERS = 128

# Unicode's property Default_Ignorable_Code_Point, and the blank pattern of Braille:
# without a glyph, though most are letters or marks by their category.
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Control characters, formats, surrogates, private and unassigned ones, and the ends of
# lines and paragraphs. Of the blanks, everybody tells the plain space alone from
# nothing.
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp", "Zs"})

# The parties of imported cases whose sources do not name them.
_RESERVED = re.compile(r"case:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class BadName(ValueError):
    """A text is no name. `code` says why, `character` which one, as "U+200B"."""

    def __init__(self, code: str, most: int, character: str = "") -> None:
        self.code = code
        self.character = character
        super().__init__(_SAID[code].format(most=most, character=character))


_SAID = {
    "blank": "is not 1-{most} visible characters",
    "too-long": "is not 1-{most} visible characters",
    "invisible-character": "holds the invisible character {character}",
    "reserved": "stands for a case's party without a name",
}


def is_reserved(name: str) -> bool:
    """Tell whether a name is that of a case's party whom nobody names."""
    return _RESERVED.fullmatch(name) is not None


def visible_text(
    text: str, most: int = MOST_CHARACTERS, *, reserved: bool = False
) -> str:
    """Return a name in its one form. Raises BadName.

    `reserved`: the name may be that of a case's nameless party, "case:<id>".

    Codes: "blank", "too-long", "invisible-character" and "reserved".
    """
    name = _one_form(text)
    if not name:
        raise BadName("blank", most)
    if len(name) > most:
        raise BadName("too-long", most)
    for character in name:
        if character != " " and not _is_visible(character):
            raise BadName("invisible-character", most, f"U+{ord(character):04X}")
    if is_reserved(name) and not reserved:
        raise BadName("reserved", most)
    return name


def quoted(text: object, most: int = 60) -> str:
    """Return a text from elsewhere for a sentence: in quotation marks, and not long."""
    whole = str(text)
    return repr(whole) if len(whole) <= most else f"{whole[:most]!r}…"


def same(one: str | None, other: str | None) -> bool:
    """Tell whether two names are one; None is the name of nobody."""
    if one is None or other is None:
        return False
    return one == other or _one_form(one) == _one_form(other)


def _one_form(text: str) -> str:
    if text.isascii():
        return text.strip()
    # Trimmed again: what is composed may begin with a blank that was not one before.
    return unicodedata.normalize("NFC", text.strip()).strip()


def _is_visible(character: str) -> bool:
    if unicodedata.category(character) in _INVISIBLE:
        return False
    return _IGNORABLE.match(character) is None

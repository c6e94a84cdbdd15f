"""Texts in tables that people open in a spreadsheet: none of them runs as a formula.

What a source or a party has written may begin as a formula does, also where a table
quotes it. As OWASP advises, such a text gets an apostrophe before it. Numbers get none.
"""

from __future__ import annotations

# The wide ones are taken for the narrow ones where one writes Chinese or Japanese.
_BEGINS = (
    *("=", "+", "-", "@", "\t", "\n"),
    *("\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}"),
    *("\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}"),
)

FOR_SPREADSHEETS = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Put before a file that is downloaded: without it, Excel reads UTF-8 as GBK."""


def as_text(text: str) -> str:
    """Return a text in the form in which no spreadsheet takes it for a formula."""
    # A carriage return would stand without quotes, and end the row.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.startswith(_BEGINS) else text

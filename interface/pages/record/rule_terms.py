"""What a fact rests on, in words, beside the term by which the record is searched."""

from __future__ import annotations

from application.texts import texts
from interface.api.actions.action_words import code_words
from interface.api.request_context import RequestContext
from interface.pages.page_texts import page_words

_TABLES = {"missed": "awaited", "appeal": "appeal_results"}


def rule_words(context: RequestContext, term: str) -> str:
    """Return the words for a term such as "missed:evidence"; "" where it has none.

    "cn-default/1#evidence" is a limit, and "proof/1" a rule with its version.
    """
    language = context.language
    limit = term.partition("#")[2]
    if limit:
        return _said("limits", limit, language)
    kind, _, code = term.partition(":")
    if not code:
        known = context.system.rulebooks.regulations.known.get(term)
        return str(getattr(known.title, language)) if known else ""
    if kind in _TABLES:
        words = _said(_TABLES[kind], code, language)
    else:
        words = code_words(kind, code, context.system.rulebooks.codes, language) or ""
    if not words:
        return ""
    return page_words(f"record.term-{kind}", language, what=words)


def _said(table: str, code: str, language: str) -> str:
    found = texts()[table].get(code)
    return str(found[language]) if found else ""

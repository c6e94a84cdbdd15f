"""Regulations: versioned rules in articles, which a decision cites and names.

The platform's own rules, the standard's sections and the rules of proof are all read
from TOML files of one form, with every title and text in zh and en.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct

from domain.policy import toml_decoder
from domain.policy.burden_of_proof import ProofRules
from domain.policy.toml_decoder import Mistakes

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*$", max_length=64)]
Said = Annotated[
    str, Meta(min_length=1, max_length=2_000, pattern=r"^\S[^\x00-\x1f]*$")
]

# A citation is one word, in an address and in a list too.
_CITED_AS = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}", re.ASCII)


class Bilingual(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same words in Chinese and in English."""

    zh: Said
    en: Said


class Provision(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One article: `number` as a decision names it ("第三条", "Article 3").

    `reconstructed`: the source lacks it; it was written after what platforms publish.
    """

    number: Bilingual
    title: Bilingual
    text: Bilingual
    reconstructed: bool = False


class Regulation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rules in articles, in one version. Read with `load`.

    It is in force from `in_force_from` until the end of `in_force_until`, or until a
    newer version is; `articles` are keyed by what citations call them ("3").
    """

    name: Name
    version: Annotated[int, Meta(ge=1)]
    title: Bilingual
    in_force_from: date
    in_force_until: date | None = None
    articles: Mapping[str, Provision]

    @property
    def id(self) -> str:
        """Return name and version: "sample-platform/1"."""
        return f"{self.name}/{self.version}"


def load(text: str, proofs: Mapping[str, ProofRules] | None = None) -> Regulation:
    """Read a regulation from TOML. Raises Mistaken, with every mistake.

    One that has the id of rules of proof has to say what those say.
    """
    mistakes = Mistakes()
    raw = toml_decoder.parsed(text)
    values = toml_decoder.fields(
        raw, Regulation, "", mistakes, {"articles": _provisions}
    )
    first, last = values.get("in_force_from"), values.get("in_force_until")
    if first is not None and last is not None and last < first:
        mistakes.add("in_force_until", f"before in_force_from ({first})")
    proof = (proofs or {}).get(f"{values.get('name')}/{values.get('version')}")
    if proof is not None and "articles" in values:
        for at, wrong in _other_than(proof, values["articles"]):
            mistakes.add(at, wrong)
    mistakes.refuse()
    return Regulation(**values)


def _provisions(raw: Any, at: str, mistakes: Mistakes) -> dict[str, Provision] | None:
    named = toml_decoder.table(raw, at, mistakes)
    if not named and isinstance(raw, dict):
        mistakes.add(at, "has no article")
    found: dict[str, Provision] = {}
    numbers: dict[str, str] = {}
    for name, row in named.items():
        place = toml_decoder.place(at, name)
        if not _CITED_AS.fullmatch(name):
            mistakes.add(place, "is named by 1-64 letters, digits, dots and hyphens")
        provision = toml_decoder.struct(row, Provision, place, mistakes)
        if provision is None:
            continue
        first = numbers.setdefault(provision.number.zh, name)
        if first != name:
            mistakes.add(f"{place}.number", f"article {first!r} has it already")
        found[name] = provision
    return found


def _other_than(
    proof: ProofRules, articles: Mapping[str, Provision]
) -> Iterator[tuple[str, str]]:
    """Yield where a regulation says something else than the rules of proof."""
    for name in sorted({*proof.articles} | {*articles}):
        at = f"articles.{name}"
        if name not in articles:
            yield at, f"missing: {proof.id} has it"
        elif name not in proof.articles:
            yield at, f"{proof.id} has no such article"
        else:
            said, stated = articles[name].text, proof.articles[name]
            if (said.zh, said.en) != (stated.zh, stated.en):
                yield f"{at}.text", f"{proof.id} says something else"


def in_force(regulations: Iterable[Regulation], day: date) -> tuple[Regulation, ...]:
    """Return the newest version of each regulation that is in force on a day."""
    found: dict[str, Regulation] = {}
    for one in sorted(regulations, key=lambda one: (one.name, one.version)):
        if one.in_force_from <= day:
            found[one.name] = one
    # A version that has ended revives none that it replaced.
    return tuple(
        one
        for one in found.values()
        if one.in_force_until is None or day <= one.in_force_until
    )


def of_case(
    regulations: Iterable[Regulation], proof: ProofRules, filed: date
) -> tuple[Regulation, ...]:
    """Return what a decision may cite in a case that was filed on a day.

    Of the rules of proof that is the version that the case's policy names.
    """
    regulations = tuple(regulations)
    others = (one for one in regulations if one.name != proof.name)
    pinned = (one for one in regulations if one.id == proof.id)
    return *pinned, *in_force(others, filed)

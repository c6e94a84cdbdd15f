"""Rules of proof: who has to prove first, and with which kinds of evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from domain.policy import toml_decoder
from domain.policy.codes import Codes
from domain.policy.toml_decoder import Mistakes
from domain.roles import Party
from domain.ruling.reasons import RuleCited

ALWAYS = "other"
"""The kind of evidence that may always be submitted."""


class Burden(Struct, frozen=True, kw_only=True):
    """Who has to prove first, by which rule, in words."""

    party: Party
    rule: RuleCited
    zh: str
    en: str


class Requirement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Kinds of evidence: all of `required`, any of `one_of`, and `optional` ones."""

    required: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """Return every kind that may be submitted."""
        return frozenset((*self.required, *self.one_of, *self.optional))

    def satisfied_by(self, kinds: Iterable[str]) -> bool:
        """Tell whether these kinds are enough."""
        given = frozenset(kinds)
        any_of_them = not self.one_of or not given.isdisjoint(self.one_of)
        return given.issuperset(self.required) and any_of_them


class Article(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule on who proves first, with its words."""

    party: Literal["buyer", "seller"]
    zh: str
    en: str


class ReasonProof(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules for one reason: its article, and what each side is asked for."""

    article: str
    buyer: Requirement
    seller: Requirement


class ProofRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All rules of proof, in one version. Read with `load`."""

    name: str
    version: Annotated[int, Meta(ge=1)]
    articles: Mapping[str, Article]
    reasons: Mapping[str, ReasonProof]

    @property
    def id(self) -> str:
        """Return name and version as a policy names them: "proof/1"."""
        return f"{self.name}/{self.version}"

    def burden(self, reason: str) -> Burden:
        """Return who has to prove first. Raises KeyError for an unknown reason."""
        name = self.reasons[reason].article
        article = self.articles[name]
        rule = RuleCited(id=self.name, version=str(self.version), article=name)
        party = Party(article.party)
        return Burden(party=party, rule=rule, zh=article.zh, en=article.en)

    def requirements(self, reason: str, party: Party) -> Requirement:
        """Return what a buyer or a seller is asked for. Raises KeyError, as above."""
        proof = self.reasons[reason]
        asked = proof.buyer if party is Party.BUYER else proof.seller
        return Requirement(
            required=asked.required,
            one_of=asked.one_of,
            optional=(*asked.optional, ALWAYS),
        )


def load(text: str, codes: Codes) -> ProofRules:
    """Read rules of proof from TOML. Raises Mistaken, with every mistake."""
    mistakes = Mistakes()
    parsers = {"articles": _each(Article), "reasons": _each(ReasonProof)}
    raw = toml_decoder.parsed(text)
    values = toml_decoder.fields(raw, ProofRules, "", mistakes, parsers)
    # Names are compared as they are written, so that an article with a mistake in it is
    # not called missing as well. `fields` has noted already if there is no table.
    articles = toml_decoder.table(raw.get("articles", {}), "", Mistakes())
    _compare(
        toml_decoder.table(raw.get("reasons", {}), "", Mistakes()),
        codes.reasons,
        mistakes,
    )
    for reason, proof in values.get("reasons", {}).items():
        for at, wrong in _unknown_in(proof, articles, codes.evidence):
            mistakes.add(f"reasons.{reason}.{at}", wrong)
    mistakes.refuse()
    return ProofRules(**values)


def _each(kind: type[Struct]) -> toml_decoder.Parser:
    def read(raw: Any, at: str, mistakes: Mistakes) -> dict[str, Any]:
        rows = {
            name: toml_decoder.struct(row, kind, toml_decoder.place(at, name), mistakes)
            for name, row in toml_decoder.table(raw, at, mistakes).items()
        }
        return {name: row for name, row in rows.items() if row is not None}

    return read


def _compare(found: Iterable[str], known: Iterable[str], mistakes: Mistakes) -> None:
    found, known = set(found), set(known)
    for reason in sorted(found - known):
        mistakes.add(f"reasons.{reason}", "there is no such reason")
    for reason in sorted(known - found):
        mistakes.add(f"reasons.{reason}", "missing")


def _unknown_in(
    proof: ReasonProof, articles: Iterable[str], evidence: Iterable[str]
) -> Iterator[tuple[str, str]]:
    if proof.article not in articles:
        yield "article", f"there is no article {proof.article!r}"
    for side, asked in (("buyer", proof.buyer), ("seller", proof.seller)):
        for kind in sorted(asked.kinds - set(evidence)):
            yield side, f"there is no kind of evidence {kind!r}"
        if ALWAYS in asked.kinds:
            yield side, f"{ALWAYS!r} is always optional"

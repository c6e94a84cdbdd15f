"""Loads the rules: profiles, rules of proof, codes, calendars and regulations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from msgspec.structs import replace

from application.operator_error import OperatorError
from application.rules.calendars import additions_in, countries, working_days
from application.rules.regulation_files import read_regulations
from application.rules.rule_sets import RulePart, RuleSet, rule_set
from domain.case.context import Rulebook
from domain.deadlines.time_limits import Calendar
from domain.policy import burden_of_proof, codes, profile
from domain.policy.burden_of_proof import ProofRules
from domain.policy.calendar_additions import CalendarAddition, with_additions
from domain.policy.profile import Policy, Transition

SUMS = "SHA256SUMS"
"""The file with the hashes of the rules that ship."""


class ProfileWrong(OperatorError):
    """A policy profile cannot be used; the message names the file and every mistake."""


class Rulebooks:
    """Every policy profile by its id, such as "cn-default/1".

    `folder` holds profiles besides those that ship, `calendars` additions to calendars,
    `regulations` the platform's own rules, each in a TOML file. `texts` are the files
    of profiles and rules of proof by id, that of the code tables under "codes". Raises
    ProfileWrong, CalendarWrong or RegulationWrong.
    """

    def __init__(
        self,
        folder: Path | None = None,
        calendars: Path | None = None,
        regulations: Path | None = None,
    ) -> None:
        shipped = files("domain").joinpath("policy")
        self.texts = {"codes": shipped.joinpath("codes.toml").read_text("utf-8")}
        # In this order: rules of proof are checked against the codes, and a profile
        # against both.
        self.codes = codes.load(self.texts["codes"])
        self._sources: dict[str, str] = {}
        self._proofs = {
            rules.id: rules
            for entry in _toml_files(shipped, of_proof=True)
            for rules in (self._proof(entry),)
        }
        self.regulations = read_regulations(
            shipped.joinpath("regulations"), regulations, self._proofs
        )
        self._additions = {} if calendars is None else additions_in(calendars)
        self._books: dict[str, Rulebook] = {}
        self._sets: dict[str, RuleSet] = {}
        for entry in _toml_files(shipped):
            self._add(entry)
        for entry in () if folder is None else _toml_files(folder):
            self._add(entry)

    def __getitem__(self, policy_id: str) -> Rulebook:
        """Return the rules of a profile. Raises KeyError for an unknown id."""
        return self._books[policy_id]

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of all profiles."""
        return tuple(sorted(self._books))

    @property
    def calendars(self) -> tuple[Calendar, ...]:
        """Return the calendars that profiles count by, each edition once."""
        found = {book.calendar.name: book.calendar for book in self._books.values()}
        return tuple(found[name] for name in sorted(found))

    def additions(self, calendar: str) -> tuple[CalendarAddition, ...]:
        """Return what was added to a calendar ("CN"), the oldest version first."""
        return self._additions.get(calendar, ())

    def for_new(self, name: str, now: datetime) -> Rulebook:
        """Return the rules for a case filed now.

        A name without a version ("cn-default") stands for the newest version in force,
        an id for that version. Raises KeyError if there is none.
        """
        if name in self._books:
            return self._books[name]
        in_force = [one for one in self._versions(name) if _is_in_force(one, now)]
        if not in_force:
            raise KeyError(name)
        return in_force[-1]

    def for_case(self, policy_id: str, now: datetime) -> Rulebook:
        """Return the rules for a pending case that was filed under a profile.

        They are those of that profile, unless a newer version in force takes pending
        cases. Raises ProfileWrong if the profile's file was removed.
        """
        if policy_id not in self._books:
            raise ProfileWrong(f"{policy_id}: cases need this profile; put it back")
        pinned = self._books[policy_id]
        newer = [
            one
            for one in self._versions(pinned.policy.name)
            if one.policy.version > pinned.policy.version
            and one.policy.transition is Transition.TAKE_NEW
            and _is_in_force(one, now)
        ]
        return newer[-1] if newer else pinned

    def read(self, text: str) -> Rulebook:
        """Read a profile's text. Raises Mistaken, a ValueError, with every mistake."""
        policy = profile.load(
            text, self.codes, proofs=self._proofs, calendars=countries()
        )
        official = working_days(policy.calendar, policy.zone)
        calendar = replace(
            with_additions(official, self.additions(policy.calendar)),
            opens=policy.window.opens,
            closes=policy.window.closes,
        )
        book = Rulebook(
            policy=policy,
            codes=self.codes,
            calendar=calendar,
            proof=self._proofs[policy.proof],
            regulations=self.regulations.citable,
        )
        return replace(book, digest=self._set(book, text).digest)

    def rule_set(self, policy_id: str) -> RuleSet:
        """Return the rule set of a profile. Raises KeyError for an unknown id."""
        return self._sets[policy_id]

    def changed(self) -> Iterator[str]:
        """Yield the shipped files that are not what was shipped, and both hashes.

        Whether or not any case has used them: an operator's own rules have a file, and
        a version, of their own.
        """
        shipped = files("domain").joinpath("policy")
        for line in shipped.joinpath(SUMS).read_text("ascii").splitlines():
            sum_, name = line.split("  ")
            entry = shipped.joinpath(name)
            found = (
                sha256(entry.read_bytes()).hexdigest() if entry.is_file() else "none"
            )
            if found != sum_:
                yield (
                    f"{entry} is not what was shipped: its SHA-256 is {found}, not"
                    f" {sum_}; put it back, and put rules of your own beside it"
                    " (REDRESS_POLICIES)"
                )

    @property
    def rule_sets(self) -> tuple[RuleSet, ...]:
        """Return the rule sets of all profiles."""
        return tuple(self._sets[one] for one in self.ids)

    def _set(self, book: Rulebook, text: str) -> RuleSet:
        codes_id = f"codes/{book.codes.edition}"
        return rule_set(
            self._part("policy", book.policy.id, text),
            self._part("proof", book.proof.id, self.texts[book.proof.id]),
            self._part("codes", codes_id, self.texts["codes"]),
            book.calendar,
            self.regulations.parts.values(),
        )

    def _part(self, kind: str, name: str, text: str) -> RulePart:
        source = self._sources.get(name, "codes.toml" if kind == "codes" else name)
        return RulePart(kind=kind, id=name, text=text.encode(), source=source)

    def _proof(self, entry: Traversable) -> ProofRules:
        text = entry.read_text("utf-8")
        rules = burden_of_proof.load(text, self.codes)
        self.texts[rules.id], self._sources[rules.id] = text, str(entry)
        return rules

    def _add(self, entry: Traversable) -> None:
        """Add a profile, if it fits the others. Raises ProfileWrong."""
        try:
            text = entry.read_text("utf-8")
            book = self.read(text)
            self._refuse_misfit(book.policy)
        except ValueError as error:
            raise ProfileWrong(f"{entry}: {error}") from None
        self._books[book.policy.id] = book
        self._sources[book.policy.id] = str(entry)
        self._sets[book.policy.id] = self._set(book, text)
        self.texts[book.policy.id] = text

    def _refuse_misfit(self, policy: Policy) -> None:
        """Raise ValueError for an id that is taken, or versions out of order."""
        if policy.id in self._books:
            raise ValueError(
                f"there is a {policy.id} already; a change is a new version"
            )
        for other in self._versions(policy.name):
            older, newer = sorted((other.policy, policy), key=lambda one: one.version)
            if newer.in_force_from < older.in_force_from:
                raise ValueError(f"{newer.id} would be in force before {older.id}")

    def _versions(self, name: str) -> list[Rulebook]:
        """List the versions of a profile, oldest first."""
        found = [one for one in self._books.values() if one.policy.name == name]
        return sorted(found, key=lambda one: one.policy.version)


def _toml_files(folder: Traversable, *, of_proof: bool = False) -> list[Traversable]:
    """List the profiles in a folder, or its rules of proof."""
    return sorted(
        (
            entry
            for entry in folder.iterdir()
            if entry.name.endswith(".toml")
            and entry.name != "codes.toml"
            and entry.name.startswith("proof-") is of_proof
        ),
        key=lambda entry: entry.name,
    )


def _is_in_force(book: Rulebook, now: datetime) -> bool:
    return book.policy.in_force_from <= book.calendar.day(now)

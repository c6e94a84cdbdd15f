"""The composition root: build(settings) -> System. Importing it has no effect."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from application.bundle.imported_bundles import ImportedBundles
from application.bundle.maker import BundleMaker
from application.cases.case import Case
from application.cases.case_limits import CaseLimits
from application.cases.disputes import Disputes
from application.cases.evidence_files import EvidenceFiles
from application.deliveries.webhook_table import Webhooks
from application.log.sign.statement_keys import StatementKey
from application.privacy.data_keys import KeyStore
from application.record.calendar_editions import with_editions
from application.record.database import Database
from application.record.record import Record
from application.record.schema import migrations
from application.record.schema.migrations import JOBS, KEYS, STORE
from application.rules.adopted_rules import RulesChanged, refuse_changed
from application.rules.rulebook import Rulebooks
from interface.callers.api_key_list import ApiKeyList
from interface.callers.known_issuers import issuers_of
from interface.callers.revocation_list import RevocationList
from interface.callers.tokens import Tokens
from interface.clock import TestClock, system_clock
from interface.run.traces import start_traces
from interface.settings.database_urls import (
    database_url,
    keys_owner_url,
    keys_url_of,
    owner_url,
    rights_of_the_owner,
)
from interface.settings.setting_rows import named_values
from interface.settings.settings import SettingError, Settings
from interface.settings.writable_folder import check_folder
from interface.startup_checks import check_login, master_keys, statement_key
from projections import registry
from projections.tables.view_presence import ViewMissing

_log = logging.getLogger(__name__)


class System(Struct, frozen=True, kw_only=True):
    """Everything that one process works with."""

    settings: Settings
    url: str
    database: Database
    keys: KeyStore
    rulebooks: Rulebooks
    disputes: Disputes
    evidence: EvidenceFiles
    statement_key: StatementKey
    tokens: Tokens
    revoked: RevocationList
    api_keys: ApiKeyList
    clock: Callable[[], datetime]

    @property
    def record(self) -> Record:
        """Return the record, through which histories are read and appended to."""
        return self.disputes.record

    @property
    def zone(self) -> str:
        """Return the platform's time zone: that of the rules for new cases."""
        rules = self.rulebooks.for_new(self.settings.policy, self.clock())
        return rules.policy.zone

    @property
    def bundle_maker(self) -> BundleMaker:
        """Return what makes bundles of cases."""
        return BundleMaker(
            database=self.database,
            record=self.record,
            keys=self.keys,
            rulebooks=self.rulebooks,
            adopted=self.disputes.rules,
            evidence=self.evidence,
            statement_key=self.statement_key,
            tsa=self.settings.log.tsa,
            kinds=self.settings.log.kinds,
            clock=self.clock,
        )

    @property
    def webhooks(self) -> Webhooks:
        """Return the endpoints that are told of events."""
        return Webhooks(self.database, self.keys)

    @property
    def imported_bundles(self) -> ImportedBundles:
        """Return the bundles of other logs."""
        return ImportedBundles(self.database, self.keys)

    def find_case(self, case: UUID) -> Case:
        """Load a case, also one that was imported in a bundle; without one, version 0.

        A case that is in the record is this log's own, whatever was imported of it.
        """
        own = self.disputes.find(case)
        imported = None if own.events else self.imported_bundles.find(case)
        return own if imported is None else imported.read_case()

    def close(self) -> None:
        """Close all connections."""
        self.disputes.close()
        self.keys.close()
        self.tokens.close()


def build(settings: Settings) -> System:
    """Wire the parts together, and check that the database is as this code expects.

    Raises SettingError, ProfileWrong, CalendarWrong, RegulationWrong, RulesChanged,
    SchemaMismatch, KeyFileUnusable or EmbeddedUnavailable, each with one line that says
    what is wrong.
    """
    _log.info("settings: %s", " ".join(named_values(settings)))
    check_folder("REDRESS_HOME", settings.home)
    start_traces(settings)
    url = database_url(settings)
    # The embedded database is this program's own, so it is brought forward unasked.
    # Elsewhere an operator decides when to run `redress migrate`.
    if settings.database_url is None:
        migrate(settings)
    keys_url = keys_url_of(settings, url)
    if not settings.is_development:
        check_login("DATABASE_URL", url)
        check_login("REDRESS_KEYS_URL", keys_url)
    check_folder("REDRESS_EVIDENCE", settings.evidence)
    migrations.check(url, STORE)
    migrations.check(url, JOBS)
    migrations.check(keys_url, KEYS)
    _check_views(url)
    system = wire(settings, url, keys_url)
    try:
        _check_rules(system)
    except RulesChanged:
        system.close()
        raise
    return system


def _check_views(url: str) -> None:
    """Check that views have the form that this code gives them.

    One that is missing is told of, and keeps nobody from all that needs it not: health
    names it until it is rebuilt.
    """
    try:
        registry.check(url)
    except ViewMissing as missing:
        _log.warning("%s", missing)


def _check_rules(system: System) -> None:
    """Raise RulesChanged for rules that were changed in place."""
    for said in system.rulebooks.changed():
        raise RulesChanged(said)
    refuse_changed(system.disputes.rules.recorded(), system.rulebooks.rule_sets)


def wire(
    settings: Settings,
    url: str,
    keys_url: str,
    clock: Callable[[], datetime] | None = None,
) -> System:
    """Wire the parts together on databases that were checked."""
    clock = clock or wall_clock(settings)
    stating = statement_key(settings)
    books = _books(settings, clock())
    database = Database(with_editions(url, books.calendars))
    keys_database = Database(keys_url, schema=KEYS.name)
    keys = KeyStore(
        keys_database,
        master_keys(settings, keys_database),
        settings.master_key,
    )
    api_keys = ApiKeyList(keys.master.digest)
    revoked = RevocationList(url, settings.callers.token_lifetime, api_keys)
    return System(
        settings=settings,
        url=url,
        database=database,
        keys=keys,
        rulebooks=books,
        disputes=Disputes(
            database,
            keys,
            books,
            policy=settings.policy,
            clock=clock,
            limits=CaseLimits(
                files=settings.limits.files,
                messages=settings.limits.messages,
                events=settings.limits.events,
            ),
            stating=stating,
        ),
        evidence=EvidenceFiles(settings.evidence),
        statement_key=stating,
        tokens=Tokens(issuers_of(settings), revoked, api_keys),
        revoked=revoked,
        api_keys=api_keys,
        clock=clock,
    )


def wall_clock(settings: Settings) -> Callable[[], datetime]:
    """Return the clock that all processes of this installation use."""
    return TestClock(settings.home) if settings.is_development else system_clock


def migrate(settings: Settings) -> tuple[str, ...]:
    """Bring the database forward; return what was done."""
    url = owner_url(settings)
    with rights_of_the_owner():
        return (
            *migrations.migrate(url, STORE),
            *migrations.migrate(url, JOBS),
            *migrations.migrate(keys_owner_url(settings, url), KEYS),
            *(f"view {name}" for name in registry.make_missing(url)),
        )


def _books(settings: Settings, now: datetime) -> Rulebooks:
    books = Rulebooks(settings.policies, settings.calendars, settings.rules)
    try:
        books.for_new(settings.policy, now)
    except KeyError:
        known = ", ".join(books.ids)
        raise SettingError(
            f"REDRESS_POLICY: {settings.policy!r} is none of {known}, "
            "or no version of it is in force yet"
        ) from None
    return books

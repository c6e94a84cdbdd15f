"""A production installation, from answers to files: safe to repeat, never overwriting.

What an earlier run wrote stays and counts: its answers are taken for those that are not
given again, and only what is missing is made. Environment files come last, so that
files of keys that they name have been there.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from application.log.format.note import is_key_name
from application.rules.rulebook import Rulebooks
from application.whole_files import rewrite, write_once
from interface.settings.database_urls import database_fault
from interface.settings.env_file import env_line, env_text, read_env
from interface.settings.settings import SettingError, read
from interface.setup.database_script import (
    database_script,
    local_urls,
    owner_url_of,
)
from interface.setup.key_files import MAKERS, endorse, refuse_lost, trust_policy_text

NAMES_IN = {
    "redress.env": (
        *("REDRESS_MODE", "DATABASE_URL", "REDRESS_HOME", "REDRESS_EVIDENCE"),
        *("REDRESS_MASTER_KEY", "REDRESS_STATEMENT_KEY", "REDRESS_LOG_ORIGIN"),
        *("REDRESS_LOG_POLICY", "REDRESS_POLICY", "REDRESS_POLICIES"),
        *("REDRESS_JWKS", "REDRESS_ISSUER", "REDRESS_AUDIENCE"),
    ),
    "owner.env": ("REDRESS_OWNER_URL",),
    "sign.env": (
        *("REDRESS_MODE", "DATABASE_URL", "REDRESS_LOG_ORIGIN"),
        *("REDRESS_LOG_KEY", "REDRESS_LOG_STATE"),
    ),
}
"""The environment files, and the settings in each: who needs no secret has none."""

WORDS = {
    "redress.env": "settings of servers and workers",
    "owner.env": "the owner's login, for `redress migrate` and `redress rebuild`",
    "sign.env": "settings of the signer",
}
OWN_KEYS = ("REDRESS_MASTER_KEY", "REDRESS_STATEMENT_KEY")
SIGNERS_FILES = ("REDRESS_LOG_KEY", "REDRESS_LOG_STATE")
PUBLIC = 0o644


class Folders(Struct, frozen=True, kw_only=True):
    """Where what goes: settings, the processes' own files, and the signer's."""

    settings: Path
    home: Path
    signer: Path
    user: str | None = None
    signer_user: str | None = None

    def env(self, name: str) -> Path:
        """Return the path of an environment file."""
        return self.settings / name

    def user_of(self, name: str) -> str | None:
        """Return whose an environment file is; None: of whoever runs this."""
        return {"redress.env": self.user, "sign.env": self.signer_user}.get(name)


class Said(Struct, frozen=True):
    """A line for the operator: what was made or kept, and what it is."""

    done: str
    path: Path
    words: str


def kept_settings(folders: Folders) -> dict[str, str]:
    """Return what the environment files of earlier runs set. Raises SettingError."""
    kept: dict[str, str] = {}
    for name in NAMES_IN:
        if folders.env(name).exists():
            kept |= read_env(folders.env(name))
    return kept


def planned(
    folders: Folders, kept: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """Return all settings: those kept, else those given, else those that follow."""
    home, place = folders.home.absolute(), folders.settings.absolute()
    signer = folders.signer.absolute()
    own, owners = local_urls()
    url = kept.get("DATABASE_URL") or given.get("DATABASE_URL")
    return {
        "REDRESS_MODE": "production",
        "DATABASE_URL": own,
        "REDRESS_OWNER_URL": owners if url is None else owner_url_of(url),
        "REDRESS_HOME": str(home),
        "REDRESS_EVIDENCE": str(home / "evidence"),
        "REDRESS_MASTER_KEY": str(home / "keys" / "master.json"),
        "REDRESS_STATEMENT_KEY": str(home / "keys" / "statements.json"),
        "REDRESS_LOG_KEY": str(signer / "keys" / "log.json"),
        "REDRESS_LOG_STATE": str(signer / "log" / "signed.json"),
        "REDRESS_LOG_POLICY": str(place / "log-policy"),
        "REDRESS_POLICY": "cn-default/1",
        "REDRESS_POLICIES": str(place / "policies"),
        **given,
        **kept,
    }


def check_plan(plan: Mapping[str, str], profile: Path | None) -> None:
    """Raise SettingError, naming every setting that is wrong or missing.

    `profile`: the file of the policy, where it is one that does not ship.
    """
    known = {name: plan.get(name, "") for names in NAMES_IN.values() for name in names}
    if not Path(known["REDRESS_POLICIES"]).exists():
        # Only going to be made.
        known["REDRESS_POLICIES"] = ""
    settings = read(known)
    if not is_key_name(settings.log.origin):
        raise SettingError(
            f"REDRESS_LOG_ORIGIN: {settings.log.origin!r} has a space or a plus"
        )
    # What the processes would refuse at their start: here it can still be changed.
    for name in ("DATABASE_URL", "REDRESS_OWNER_URL"):
        if fault := database_fault(known[name]):
            raise SettingError(f"{name}: {fault}")
    jwks = known["REDRESS_JWKS"]
    if "://" not in jwks and not Path(jwks).is_file():
        raise SettingError(f"REDRESS_JWKS: {jwks!r} is neither an address nor a file")
    books = Rulebooks(profile.parent if profile else settings.policies)
    try:
        books.for_new(settings.policy, datetime.now(UTC))
    except KeyError:
        raise SettingError(
            f"REDRESS_POLICY: {settings.policy!r} is none of {', '.join(books.ids)},"
            " or no version of it is in force yet"
        ) from None


def make_installation(
    folders: Folders,
    plan: Mapping[str, str],
    kept: Mapping[str, str],
    profile: Path | None,
    *,
    writes_sql: bool = False,
) -> Iterator[Said]:
    """Make what is missing, and say of each file what became of it.

    `writes_sql`: write the SQL again, too, which is deleted when it has been run.
    Raises SettingError, before anything is made, for a key file that was lost.
    """
    for setting, key in MAKERS.items():
        if setting in kept:
            refuse_lost(setting, Path(kept[setting]), key, folders.settings)
    script = database_script(
        str(folders.env("database.sql")),
        plan["DATABASE_URL"],
        plan["REDRESS_OWNER_URL"],
    )
    _make_folders(folders, plan)
    if profile is not None:
        place = Path(plan["REDRESS_POLICIES"]) / profile.name
        yield _public(place, profile.read_text("utf-8"), "policy profile of new cases")
    for setting, key in MAKERS.items():
        path = Path(plan[setting])
        user = folders.signer_user if setting == "REDRESS_LOG_KEY" else folders.user
        is_new = not path.exists()
        key.make(path, plan["REDRESS_LOG_ORIGIN"])
        if is_new:
            _give(path, user)
        yield Said("made" if is_new else "kept", path, key.words)
    log = Path(plan["REDRESS_LOG_KEY"])
    if endorse(log, Path(plan["REDRESS_STATEMENT_KEY"])):
        _give(log, folders.signer_user)
    words = "whom to trust: hand it to everybody who is to check the log"
    yield _public(Path(plan["REDRESS_LOG_POLICY"]), trust_policy_text(log), words)
    if writes_sql or "REDRESS_OWNER_URL" not in kept:
        # Written again after an interrupted run: its passwords are in no settings.
        rewrite(folders.env("database.sql"), script.encode())
        words = "SQL for the database and its two logins; it holds their passwords"
        yield Said("made", folders.env("database.sql"), words)
    for name, settings in NAMES_IN.items():
        wanted = {one: plan[one] for one in settings}
        yield _written_env(folders, name, wanted)


def _make_folders(folders: Folders, plan: Mapping[str, str]) -> None:
    """Make the folders that are missing, each of whoever works in it."""
    for path in (folders.settings, Path(plan["REDRESS_POLICIES"])):
        path.mkdir(parents=True, exist_ok=True)
    home, evidence = Path(plan["REDRESS_HOME"]), Path(plan["REDRESS_EVIDENCE"])
    own = (home, evidence, *(Path(plan[one]).parent for one in OWN_KEYS))
    signers = (folders.signer, *(Path(plan[one]).parent for one in SIGNERS_FILES))
    for user, paths in ((folders.user, own), (folders.signer_user, signers)):
        for path in paths:
            if not path.exists():
                path.mkdir(mode=0o700, parents=True)
                _give(path, user)


def _give(path: Path, user: str | None) -> None:
    if user is not None:
        shutil.chown(path, user)


def _public(path: Path, text: str, words: str) -> Said:
    """Write a file that everybody may read."""
    said = _written(path, text, None, words)
    if said.done == "made":
        path.chmod(PUBLIC)
    return said


def _written(path: Path, text: str, user: str | None, words: str) -> Said:
    if path.exists():
        return Said("kept", path, words)
    write_once(path, text.encode())
    _give(path, user)
    return Said("made", path, words)


def _written_env(folders: Folders, name: str, wanted: Mapping[str, str]) -> Said:
    """Write an environment file, or add what an earlier version did not know."""
    path, words = folders.env(name), WORDS[name]
    if not path.exists():
        return _written(path, env_text(wanted), folders.user_of(name), words)
    there = read_env(path)
    if not (missing := {k: v for k, v in wanted.items() if k not in there}):
        return Said("kept", path, words)
    text = path.read_text("utf-8")
    added = "".join(env_line(one, value) for one, value in missing.items())
    rewrite(path, (text.rstrip("\n") + "\n" + added).encode())
    _give(path, folders.user_of(name))
    return Said("kept", path, f"added {', '.join(missing)}")

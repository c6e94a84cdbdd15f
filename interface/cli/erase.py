"""`redress erase`."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import click
import msgspec

from application.privacy.erasure import NotErasable, NothingToErase
from application.privacy.erasure_requests import ErasureRequest, Subject
from domain.names import BadName, visible_text
from domain.roles import Party
from interface.bootstrap import System, build
from interface.run.erasure_job import eraser
from interface.settings.settings import SettingError, read

MOST_BASIS = 200


@click.command()
@click.argument("subject")
@click.option("--platform", required=True, help="Whose cases.")
@click.option("--role", required=True, help="buyer or seller.")
@click.option("--basis", required=True, help="A law, order or request, by its number.")
@click.option("--approver", required=True, help="The second person, by pseudonym.")
@click.option("--requester", default="operator", show_default=True, help="The first.")
@click.option("--restrict", is_flag=True, help="Where it cannot be yet: restrict it.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def erase(
    subject: str,
    *,
    platform: str,
    role: str,
    basis: str,
    approver: str,
    requester: str,
    restrict: bool,
    as_json: bool,
) -> None:
    """Erase the personal data of SUBJECT in all of its cases, for good.

    Refuses, naming the cases, while one is live, under legal hold or to be kept.
    Interrupted, it goes on. "case:ID" is the nameless party of an imported case.
    """
    approver, requester = _name("approver", approver), _name("requester", requester)
    if approver.casefold() in {requester.casefold(), subject.casefold()}:
        raise SettingError(
            "--approver: has to be another person than --requester and SUBJECT"
        )
    basis = basis.strip()
    if not basis.isprintable() or not 0 < len(basis) <= MOST_BASIS:
        raise SettingError(f"--basis: is not 1-{MOST_BASIS} visible characters")
    whose = _subject(platform, role, subject)
    system = build(read())
    try:
        whose = _known(system, whose)
        done = _erase(system, whose, basis, approver, requester, restrict=restrict)
        elsewhere = _of_other_logs(system, whose)
    except NothingToErase as nothing:
        raise SettingError(f"{nothing}{_of_other_logs(system, whose)}") from None
    except NotErasable as error:
        for case in error.restricted:
            click.echo(f"restricted: {case}", err=True)
        raise
    finally:
        system.close()
    _print(done, as_json=as_json)
    if elsewhere:
        click.echo(f"{whose.id}{elsewhere}", err=True)


def _erase(
    system: System,
    subject: Subject,
    basis: str,
    approver: str,
    requester: str,
    *,
    restrict: bool,
) -> ErasureRequest:
    worker, now = eraser(system), system.clock()
    # Interrupted, the command is given again: it goes on with what it has begun.
    pending = worker.approvals.pending_of(subject)
    if pending is None:
        wanted = _wanted(subject, basis, requester, now)
        pending = worker.request(wanted, restrict=restrict)
    if pending.recorded_at is None:
        pending = worker.approvals.approve(pending, approver, now)
    return worker.carry_out(pending)


def _of_other_logs(system: System, whose: Subject) -> str:
    """Name the bundles of other logs that name the subject; return "" if none does."""
    imported = system.imported_bundles
    cases = imported.cases_of(whose.platform, whose.party, whose.id)
    if not cases:
        return ""
    return (
        "; bundles taken over from other logs tell of it, until they are forgotten: "
        + ", ".join(f"redress import --forget {case}" for case in cases)
    )


def _wanted(
    subject: Subject, basis: str, requester: str, now: datetime
) -> ErasureRequest:
    return ErasureRequest(
        erasure_id=uuid4(),
        platform=subject.platform,
        party=subject.party,
        subject=subject.id,
        basis=basis,
        requested_by=requester,
        requested_at=now,
    )


def _subject(platform: str, role: str, subject: str) -> Subject:
    if role not in {Party.BUYER, Party.SELLER}:
        raise SettingError(f"--role: {role!r} is neither buyer nor seller")
    return Subject(platform=platform, party=Party(role), id=subject)


def _known(system: System, whose: Subject) -> Subject:
    try:
        return eraser(system).known(whose)
    except BadName as error:
        raise SettingError(f"SUBJECT: {whose.id!r} {error}") from None


def _name(option: str, text: str) -> str:
    try:
        return visible_text(text)
    except BadName as error:
        raise SettingError(f"--{option}: {text.strip()!r} {error}") from None


def _print(done: ErasureRequest, *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(done))
        return
    cases, keys = len(done.case_ids or ()), len(done.key_ids or ())
    click.echo(
        f"{done.subject}: erased in {cases} cases; {keys} keys destroyed,"
        f" {done.files or 0} files deleted ({done.erasure_id})"
    )
    if done.final_at is not None:
        click.echo(f"final at {done.final_at:%Y-%m-%d %H:%M:%S}Z: no key opens it here")
    click.echo("copies of the key file from before still do: destroy them")

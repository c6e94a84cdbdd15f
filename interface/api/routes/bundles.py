"""Bundles over HTTP: a case with its proofs in one file."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Stream

from application.bundle.archive import Member, TooLarge
from application.bundle.bundle_set import MOST_CASES
from application.bundle.maker import BundleRequest
from application.bundle.timestamps import NotStamped
from application.cases.case import Case
from application.cases.file_flaws import told
from application.cases.sealed_file import FileDamaged
from application.log.case_proofs import NotSignedYet
from application.rules.rulebook import ProfileWrong
from interface.api.bulkheads import Work, work
from interface.api.openapi.operations import READ_PROBLEMS, Reading
from interface.api.openapi.text_forms import formed
from interface.api.problems import Failure, malformed
from interface.api.recorded_reads import (
    WATCHED,
    Read,
    View,
    only_by,
    read_of,
    record_view,
    unrecorded,
)
from interface.api.request_context import RequestContext
from interface.api.routes.replay import AUDITORS
from interface.bootstrap import System

_log = logging.getLogger(__name__)

ZIP = "application/zip"
BYTES = ResponseSpec(
    bytes, description="The bundle", media_type=ZIP, generate_examples=False
)
_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_IDS = f"^{_ID}(,{_ID})*$"
RETRY = {"Retry-After": "2"}


class BundleController(Controller):
    """For auditors, regulators and supervisors."""

    path = "/v1/audit/disputes/{dispute_id:uuid}/bundle"
    tags = ("audit",)

    @get(
        operation_class=Reading,
        responses=READ_PROBLEMS | {200: BYTES},
        operation_id="downloadBundle",
        summary="Take a case with its proofs in one file",
        sync_to_thread=True,
        opt=read_of(Read.BUNDLE, by=AUDITORS) | work(Work.BUNDLE),
    )
    def bundle(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
        with_files: FromQuery[bool] = False,  # noqa: FBT002 - a query parameter
        opened: FromQuery[bool] = False,  # noqa: FBT002
        stamp: FromQuery[bool] = True,  # noqa: FBT002
    ) -> Stream:
        """Return a zip: events, proofs, rules, reasons, deadlines, timelines.

        The same case at the same checkpoint gives the same bytes. `with_files` adds the
        evidence, sealed as it is stored; `opened` adds texts and files in clear, which
        rest on the platform's word; `stamp=false` leaves the time stamp out, as when
        the authority gives none. The page `/verify` checks it, or the program that
        `redress verifier` writes. A case that was taken over from
        another log is given as it came.
        """
        request = BundleRequest(
            files=with_files, opened=opened, stamp=stamp, reader=context.actor
        )
        return case_bundle(context, dispute_id, request)


class BundleSetController(Controller):
    """For auditors, regulators and supervisors."""

    path = "/v1/audit/bundle"
    tags = ("audit",)

    @get(
        operation_class=Reading,
        responses=READ_PROBLEMS | {200: BYTES},
        operation_id="downloadBundles",
        summary="Take several cases with their proofs in one file",
        sync_to_thread=True,
        opt=only_by(*AUDITORS)
        | unrecorded("each of its cases is recorded by itself")
        | work(Work.BUNDLE),
    )
    def bundles(
        self,
        context: NamedDependency[RequestContext],
        cases: Annotated[str, QueryParameter(schema_extra=formed(_IDS))],
        with_files: FromQuery[bool] = False,  # noqa: FBT002 - a query parameter
        opened: FromQuery[bool] = False,  # noqa: FBT002
        stamp: FromQuery[bool] = True,  # noqa: FBT002
    ) -> Stream:
        """Return a zip with the bundle of each case, and a signed list of them.

        `cases` are the ids, with commas between them; up to a hundred. Both verifiers
        take it, with a verdict for each case and one for all. See the bundle of a
        single case for the other parameters.
        """
        request = BundleRequest(
            files=with_files, opened=opened, stamp=stamp, reader=context.actor
        )
        return bundle_set(context, _ids(cases), request)


def case_bundle(context: RequestContext, case: UUID, request: BundleRequest) -> Stream:
    """Return the bundle of a case. Raises NotFound or Failure."""
    found = context.read_any(case)
    with _refusals(context.system):
        bundle = context.system.bundle_maker.make(found, request)
    headers = {"ETag": f'"{bundle.version}"'}
    return _sent(bundle.archive, f"{case}.zip", headers)


def bundle_set(
    context: RequestContext, cases: Sequence[UUID], request: BundleRequest
) -> Stream:
    """Return the bundles of cases, each of which is recorded as read."""
    found = [context.read_any(case) for case in cases]
    for case in found:
        _recorded(context, case)
    with _refusals(context.system):
        made = context.system.bundle_maker.make_set(found, request)
    return _sent(made.archive, "bundles.zip", {})


def _ids(cases: str) -> list[UUID]:
    """Return the ids of the cases, each once. Raises Failure."""
    try:
        found = list(dict.fromkeys(UUID(one) for one in cases.split(",")))
    except ValueError:
        raise malformed("cases", "not-a-uuid") from None
    if len(found) > MOST_CASES:
        raise malformed("cases", "too-long", limit=str(MOST_CASES))
    return found


def _recorded(context: RequestContext, case: Case) -> None:
    """Record that this case is read, as if it were asked for alone. Raises Failure."""
    if context.caller.role not in WATCHED:
        return
    view = View(
        method="GET",
        path=context.path,
        query=f"cases={case.case}",
        platform=case.dispute.platform,
        case=case.case,
        read=Read.BUNDLE,
    )
    record_view(context.system, context.caller, context.headers, view)


def _sent(archive: Member, name: str, more: dict[str, str]) -> Stream:
    digest = b64encode(bytes.fromhex(archive.sha256)).decode()
    headers = more | {
        "Content-Length": str(archive.size),
        "Content-Disposition": f'attachment; filename="{name}"',
        "Repr-Digest": f"sha-256=:{digest}:",
        "Cache-Control": "private, no-store",
    }
    return Stream(archive.read(), media_type=ZIP, headers=headers)


@contextmanager
def _refusals(system: System) -> Iterator[None]:
    """Raise Failure where there is no bundle, or none yet."""
    try:
        yield
    except NotSignedYet:
        raise Failure("not-signed-yet", headers=RETRY) from None
    except NotStamped as error:
        _log.warning("%s", error)
        raise Failure("not-stamped", headers=RETRY) from error
    except FileDamaged as damage:
        told(system.database, damage)
        raise Failure("file-damaged") from None
    except (ProfileWrong, TooLarge) as error:
        # In English, and of names of files: for operators alone.
        _log.error("bundle: %s", error)
        raise Failure("no-bundle") from error

"""Bundles over HTTP: a case with its proofs in one file."""

from __future__ import annotations

import logging
from base64 import b64encode
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from application.bundle.archive import TooLarge
from application.bundle.maker import BundleFile, BundleRequest
from application.bundle.timestamps import NotStamped
from application.cases.case import Case
from application.cases.file_flaws import told
from application.cases.sealed_file import FileDamaged
from application.log.case_proofs import NotSignedYet
from application.rules.rulebook import ProfileWrong
from interface.api.bulkheads import Work, work
from interface.api.openapi.operations import READ_PROBLEMS, Reading
from interface.api.problems import Failure
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.routes.replay import AUDITORS
from interface.bootstrap import System

_log = logging.getLogger(__name__)

ZIP = "application/zip"
BYTES = ResponseSpec(
    bytes, description="The bundle", media_type=ZIP, generate_examples=False
)
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
        the authority gives none. The page `/static/verifier/index.html` checks it, or
        the program that `redress verifier` writes. A case that was taken over from
        another log is given as it came.
        """
        case = context.read_any(dispute_id)
        request = BundleRequest(
            files=with_files, opened=opened, stamp=stamp, reader=context.actor
        )
        bundle = _bundle(context.system, case, request)
        digest = b64encode(bytes.fromhex(bundle.digest)).decode()
        headers = {
            "ETag": f'"{bundle.version}"',
            "Content-Length": str(bundle.archive.size),
            "Content-Disposition": f'attachment; filename="{dispute_id}.zip"',
            "Repr-Digest": f"sha-256=:{digest}:",
            "Cache-Control": "private, no-store",
        }
        return Stream(bundle.archive.read(), media_type=ZIP, headers=headers)


def _bundle(system: System, case: Case, request: BundleRequest) -> BundleFile:
    """Make a bundle. Raises Failure where there is none, or none yet."""
    try:
        return system.bundle_maker.make(case, request)
    except NotSignedYet:
        raise Failure("not-signed-yet", headers=RETRY) from None
    except NotStamped as error:
        _log.warning("%s", error)
        raise Failure("not-stamped", headers=RETRY) from error
    except FileDamaged as damage:
        told(system.database, damage)
        raise Failure("file-damaged") from None
    except (ProfileWrong, TooLarge) as error:
        raise Failure("no-bundle", said=str(error)) from error

"""A message with a file, sent from the desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from interface.api.request_context import RequestContext
from interface.pages.desk.case_page import case_page_of
from interface.pages.desk.queue_filters import DESK, PATH
from interface.pages.forms.form_upload import received
from interface.pages.page_options import UPLOAD


@post(
    f"{PATH}/cases/{{dispute_id:uuid}}/messages",
    status_code=303,
    opt=DESK | UPLOAD | {"files": 1},
)
async def post_file_from_desk(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    dispute_id: FromPath[UUID],
) -> Response[Any]:
    """Post a message with a file to both sides of a case."""
    attempt = await received(request, context, dispute_id, "messages/files")
    if attempt is None:
        done = f"{PATH}/cases/{dispute_id}?done=messages-files"
        return Redirect(done, status_code=303)
    return await sync_to_thread(case_page_of, request, context, dispute_id, attempt)

"""The router of all pages."""

from __future__ import annotations

from litestar import Router
from litestar.di import Provide

from interface.pages.analysis.analysis_page import analysis_file, analysis_page
from interface.pages.desk.desk_handlers import DESK_HANDLERS
from interface.pages.error_pages import PAGE_HANDLERS
from interface.pages.forms.sent_form import sent_form
from interface.pages.operation.checks_page import checks_page
from interface.pages.operation.operation_page import operation_page
from interface.pages.operation.operator_forms import retry_view, send_again
from interface.pages.page_files import page_file
from interface.pages.page_options import PAGE
from interface.pages.party.party_handlers import PARTY_HANDLERS
from interface.pages.public.public_handlers import PUBLIC_HANDLERS
from interface.pages.record.record_handlers import RECORD_HANDLERS
from interface.pages.service.service_page import service_page
from interface.pages.sign_in.oidc_pages import end_sign_in, start_sign_in
from interface.pages.sign_in.page_cookies import in_one_language
from interface.pages.sign_in.sign_in_page import sign_in, sign_in_form, sign_out
from interface.pages.start_page import start_page

HANDLERS = (
    page_file,
    start_page,
    sign_in_form,
    sign_in,
    sign_out,
    start_sign_in,
    end_sign_in,
    operation_page,
    checks_page,
    retry_view,
    send_again,
    analysis_page,
    analysis_file,
    service_page,
    *DESK_HANDLERS,
    *PARTY_HANDLERS,
    *PUBLIC_HANDLERS,
    *RECORD_HANDLERS,
)


def page_router() -> Router:
    """Return the router of all pages, which the API's document does not show."""
    return Router(
        "/",
        route_handlers=HANDLERS,
        include_in_schema=False,
        opt=PAGE,
        dependencies={"form": Provide(sent_form)},
        middleware=[in_one_language],
        exception_handlers=PAGE_HANDLERS,
    )

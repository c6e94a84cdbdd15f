"""What settings cannot be together, and URLs that are not encrypted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from application.log.sign.checkpoint_kind import Kind
from interface.settings.encrypted_transport import web_fault

if TYPE_CHECKING:
    from interface.settings.settings import Settings


def contradictions(settings: Settings) -> Iterator[str]:
    """Yield what does not go together, and web URLs that are not encrypted.

    What checks the URLs of databases takes long to import, and comes later.
    """
    if settings.log.publish is Kind.COSIGNED and settings.log.policy is None:
        yield "REDRESS_LOG_PUBLISH: cosigned needs REDRESS_LOG_POLICY"
    yield from settings.callers.contradictions()
    yield from settings.pages.contradictions(settings.callers.issuer)
    if fault := settings.notices.missing():
        yield f"REDRESS_NOTICE_CHANNELS: {fault}"
    if settings.is_development:
        return
    jwks = settings.callers.jwks
    urls = {
        # Or a file.
        "REDRESS_JWKS": jwks if jwks and "://" in jwks else None,
        "REDRESS_TSA": settings.log.tsa,
        "REDRESS_SMS_GATEWAY": settings.notices.sms_gateway,
        "REDRESS_NATS_URL": settings.feed.nats,
        "REDRESS_OTLP_URL": settings.operation.otlp,
        "REDRESS_PAGES_URL": settings.pages.url,
    }
    for name, url in urls.items():
        fault = None if url is None else web_fault(url)
        if fault is not None:
            yield f"{name}: {fault}"

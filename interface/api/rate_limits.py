"""Rate limits in an answer's headers, as the IETF's draft of RateLimit headers says."""

from __future__ import annotations

from application.cases.filing_quota import Quota

DAY_SECONDS = 86_400


def rate_limit_headers(quota: Quota | None) -> dict[str, str]:
    """Return the headers that say how many cases can still be filed today.

    A repeated request takes nothing, so that there is nothing to say.
    """
    if quota is None:
        return {}
    return {
        "RateLimit-Policy": f'"filings";q={quota.limit};w={DAY_SECONDS}',
        "RateLimit": f'"filings";r={quota.left};t={quota.seconds}',
    }

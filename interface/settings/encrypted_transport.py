"""Which hosts are across a network, and which web URLs go there in clear."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def web_fault(url: str) -> str | None:
    """Return why a web URL would let data cross a network in clear, or None."""
    parts = urlsplit(url)
    if parts.scheme in {"https", "tls"} or is_here(parts.hostname or ""):
        return None
    use = "tls" if parts.scheme == "nats" else "https"
    return f"{parts.hostname} is across a network: use {use}"


def is_here(host: str) -> bool:
    """Tell whether a host is a Unix socket, or this machine."""
    if not host or host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False

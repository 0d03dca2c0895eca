"""How a request reached us: directly, or through a trusted proxy."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Any of these says that something stands between us and whoever asks.
FORWARDING = (
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
    "Via",
)


@dataclass(frozen=True, slots=True)
class Way:
    """``host`` is what the browser asked for, ``scheme`` how; ``forwarded``: it came
    through something, believed or not."""

    host: str
    scheme: str
    forwarded: bool


def way(request: web.Request, proxies: Sequence[Network]) -> Way:
    """Forwarding headers count when a trusted proxy sent them; from anybody else they are only noticed."""
    forwarded = any(name in request.headers for name in FORWARDING)
    if not forwarded or not _trusted(request.remote, proxies):
        return Way(request.host, request.scheme, forwarded=forwarded)
    return Way(
        _last(request, "X-Forwarded-Host") or request.host,
        _last(request, "X-Forwarded-Proto") or request.scheme,
        forwarded=forwarded,
    )


def _last(request: web.Request, name: str) -> str:
    """What the nearest proxy wrote: whatever stands before it may be anybody's."""
    return request.headers.get(name, "").rpartition(",")[2].strip()


def _trusted(peer: str | None, proxies: Sequence[Network]) -> bool:
    try:
        address = ipaddress.ip_address(peer or "")
    except ValueError:
        return False
    return any(address in network for network in proxies)

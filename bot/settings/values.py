"""How the text of a variable is read: a value, or ``ValueError`` with what to write instead."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretBytes, SecretStr

SECRET_BYTES = 32
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_BIND = re.compile(r"(?:\[([0-9A-Fa-f:.%\w]+)\]|([^\s:\[\]]+)):([0-9]{1,5})", re.ASCII)
_COMMAND = re.compile(r"/?([a-z0-9][a-z0-9_-]{0,31})", re.ASCII | re.IGNORECASE)
_LEVELS = ("debug", "info", "warning", "error")
_SQLITE = re.compile(r"sqlite(?:\+aiosqlite)?:///(?!:memory:|file:|\?)(.+)")
_POSTGRES = re.compile(r"postgres(?:ql)?(?:\+asyncpg)?://(.*)")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Bind:
    """An address to listen on. Port 0 takes any that is free."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """How a browser on this machine gets there."""
        everywhere = self.host != "localhost" and ipaddress.ip_address(self.host).is_unspecified
        return f"http://localhost:{self.port}" if everywhere else f"http://{self}"

    @property
    def on_loopback(self) -> bool:
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether a host's name or address always means this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def bind(text: str) -> Bind:
    found = _BIND.fullmatch(text)
    try:
        if found is None or int(found[3]) > 65535:
            raise ValueError
        if found[1]:
            return Bind(str(ipaddress.IPv6Address(found[1])), int(found[3]))
        host = found[2] if found[2] == "localhost" else str(ipaddress.IPv4Address(found[2]))
        return Bind(host, int(found[3]))
    except ValueError:
        raise ValueError(
            "write an address and a port, such as 127.0.0.1:8080 or [::]:8080."
        ) from None


def database(text: str) -> SecretStr:
    """With the driver that Tocsin uses, whichever way the address was written."""
    postgres, sqlite = _POSTGRES.fullmatch(text), _SQLITE.fullmatch(text)
    if sqlite:
        return SecretStr(f"sqlite+aiosqlite:///{sqlite[1]}")
    if postgres is None:
        raise ValueError(
            "write sqlite+aiosqlite:///./data/tocsin.db or "
            "postgresql+asyncpg://user:password@host/database."
        )
    if {"ssl", "sslmode"} & parse_qs(urlsplit(text).query).keys():
        raise ValueError("take ssl and sslmode out of it and set PGSSLMODE=require beside it.")
    return SecretStr(f"postgresql+asyncpg://{postgres[1]}")


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite address; None for PostgreSQL."""
    found = _SQLITE.fullmatch(url)
    return Path(found[1].partition("?")[0]) if found else None


def database_name(url: str) -> str:
    """A file name that two databases do not share, in one folder: a SQLite file's own, else made of the
    server and the database, without who asks."""
    path = sqlite_file(url)
    if path is not None:
        return path.stem
    parts = urlsplit(url)
    where = f"{parts.hostname}:{parts.port or 5432}{parts.path}?{parts.query}"
    return f"tocsin-{hashlib.sha256(where.encode()).hexdigest()[:8]}"


def file(text: str) -> str:
    if not Path(text).is_file():
        raise ValueError("there is no such file; leave it unset to try a sample organisation.")
    return text


def folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise ValueError("there is no such folder; leave it unset to use the built-in templates.")
    return Path(text)


def origin(text: str) -> str:
    """As browsers write it in the header Origin: no path, no default port, no capitals."""
    parts = urlsplit(text)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    whole = parts.scheme in _PORTS and host and parts.path in ("", "/")
    if not whole or not host or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(
            "write a whole address without a path, such as https://tocsin.example.com."
        )
    named = f"[{host}]" if ":" in host else host
    at = "" if port in (None, _PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{named}{at}"


def place(text: str) -> str:
    """A folder that may have to be made."""
    if Path(text).exists() and not Path(text).is_dir():
        raise ValueError("there is a file in its place; name a folder.")
    return text


def megabytes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 100):
        raise ValueError("write a whole number of MB, 1 to 100.")
    return int(text)


def issuer(text: str) -> str:
    """An OpenID provider's name, which is also its address; https, but for one on this machine."""
    parts = urlsplit(text)
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if not safe or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("write its https address, such as https://id.example.com/realms/acme.")
    return text.rstrip("/")


def client(text: str) -> str:
    if len(text) > 200 or not text.isprintable():
        raise ValueError("write at most 200 printable characters.")
    return text


def address(text: str) -> SecretStr:
    parts = urlsplit(text)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("write a whole address, such as https://alive.example.com/tocsin.")
    return SecretStr(text)


def networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part) for part in listed(text))
    except ValueError:
        raise ValueError("write networks with commas, such as 10.0.0.0/8, 192.168.1.7.") from None


def secret(text: str) -> tuple[SecretBytes, ...]:
    found = [part.encode() for part in listed(text)]
    if not found or any(len(one) < SECRET_BYTES for one in found):
        raise ValueError(
            f"write at least {SECRET_BYTES} bytes, or several such with commas, for example from "
            "`openssl rand -hex 32`."
        )
    return tuple(SecretBytes(one) for one in found)


def command(text: str) -> str:
    found = _COMMAND.fullmatch(text)
    if found is None:
        raise ValueError("write 1 to 32 letters, digits, dashes or underscores.")
    return found[1].lower()


def modules(text: str) -> tuple[str, ...]:
    found = listed(text)
    if not all(part.isidentifier() for name in found for part in name.split(".")):
        raise ValueError("write names of Python modules with commas, such as acme.paging.")
    return found


def side(text: str) -> str:
    if text.lower() not in ("internal", "public"):
        raise ValueError("write internal or public.")
    return text.lower()


def level(text: str) -> str:
    if text.lower() not in _LEVELS:
        raise ValueError("write debug, info, warning or error.")
    return text.lower()


def listed(text: str) -> tuple[str, ...]:
    """The parts between commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def shown(default: object) -> str:
    """A default as one would write it; empty when there is none."""
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    if isinstance(default, timedelta):
        return str(default.days)
    return str(default) if default else ""

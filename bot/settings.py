"""Settings from the environment and ``.env``. A wrong value stops the start with a sentence that names
the variable and says what is allowed."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values

from bot.domain.errors import Fault

SECRET_BYTES = 32
T = TypeVar("T")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SettingsError(Fault):
    """A setting cannot be used; the text names it and what is allowed."""


@dataclass(frozen=True, slots=True)
class Bind:
    """An address to listen on. Port 0 takes any that is free."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def on_loopback(self) -> bool:
        return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable, as .env.example and docs/settings.md show it."""

    name: str
    default: str
    help: str


VARIABLES = (
    Variable(
        "DATABASE_URL",
        "sqlite+aiosqlite:///./data/tocsin.db",
        "Where everything is kept: a SQLite file, or postgresql+asyncpg://user:password@host/database.",
    ),
    Variable("TOCSIN_ORG", "", "The organisation file. Unset: a sample organisation to try."),
    Variable("TOCSIN_BIND", "127.0.0.1:8080", "Where the console and the internal pages listen."),
    Variable("TOCSIN_PUBLIC_BIND", "127.0.0.1:8081", "Where the status page listens."),
    Variable("TOCSIN_INTERNAL_URL", "", "How people reach the console. Unset: from TOCSIN_BIND."),
    Variable("TOCSIN_PUBLIC_URL", "", "How customers reach the status page. Unset: from its bind."),
    Variable(
        "TOCSIN_TRUSTED_PROXIES",
        "",
        "Networks whose X-Forwarded headers are believed: 10.0.0.0/8, …",
    ),
    Variable(
        "TOCSIN_SECRET",
        "",
        "At least 32 bytes; several with commas to rotate (the first signs). Unset on loopback: made in "
        "data/secret.",
    ),
    Variable("TOCSIN_COMMAND", "incident", "The command's name; another app may own /incident."),
    Variable("TOCSIN_PLUGINS", "", "Python modules that offer chat platforms, with commas."),
    Variable("TOCSIN_LOG_LEVEL", "info", "debug, info, warning or error."),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is set. Secrets are not shown when this is printed."""

    database_url: str = field(repr=False)
    org_path: str
    bind: Bind
    public_bind: Bind
    internal_url: str
    public_url: str
    trusted_proxies: tuple[Network, ...]
    secrets: tuple[bytes, ...] = field(repr=False)
    command: str = "incident"
    plugins: tuple[str, ...] = ()
    log_level: str = "info"
    unknown: tuple[str, ...] = ()

    def keys(self, purpose: str) -> tuple[bytes, ...]:
        """One derived key a purpose and secret (HMAC-SHA256); the first signs, every one verifies."""
        return tuple(hmac.new(s, purpose.encode(), hashlib.sha256).digest() for s in self.secrets)

    @property
    def on_loopback(self) -> bool:
        return self.bind.on_loopback

    @property
    def internal_hosts(self) -> frozenset[str]:
        """The Host headers that the internal side answers for."""
        names = {urlsplit(self.internal_url).hostname or "", self.bind.host}
        return frozenset(names | ({"localhost", "127.0.0.1", "::1"} if self.on_loopback else set()))

    @property
    def internal_origins(self) -> frozenset[str]:
        """The origins from which unsafe requests are taken."""
        local = {f"http://{host}:{self.bind.port}" for host in ("localhost", "127.0.0.1", "[::1]")}
        return frozenset({self.internal_url} | (local if self.on_loopback else set()))


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """From ``environ``, else from the process's environment over ``.env``. Raises ``SettingsError``."""
    found = _environment() if environ is None else environ
    values = {v.name: found.get(v.name, "").strip() or v.default for v in VARIABLES}
    bind = _read("TOCSIN_BIND", values, _bind)
    public = _read("TOCSIN_PUBLIC_BIND", values, _bind)
    url = _read("DATABASE_URL", values, _database)
    return Settings(
        url,
        _read("TOCSIN_ORG", values, _file),
        bind,
        public,
        _read("TOCSIN_INTERNAL_URL", values, _address) or f"http://{bind}",
        _read("TOCSIN_PUBLIC_URL", values, _address) or f"http://{public}",
        _read("TOCSIN_TRUSTED_PROXIES", values, _networks),
        _secrets(values["TOCSIN_SECRET"], bind, url),
        _read("TOCSIN_COMMAND", values, _command),
        _listed(values["TOCSIN_PLUGINS"]),
        _read("TOCSIN_LOG_LEVEL", values, _level),
        _unknown(found),
    )


def _environment() -> dict[str, str]:
    written = {name: value or "" for name, value in dotenv_values(".env").items()}
    return {**written, **os.environ}


def _read(name: str, values: Mapping[str, str], reader: Callable[[str], T]) -> T:
    try:
        return reader(values[name])
    except ValueError as error:
        raise SettingsError(f"{name} is {values[name]!r}; {error}") from None


def _bind(text: str) -> Bind:
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    try:
        if host != "localhost":
            ipaddress.ip_address(host)
        number = int(port)
    except ValueError:
        number = -1
    if not 0 <= number < 65536:
        raise ValueError("write an address and a port, such as 127.0.0.1:8080 or [::]:8080.")
    return Bind(host, number)


def _database(text: str) -> str:
    for plain in ("postgresql://", "postgres://"):
        if text.startswith(plain):
            return f"postgresql+asyncpg://{text.removeprefix(plain)}"
    if text.startswith("postgresql+asyncpg://"):
        return text
    if text.startswith("sqlite+aiosqlite:///") and len(text) > len("sqlite+aiosqlite:///"):
        return text
    raise ValueError("write sqlite+aiosqlite:///./data/tocsin.db or postgresql+asyncpg://….")


def _file(text: str) -> str:
    if text and not Path(text).is_file():
        raise ValueError("there is no such file. Leave it unset to try a sample organisation.")
    return text


def _address(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError("write a whole address, such as https://tocsin.example.com.")
    return text.rstrip("/")


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part) for part in _listed(text))
    except ValueError:
        raise ValueError(
            "write networks with commas, such as 10.0.0.0/8, 192.168.1.7/32."
        ) from None


def _command(text: str) -> str:
    name = text.removeprefix("/")
    if not (1 <= len(name) <= 32 and name.isascii() and name.replace("-", "").isalnum()):
        raise ValueError("write 1 to 32 letters, digits or dashes.")
    return name.lower()


def _level(text: str) -> str:
    if text.lower() not in ("debug", "info", "warning", "error"):
        raise ValueError("write debug, info, warning or error.")
    return text.lower()


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _secrets(text: str, bind: Bind, url: str) -> tuple[bytes, ...]:
    given = tuple(part.encode() for part in _listed(text))
    if any(len(secret) < SECRET_BYTES for secret in given):
        raise SettingsError(
            f"TOCSIN_SECRET is too short; each needs at least {SECRET_BYTES} bytes."
        )
    if given:
        return given
    if not bind.on_loopback:
        raise SettingsError(
            f"TOCSIN_SECRET must be set, with at least {SECRET_BYTES} bytes, when TOCSIN_BIND is not "
            "loopback."
        )
    return (_kept_secret(data_folder(url) / "secret"),)


def data_folder(url: str) -> Path:
    """Where files live: beside the SQLite database, else ``./data``. Made with mode 0700."""
    path = Path(url.split("///", 1)[1]).parent if url.startswith("sqlite") else Path("data")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _kept_secret(path: Path) -> bytes:
    if not path.exists():
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(file, secrets.token_hex(SECRET_BYTES).encode())
        os.close(file)
    return path.read_bytes().strip()


def _unknown(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Variables that look like ours and are not, each with the likeliest one meant."""
    known = [variable.name for variable in VARIABLES]
    odd = [n for n in environ if n.startswith("TOCSIN_") and n not in known and n not in _TESTS]
    return tuple(f"{n} (did you mean {_closest(n, known)}?)" for n in sorted(odd))


_TESTS = ("TOCSIN_REQUIRE_BROWSER",)


def _closest(name: str, known: list[str]) -> str:
    return (get_close_matches(name, known, 1, 0) or [known[0]])[0]


def example() -> str:
    """What .env.example holds."""
    return "\n".join(f"# {v.help}\n#{v.name}={v.default}\n" for v in VARIABLES)


def reference() -> str:
    """What docs/settings.md holds."""
    rows = "\n".join(f"| `{v.name}` | `{v.default or '–'}` | {v.help} |" for v in VARIABLES)
    return (
        "# Settings\n\nFrom the environment, or from a file `.env` in the working directory. "
        "A wrong value stops the start with a sentence that names the variable.\n\n"
        f"| variable | default | what it does |\n|---|---|---|\n{rows}\n"
    )


if __name__ == "__main__":
    Path(".env.example").write_text(example())
    Path("docs/settings.md").write_text(reference())

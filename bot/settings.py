"""Settings from the environment and ``.env``. A wrong value stops the start with one sentence."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values

from bot.domain.errors import Fault


class SettingsError(Fault):
    """A setting cannot be used; the text names it and what is allowed."""


@dataclass(frozen=True, slots=True)
class Bind:
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Settings:
    database_url: str
    org_path: str
    bind: Bind
    public_bind: Bind
    internal_url: str
    public_url: str
    secrets: tuple[bytes, ...] = field(repr=False)
    command: str = "incident"
    plugins: tuple[str, ...] = ()

    def keys(self, purpose: str) -> tuple[bytes, ...]:
        return tuple(hmac.new(s, purpose.encode(), hashlib.sha256).digest() for s in self.secrets)

    @property
    def on_loopback(self) -> bool:
        return ipaddress.ip_address(self.bind.host).is_loopback

    @property
    def internal_hosts(self) -> frozenset[str]:
        from urllib.parse import urlsplit
        named = urlsplit(self.internal_url).hostname or ""
        return frozenset({named, self.bind.host} | ({"localhost", "127.0.0.1", "::1"} if self.on_loopback else set()))

    @property
    def internal_origins(self) -> frozenset[str]:
        return frozenset({self.internal_url} | {f"http://{h}:{self.bind.port}" for h in ("localhost","127.0.0.1","[::1]") if self.on_loopback})


def _bind(text: str) -> Bind:
    host, _, port = text.rpartition(":")
    return Bind(host.strip("[]"), int(port))


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    env = dict(environ) if environ is not None else {**{k: v or "" for k, v in dotenv_values(".env").items()}, **os.environ}
    bind = _bind(env.get("TOCSIN_BIND", "127.0.0.1:8080"))
    public = _bind(env.get("TOCSIN_PUBLIC_BIND", "127.0.0.1:8081"))
    url = env.get("DATABASE_URL", "sqlite+aiosqlite:///./data/tocsin.db")
    secret = env.get("TOCSIN_SECRET", "")
    if not secret:
        path = Path("data/secret")
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32))
        secret = path.read_text()
    return Settings(url, env.get("TOCSIN_ORG", ""), bind, public,
        env.get("TOCSIN_INTERNAL_URL", f"http://{bind}"), env.get("TOCSIN_PUBLIC_URL", f"http://{public}"),
        tuple(s.strip().encode() for s in secret.split(",")), env.get("TOCSIN_COMMAND", "incident"),
        tuple(p for p in env.get("TOCSIN_PLUGINS", "").split(",") if p))

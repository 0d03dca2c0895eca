"""What can be set, variable by variable. How a value is read lives in ``values``, loading in ``loading``."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretBytes, SecretStr
from pydantic import PlainValidator as Read

from bot.settings import values
from bot.settings.values import SECRET_BYTES, Bind, Network
from bot.wiring.features import SETTINGS

_HIDDEN = re.compile(r"TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|WEBHOOK|API_?KEY|PRIVATE_KEY")
# Masking a shorter one would mask ordinary words.
_SHORTEST_HIDDEN = 8


class Settings(BaseModel):
    """Everything that is set. Secrets are not shown when this is printed."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    database: Annotated[SecretStr, Read(values.database)] = Field(
        SecretStr("sqlite+aiosqlite:///./data/tocsin.db"),
        alias="DATABASE_URL",
        description="Where everything is kept: a SQLite file, or "
        "postgresql+asyncpg://user:password@host/database. The secret and the command line's socket "
        "lie beside the SQLite file, else in ./data.",
        repr=False,
    )
    org_path: Annotated[str, Read(values.file)] = Field(
        "",
        alias="TOCSIN_ORG",
        description="The organisation file. Unset: a sample organisation to try.",
    )
    bind: Annotated[Bind, Read(values.bind)] = Field(
        Bind("127.0.0.1", 8080),
        alias="TOCSIN_BIND",
        description="Where the console and the internal pages listen.",
    )
    public_bind: Annotated[Bind, Read(values.bind)] = Field(
        Bind("127.0.0.1", 8081),
        alias="TOCSIN_PUBLIC_BIND",
        description="Where the status page listens.",
    )
    internal_address: Annotated[str, Read(values.origin)] = Field(
        "",
        alias="TOCSIN_INTERNAL_URL",
        description="How people reach the console. Unset: from TOCSIN_BIND.",
    )
    public_address: Annotated[str, Read(values.origin)] = Field(
        "",
        alias="TOCSIN_PUBLIC_URL",
        description="How customers reach the status page. Unset: from TOCSIN_PUBLIC_BIND.",
    )
    trusted_proxies: Annotated[tuple[Network, ...], Read(values.networks)] = Field(
        (),
        alias="TOCSIN_TRUSTED_PROXIES",
        description="Networks whose X-Forwarded headers are believed, with commas: 10.0.0.0/8, ….",
    )
    secret: Annotated[tuple[SecretBytes, ...], Read(values.secret)] = Field(
        (),
        alias="TOCSIN_SECRET",
        description=f"At least {SECRET_BYTES} bytes; several with commas to rotate: the first signs, all "
        "verify. Unset on loopback: made in data/secret.",
        repr=False,
    )
    openid_issuer: Annotated[str, Read(values.issuer)] = Field(
        "",
        alias="TOCSIN_OPENID_ISSUER",
        description="An OpenID Connect provider to log in with, such as https://id.example.com. Its "
        "redirect address is TOCSIN_INTERNAL_URL and /login/openid/back.",
    )
    openid_client: Annotated[str, Read(values.client)] = Field(
        "", alias="TOCSIN_OPENID_CLIENT", description="Our client id there."
    )
    openid_secret: Annotated[SecretStr, Read(SecretStr)] = Field(
        SecretStr(""),
        alias="TOCSIN_OPENID_SECRET",
        description="Our client secret there. Unset: a public client, with PKCE alone.",
        repr=False,
    )
    openid_name: Annotated[str, Read(values.client)] = Field(
        "single sign-on",
        alias="TOCSIN_OPENID_NAME",
        description="What people call that provider.",
    )
    files_path: Annotated[str, Read(values.place)] = Field(
        "",
        alias="TOCSIN_FILES",
        description="The folder of what people drop into the console; replicas share it. Unset: `files` "
        "beside the database.",
    )
    file_limit: Annotated[int, Read(values.megabytes)] = Field(
        10, alias="TOCSIN_FILE_LIMIT", description="How large one of these may be, in MB."
    )
    command: Annotated[str, Read(values.command)] = Field(
        "incident",
        alias="TOCSIN_COMMAND",
        description="The command's name; another app may own /incident.",
    )
    plugins: Annotated[tuple[str, ...], Read(values.modules)] = Field(
        (),
        alias="TOCSIN_PLUGINS",
        description="Python modules to load as plugins, with commas.",
    )
    templates: Annotated[Path | None, Read(values.folder)] = Field(
        None,
        alias="TOCSIN_TEMPLATES",
        description="A folder whose files replace single templates.",
    )
    page_links: Annotated[str, Read(values.side)] = Field(
        "internal",
        alias="TOCSIN_PAGE_LINKS",
        description="Which side answers the links in SMS and e-mail that acknowledge a page: internal or public.",
    )
    log_level: Annotated[str, Read(values.level)] = Field(
        "info", alias="TOCSIN_LOG_LEVEL", description="debug, info, warning or error."
    )
    traces: Annotated[SecretStr | None, Read(values.address)] = Field(
        None,
        alias="TOCSIN_TRACES_URL",
        description="A collector of OpenTelemetry traces (OTLP over HTTP), such as "
        "http://127.0.0.1:4318/v1/traces. Wants the extra `traces`: pip install -r requirements-traces.lock. "
        "Unset: none are made.",
        repr=False,
    )
    heartbeat: Annotated[SecretStr | None, Read(values.address)] = Field(
        None,
        alias="TOCSIN_HEARTBEAT_URL",
        description="An outside address that is called as long as Tocsin works, so that somebody "
        "notices when it stops.",
        repr=False,
    )
    environ: Mapping[str, str] = Field({}, exclude=True, repr=False)
    # What features declare (``bot.wiring.features``), by the variable's name.
    of_features: Mapping[str, object] = Field({}, exclude=True, repr=False)

    @property
    def database_url(self) -> str:
        return self.database.get_secret_value()

    @property
    def data(self) -> Path:
        """The folder of what is kept in files: the SQLite file's, else ``./data``."""
        path = values.sqlite_file(self.database_url)
        return path.parent if path else Path("data")

    @property
    def socket(self) -> Path:
        """Where the command line finds the bot that runs on this very database: a unix socket, mode 0600."""
        return self.data / f"{values.database_name(self.database_url)}.sock"

    @property
    def files(self) -> Path:
        """Where the console keeps what people drop."""
        return Path(self.files_path) if self.files_path else self.data / "files"

    @property
    def internal_url(self) -> str:
        return self.internal_address or self.bind.url

    @property
    def public_url(self) -> str:
        return self.public_address or self.public_bind.url

    @property
    def page_links_url(self) -> str:
        return self.public_url if self.page_links == "public" else self.internal_url

    def keys(self, purpose: str) -> tuple[bytes, ...]:
        """One derived key for each secret (HMAC-SHA256 of the purpose); the first signs, all verify."""
        known = (secret.get_secret_value() for secret in self.secret)
        return tuple(hmac.digest(secret, purpose.encode(), hashlib.sha256) for secret in known)

    @property
    def traces_url(self) -> str:
        return "" if self.traces is None else self.traces.get_secret_value()

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine reaches the internal side; behind a proxy others do."""
        return self.bind.on_loopback and values.is_loopback(
            urlsplit(self.internal_url).hostname or ""
        )

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

    @property
    def unknown(self) -> tuple[str, ...]:
        """Variables that look like ours and are not, each with the likeliest one meant."""
        odd = sorted(n for n in self.environ if n.startswith("TOCSIN_") and n not in NAMES)
        return tuple(f"{name}{_meant(name)}" for name in odd)

    @property
    def hidden(self) -> frozenset[str]:
        """What no log may show: our secrets, and the value of every variable named like one."""
        database = urlsplit(self.database_url).password or ""
        found = {database, unquote(database)}
        found |= {secret.get_secret_value().decode(errors="replace") for secret in self.secret}
        found |= {url.get_secret_value() for url in (self.heartbeat, self.traces) if url}
        for name, value in self.environ.items():
            found |= set(values.listed(value)) if _HIDDEN.search(name.upper()) else set()
        return frozenset(value for value in found if len(value) >= _SHORTEST_HIDDEN)


def _meant(name: str) -> str:
    near = get_close_matches(name, NAMES, 1)
    return f" (did you mean {near[0]}?)" if near else ""


FIELDS = {f.alias: f for f in Settings.model_fields.values() if f.alias}
NAMES = (*FIELDS, *(setting.name for setting in SETTINGS))

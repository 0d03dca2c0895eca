"""From the environment to ``Settings``: every fault at once, and what is made when it is not there."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import SecretBytes, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource

from bot.core.errors import Fault
from bot.settings.model import FIELDS, NAMES, Settings
from bot.settings.values import SECRET_BYTES, modules
from bot.wiring.features import SETTINGS

_FILE = ".env"
_SECRET = frozenset(setting.name for setting in SETTINGS if setting.secret)


class SettingsError(Fault):
    """The settings cannot be used; one line for each fault, which names its variable."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """From ``environ``, else from the process's environment over ``.env``. Raises ``SettingsError``.

    Makes the data folder (mode 0700) and, on loopback, the secret (mode 0600), unless they are there.
    """
    found = environment() if environ is None else environ
    given = {name: found.get(name, "").strip() for name in NAMES}
    of_features, wrong = _of_features(given)
    settings = None
    try:
        settings = Settings.model_validate({name: given[name] for name in FIELDS if given[name]})
    except ValidationError as error:
        own = [_sentence(str(e["loc"][0]), given, e["msg"]) for e in error.errors()]
        wrong = [*own, *wrong]
    if settings is None or wrong:
        raise SettingsError(wrong) from None
    faults = list(_clashes(settings))
    if faults:
        raise SettingsError(faults)
    more_of = {"environ": dict(found), "secret": _kept(settings), "of_features": of_features}
    return settings.model_copy(update=more_of)


def _of_features(given: Mapping[str, str]) -> tuple[dict[str, object], list[str]]:
    """What features declare, as set or by default, and what is wrong with it."""
    values: dict[str, object] = {}
    wrong: list[str] = []
    for setting in SETTINGS:
        text = given[setting.name]
        try:
            values[setting.name] = setting.read(text) if text else setting.default
        except ValueError as error:
            wrong.append(_sentence(setting.name, given, str(error)))
    return values, wrong


def environment() -> dict[str, str]:
    """The process's environment over the file ``.env`` of the working directory, without empty values."""
    try:
        written = DotEnvSettingsSource(BaseSettings, _FILE, case_sensitive=True)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{_FILE} cannot be read: {error}."]) from None
    sources = (written, EnvSettingsSource(BaseSettings, case_sensitive=True))
    return {name: text for s in sources for name, text in s.env_vars.items() if text}


def named_plugins() -> tuple[str, ...]:
    """What TOCSIN_PLUGINS says, for whoever needs no other setting. Makes nothing. Raises ``SettingsError``."""
    name = "TOCSIN_PLUGINS"
    given = {name: environment().get(name, "").strip()}
    try:
        return modules(given[name])
    except ValueError as error:
        raise SettingsError([_sentence(name, given, str(error))]) from None


def _sentence(name: str, given: Mapping[str, str], said: str) -> str:
    why = said.removeprefix("Value error, ")
    shown = FIELDS[name].repr if name in FIELDS else name not in _SECRET
    return f"{name} is {given[name]!r}; {why}" if shown else f"{name} cannot be used; {why}"


def _clashes(settings: Settings) -> Iterator[str]:
    """What each value allows and two of them together do not."""
    binds = {"TOCSIN_BIND": settings.bind, "TOCSIN_PUBLIC_BIND": settings.public_bind}
    open_to = [name for name, bind in binds.items() if not bind.on_loopback]
    if open_to and not settings.secret:
        yield (
            f"TOCSIN_SECRET must be set, with at least {SECRET_BYTES} bytes, when {open_to[0]} is not "
            "loopback."
        )
    if settings.openid_issuer and not settings.openid_client:
        yield "TOCSIN_OPENID_CLIENT must be set when TOCSIN_OPENID_ISSUER is."
    if settings.bind == settings.public_bind and settings.bind.port:
        yield "TOCSIN_PUBLIC_BIND is the same as TOCSIN_BIND; give each its own port."


def _kept(settings: Settings) -> tuple[SecretBytes, ...]:
    """The secrets: those that are set, else the one of the data folder, which is made here."""
    path = settings.data / "secret"
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = b"" if settings.secret else _secret_file(path)
    except OSError as error:
        raise SettingsError([f"DATABASE_URL puts files in {settings.data}; {error}."]) from None
    if not settings.secret and len(kept) < SECRET_BYTES:
        why = f"{path} holds fewer than {SECRET_BYTES} bytes; delete it to have another one made."
        raise SettingsError([f"TOCSIN_SECRET is not set and {why}"])
    return settings.secret or (SecretBytes(kept),)


def _secret_file(path: Path) -> bytes:
    if not path.exists():
        _make_secret(path)
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return path.read_bytes().strip()


def _make_secret(path: Path) -> None:
    """Whole or not at all: another process may be making it too, and this one may be killed."""
    handle, name = tempfile.mkstemp(prefix=".secret-", dir=path.parent)
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(SECRET_BYTES).encode())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # the other was first, and its secret counts
            path.hardlink_to(made)
    finally:
        made.unlink()

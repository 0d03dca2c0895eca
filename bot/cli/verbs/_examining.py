"""What ``tocsin doctor`` looks at. Each check is a function that yields findings and changes nothing."""

from __future__ import annotations

import ctypes
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from bot.admin.jobs import GetJobs
from bot.admin.process import GetAbout, ListPlugins, PluginState
from bot.cli.verbs.upkeep import last_backup
from bot.core.errors import Fault
from bot.core.organisation import Organisation
from bot.core.ports.platforms import Finding, Level
from bot.oncall.engine.coverage import gaps
from bot.org import load_org
from bot.organisation.format import OrgError
from bot.settings.loading import load_settings
from bot.settings.model import Settings
from bot.wiring import discovery as plugins
from bot.wiring.clock import SystemClock
from handlers.control import client
from storage.database.migrate import SchemaState, schema_state
from storage.database.replicas import replicas, skew
from storage.database.sqlite import sqlite_path

FULL, TIGHT = 100 << 20, 1 << 30  # bytes free
OLD_BACKUP = timedelta(days=2)
SKEWED = timedelta(seconds=2)
GAPS_AHEAD = timedelta(days=14)
_OTHER_VERSION = "Restart it, or use the command of its own environment."
_UNSYNCHRONISED = 0x40  # STA_UNSYNC, adjtimex(2)


async def examine() -> list[Finding]:
    """Everything, in the order in which one would mend it. Raises ``SettingsError``."""
    settings = load_settings()
    modules = plugins.declared(settings.plugins)
    found = [*_settings(settings, modules), *_organisation(settings, modules)]
    found += [*_files(settings), *_clock()]
    found += await _database(settings)
    found += [*_backups(settings), *await _running(settings)]
    found += await plugins.checks(settings.environ, modules)
    return found


def _settings(settings: Settings, modules: plugins.Declared) -> Iterator[Finding]:
    yield Finding(Level.FINE, "settings", "They can be read.")
    for name in settings.unknown:
        yield Finding(
            Level.WARNING,
            "settings",
            f"{name} is no setting of Tocsin.",
            "Correct its name, or remove it.",
        )
    if settings.heartbeat is None:
        yield Finding(
            Level.NOTE, "heartbeat", "Nobody notices when Tocsin itself stops.",
            "Set TOCSIN_HEARTBEAT_URL to a dead man's switch outside of this machine.",
        )  # fmt: skip
    if not settings.on_loopback and settings.internal_url.startswith("http://"):
        yield Finding(
            Level.WARNING, "console", f"People reach {settings.internal_url} without TLS.",
            "Put a proxy with TLS before it, and set TOCSIN_INTERNAL_URL to its https address.",
        )  # fmt: skip
    names = [c.name for c in plugins.connectors(settings.environ, modules)]
    chats = ", ".join(["console", *names])
    yield Finding(Level.FINE, "platforms", f"Configured: {chats}.")


def _organisation(settings: Settings, modules: plugins.Declared) -> Iterator[Finding]:
    if not settings.org_path:
        yield Finding(
            Level.NOTE, "organisation", "TOCSIN_ORG is not set: Tocsin runs on a sample organisation.",
            "Copy examples/org.example.yaml, put your people in it, and name it in TOCSIN_ORG.",
        )  # fmt: skip
        return
    try:
        org = load_org(settings.org_path, modules)
    except OrgError as error:
        yield Finding(Level.FAULT, "organisation", str(error), "tocsin org check says it again.")
        return
    yield Finding(
        Level.FINE,
        "organisation",
        f"{org.name}: {len(org.people)} people, {len(org.services)} services.",
    )
    yield from _duty(org)


def _duty(org: Organisation) -> Iterator[Finding]:
    now = SystemClock().now()
    if not org.policies:
        yield Finding(
            Level.WARNING, "on call", "No escalation policy: declaring pages nobody.",
            "Add one under escalations: in the organisation file.",
        )  # fmt: skip
    for name, schedule in org.schedules.items():
        open_hours = gaps(schedule, now, now + GAPS_AHEAD)
        if open_hours:
            yield Finding(
                Level.WARNING, "on call",
                f"{name} has nobody from {open_hours[0].start:%a %d %b %H:%M} UTC on, "
                f"and {len(open_hours)} gaps in two weeks.",
                "Add a layer that always has somebody; the catch-all is paged meanwhile.",
            )  # fmt: skip


def _files(settings: Settings) -> Iterator[Finding]:
    data = settings.data
    free = shutil.disk_usage(data).free
    level = Level.FAULT if free < FULL else Level.WARNING if free < TIGHT else Level.FINE
    fix = "" if level is Level.FINE else "Make room: what cannot be written is not recorded."
    yield Finding(level, "disk", f"{free >> 20} MiB are free at {data}.", fix)
    paths = [data, data / "secret", *_database_files(settings)]
    for path in (each for each in paths if each.exists()):
        if stat.S_IMODE(path.stat().st_mode) & 0o077 and path.is_relative_to(data):
            right = "700" if path.is_dir() else "600"
            yield Finding(
                Level.WARNING, "permissions", f"Others on this machine may read {path}.",
                f"chmod {right} {path}",
            )  # fmt: skip


def _database_files(settings: Settings) -> list[Path]:
    if not settings.database_url.startswith("sqlite"):
        return []
    return [sqlite_path(settings.database_url)]


def _clock() -> Iterator[Finding]:
    """What the kernel says of its clock (adjtimex(2)); where it says nothing, nothing is said."""
    if not sys.platform.startswith("linux"):
        return
    buffer = ctypes.create_string_buffer(256)
    call = getattr(ctypes.CDLL(None), "adjtimex", None)
    if call is None or call(buffer) < 0:
        return
    # struct timex: modes, padding, offset, freq, maxerror, esterror, then status.
    status = int.from_bytes(buffer.raw[40:44], sys.byteorder)
    if status & _UNSYNCHRONISED:
        yield Finding(
            Level.NOTE, "clock", "The kernel says that its clock is not kept in step with others.",
            "Run a time service (Debian: systemd-timesyncd or chrony), or make sure that the host does.",
        )  # fmt: skip
    else:
        yield Finding(Level.FINE, "clock", "It is kept in step.")


async def _database(settings: Settings) -> list[Finding]:
    try:
        state, revision = await schema_state(settings.database_url)
        found = [_schema(state, revision)]
        if not settings.database_url.startswith("sqlite"):
            found.append(_skew(await skew(settings.database_url, SystemClock())))
    except Fault as error:
        fix = "Start it, or correct DATABASE_URL."
        return [Finding(Level.FAULT, "database", f"It cannot be reached: {error}", fix)]
    return found


def _schema(state: SchemaState, revision: str) -> Finding:
    match state:
        case SchemaState.CURRENT:
            return Finding(Level.FINE, "database", f"Its schema is this version's ({revision}).")
        case SchemaState.ABSENT:
            return Finding(
                Level.NOTE, "database", "It is empty.", "tocsin run or migrate makes it."
            )
        case SchemaState.OLDER:
            return Finding(
                Level.NOTE, "database", f"Its schema is older ({revision}).",
                "tocsin backup, then tocsin run or migrate brings it up.",
            )  # fmt: skip
        case SchemaState.NEWER:
            return Finding(
                Level.FAULT, "database", f"A newer Tocsin made its schema ({revision}).",
                "Run that Tocsin, or restore a backup from before.",
            )  # fmt: skip


def _skew(off: timedelta) -> Finding:
    words = f"The database's clock and ours differ by {abs(off.total_seconds()):.1f} s."
    if abs(off) < SKEWED:
        return Finding(Level.FINE, "clock", words)
    return Finding(Level.WARNING, "clock", words, "Run a time service on both machines.")


def _backups(settings: Settings) -> Iterator[Finding]:
    at = last_backup(settings)
    fix = (
        "Run tocsin backup FILE every night (examples/tocsin-backup.timer), and copy it elsewhere."
    )
    if at is None:
        yield Finding(Level.WARNING, "backups", "None was made from this machine.", fix)
        return
    age = SystemClock().now() - at
    words = f"The last one is {age.days} days and {age.seconds // 3600} hours old."
    if age > OLD_BACKUP:
        yield Finding(Level.WARNING, "backups", words, fix)
    else:
        yield Finding(Level.FINE, "backups", words)


async def _running(settings: Settings) -> list[Finding]:
    if not await client.answers(settings.socket):
        return [await _nobody(settings)]
    try:
        return await _answering(settings.socket)
    except Fault as error:  # it ended meanwhile, or its answers are those of another version
        return [Finding(Level.WARNING, "bot", str(error), _OTHER_VERSION)]


async def _answering(path: Path) -> list[Finding]:
    about = await client.ask(path, GetAbout())
    words = f"Process {about.process} answers, version {about.version}."
    found = [Finding(Level.FINE, "bot", words)]
    if about.version != version("tocsin"):
        words = f"It is not this command's version ({version('tocsin')})."
        found.append(Finding(Level.WARNING, "bot", words, _OTHER_VERSION))
    else:  # one of another version may not know the question
        found += plugin_findings((await client.ask(path, ListPlugins())).plugins)
    dead = (await client.ask(path, GetJobs())).dead
    if dead:
        words = f"{len(dead)} jobs were given up, {dead[0].task} the first: {dead[0].error}"
        fix = "Mend the cause, then tocsin jobs --replay-all."
        found.append(Finding(Level.WARNING, "jobs", words, fix))
    return found


def plugin_findings(found: Iterable[PluginState]) -> Iterator[Finding]:
    """Which are at work in the running bot, and why others are not."""
    at_work = [each.name for each in found if not each.off]
    if at_work:
        yield Finding(Level.FINE, "plug-ins", f"At work: {', '.join(at_work)}.")
    for each in found:
        if each.off:
            words = f"{each.name} is switched off: {each.off}."
            yield Finding(
                Level.WARNING, "plug-ins", words, "Mend it and restart the bot, or uninstall it."
            )


async def _nobody(settings: Settings) -> Finding:
    if not settings.database_url.startswith("sqlite"):
        try:
            alive = await replicas(settings.database_url)
        except Fault:
            alive = 0
        if alive:
            words = f"{alive} replicas are alive, none of them on this machine."
            return Finding(Level.FINE, "bot", words)
    return Finding(Level.NOTE, "bot", "No bot is running.", "tocsin run starts it.")

"""The composition root: the only file that sees every package. Builds the parts and runs them."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from bot.admin.context import AdminContext, this_process
from bot.adopting import adopter, follow, keep
from bot.core.chat.text import override
from bot.core.chat.vocabulary import REACTIONS
from bot.core.errors import loggable
from bot.core.organisation import Organisation
from bot.core.ports.clock import Clock
from bot.core.ports.platforms import ChatPlatform, Listening, PlatformContext, Serving
from bot.jobs.dispatching import DispatchingMemory
from bot.jobs.registry import JobContext, Links
from bot.jobs.worker import Deployment, Worker, spawn
from bot.language.dispatch import Dispatcher
from bot.org import load_org, parse_org, sample_org
from bot.settings.model import Settings
from bot.wiring import logs
from bot.wiring.clock import SystemClock
from bot.wiring.discovery import built, connectors, declared, notices
from bot.wiring.features import FEATURES
from bot.wiring.packages import LISTENERS
from bot.wiring.plugins import plugged
from bot.wiring.tasks import all_tasks
from handlers.api.operations import STALE, Operations
from handlers.chat.console.adapter import Adapter
from handlers.chat.console.files import Files
from handlers.chat.console.gateway import ConsoleGateway, announcements
from handlers.chat.console.hub import Hub
from handlers.chat.console.listeners import ANSWERS
from handlers.chat.console.pages import Console
from handlers.control import server as control
from handlers.incident_pages.pages import IncidentPages
from handlers.login.gate import Gate
from handlers.login.routes import OpenIdSettings, login_routes
from handlers.notify.apprise_channels import AppriseNotifier
from handlers.oncall import routes as oncall
from handlers.outbound import heartbeat
from handlers.server import Binding, Route, Runner, application, listen
from handlers.statuspage.pages import StatusPage
from handlers.tracing import traced
from storage.database.leading import LockLeadership, SoleLeadership
from storage.database.lock import FileLock
from storage.database.migrate import migrate
from storage.database.opening import AnyMemory, opened, owned
from storage.database.postgres import PostgresMemory
from storage.database.replicas import NotificationListener, measure_once
from storage.database.sqlite import SqliteMemory
from storage.unit_of_work import Installation

log = structlog.get_logger()

STOP_WITHIN = timedelta(seconds=20)


@dataclass(slots=True)
class App:
    """Every part of a running Tocsin. Made by ``build``, which opens the database."""

    settings: Settings
    clock: SystemClock
    memory: AnyMemory
    platforms: dict[str, ChatPlatform]
    worker: Worker
    dispatcher: Dispatcher
    hub: Hub
    admin: AdminContext
    parsing: Callable[[str, str], Organisation]
    lock: FileLock | None = None
    runners: list[Runner] = field(default_factory=list)
    background: set[asyncio.Task[Any]] = field(default_factory=set)

    @property
    def org(self) -> Organisation:
        """The current one: applying another replaces the whole value."""
        return self.memory.installation.org


async def build(settings: Settings, sample: Callable[[], Organisation] = sample_org) -> App:
    """Open and migrate the database, find the platforms, wire the parts. Nothing runs yet.
    ``sample`` is the organisation where the settings name no file.
    """
    override(settings.templates)
    modules = declared(settings.plugins)
    org = load_org(settings.org_path, modules) if settings.org_path else sample()
    replica = f"{socket.gethostname()[:20]}-{secrets.token_hex(4)}"
    lock = owned(settings.database_url)
    clock = SystemClock()
    connected = connectors(settings.environ, modules)
    install = await migrate(settings.database_url, secrets.token_hex(4))
    names = ("console", *(c.name for c in connected))
    extensions = plugged(clock)
    base = settings.internal_url
    told = (notices(modules), settings.of_features, settings.public_url)
    installation = Installation(org, install, names, base, extensions.bus, *told)
    memory = opened(settings.database_url, clock, installation, replica)
    if isinstance(memory, PostgresMemory):
        await measure_once(settings.database_url, clock)
    await memory.start()
    shared = isinstance(memory, PostgresMemory)
    parsing = partial(parse_org, platforms=modules)
    await keep(memory, settings.org_path, parsing, shared=shared)
    chats: dict[str, ChatPlatform] = {
        "console": ConsoleGateway(memory, base),
        **built(connected, _platform_context(settings, install, clock, memory)),
    }
    tasks = all_tasks(extensions.bus, extensions.effects)
    job_context = _jobs(settings, memory, clock, chats)
    worker = Worker(job_context, tasks, replica, _deployment(shared=shared))
    via_worker = DispatchingMemory(memory, worker)
    dispatcher = Dispatcher(
        via_worker, clock, extensions.table, base, LISTENERS, extensions.verbs(via_worker)
    )
    found = (adopter(memory), parsing, this_process(replica, base, settings.public_url))
    admin = AdminContext(memory, dispatcher, clock, *found, plugins=extensions.standing)
    parts = (chats, worker, dispatcher, Hub(memory, clock), admin)
    return App(settings, clock, memory, *parts, parsing, lock)


def _jobs(
    settings: Settings, memory: AnyMemory, clock: Clock, chats: dict[str, ChatPlatform]
) -> JobContext:
    links = Links(settings.keys("page links"), settings.page_links_url)
    notifier = AppriseNotifier(settings.environ)
    return JobContext(memory, clock, chats, settings.internal_url, notifier, links)


def _deployment(*, shared: bool) -> Deployment:
    return Deployment.SHARED if shared else Deployment.SINGLE


def _platform_context(
    settings: Settings, install: str, clock: Clock, memory: AnyMemory
) -> PlatformContext:
    return PlatformContext(
        settings.environ,
        lambda: memory.installation.org,
        install,
        settings.command,
        clock,
        memory,
        settings.internal_url,
        settings.public_url,
        SoleLeadership()
        if isinstance(memory, SqliteMemory)
        else LockLeadership(settings.database_url, clock),
    )


async def start(app: App) -> None:
    """Listen, work, and serve the platforms until ``stop``."""
    if isinstance(app.memory, SqliteMemory):
        # The lock proves that nobody else is at work, so every lease is a dead process's.
        await app.memory.write(lambda uow: uow.jobs.reap(everything=True))
    await app.memory.write(announcements)
    for begin in (each for feature in FEATURES for each in feature.starts):
        await app.memory.write(begin)
    app.hub.start()
    _run(app, app.hub.pump())
    _run(app, app.worker.run())
    _run(app, follow(app.memory, app.clock, app.parsing))
    if isinstance(app.memory, PostgresMemory):
        _run(app, app.worker.renew())
        listener = NotificationListener(app.settings.database_url, app.clock, app.memory.heard)
        _run(app, listener.run())
    for platform in app.platforms.values():
        if isinstance(platform, Listening):
            _run(app, platform.run(app.dispatcher))
    if app.settings.heartbeat is not None:
        url = app.settings.heartbeat.get_secret_value()
        _run(app, heartbeat(url, app.clock, lambda: _alive(app)))
    await _serve(app)
    runner = await control.listen(app.admin, app.settings.socket)
    app.runners += [runner] if runner else []


def _alive(app: App) -> bool:
    """Whether the worker came round lately."""
    beat = app.worker.beat
    return beat is not None and app.clock.now() - beat < STALE


def _run(app: App, work: Coroutine[Any, Any, Any]) -> None:
    task = spawn(work, app.background)
    task.add_done_callback(_crashed)


def _crashed(task: asyncio.Task[Any]) -> None:
    """A part that ends by itself leaves Tocsin half alive: stop, and let the supervisor start it anew."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.critical("part.crashed", error=loggable(error), exc_info=error)
        os.kill(os.getpid(), signal.SIGTERM)


async def _serve(app: App) -> None:
    settings = app.settings
    internal = application(
        _internal(app),
        settings.internal_hosts,
        settings.internal_origins,
        settings.trusted_proxies,
    )
    public = application(_public(app), frozenset(), frozenset({settings.public_url}))
    for site, bind in ((internal, settings.bind), (public, settings.public_bind)):
        runner, _ = await listen(site, Binding(bind.host, bind.port))
        app.runners.append(runner)


def _internal(app: App) -> list[Route]:
    settings = app.settings
    base = settings.internal_url
    hub, command = app.hub, settings.command
    listener = Adapter(app.dispatcher, app.memory, hub, command, REACTIONS, ANSWERS, base)
    trial = app.org.sample and not settings.org_path and settings.on_loopback
    gate = Gate(app.memory, app.clock, settings.trusted_proxies, trial=trial)
    console = Console(listener, gate.required, gate.session, gate.lives, app.org.name)
    files = Files(app.memory, gate.required, settings.files, settings.file_limit << 20)
    _run(app, files.run(app.clock))
    operations = Operations(app.memory, app.clock, lambda: app.worker.beat)
    incident_pages = IncidentPages(app.memory, gate.required, base)
    entrance = login_routes(gate, app.org.name, base, _openid(settings))
    calls = [*oncall.inside(app.memory, app.org.name), *_answering(app, "internal")]
    inside = [*files.routes(), *incident_pages.routes(), *operations.routes(), *calls]
    return [*console.routes(), *entrance, *inside]


def _openid(settings: Settings) -> OpenIdSettings:
    secret = settings.openid_secret.get_secret_value()
    named = (settings.openid_client, secret, settings.openid_name)
    return OpenIdSettings(settings.openid_issuer, *named, settings.keys("openid"))


def _answering(app: App, side: str) -> list[Route]:
    keys, wanted = app.settings.keys("page links"), app.settings.page_links
    return oncall.answering(app.memory, app.clock, keys, wanted, side)


def _public(app: App) -> list[Route]:
    page = StatusPage(app.memory)
    page.start()
    served = [each for each in app.platforms.values() if isinstance(each, Serving)]
    return [
        *page.routes(),
        *_answering(app, "public"),
        *(route for platform in served for route in platform.routes()),
    ]


async def stop(app: App) -> None:
    """Take no new work, finish or release the jobs that run, close."""
    for runner in app.runners:
        await runner.cleanup()
    await app.worker.stop(STOP_WITHIN.total_seconds())
    for task in list(app.background):
        task.cancel()
    await asyncio.gather(*app.background, return_exceptions=True)
    await app.memory.stop()
    if app.lock is not None:
        app.lock.release()


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    logs.configure(settings.log_level, settings.hidden)
    for name in settings.unknown:
        log.warning("setting.unknown", setting=name)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    app = await build(settings)
    with traced(settings.traces_url, f"{socket.gethostname()}:{os.getpid()}"):
        try:
            await start(app)
            log.info("ready", console=settings.internal_url, public=settings.public_url)
            await ended.wait()
            log.info("stopping")
        finally:
            await stop(app)

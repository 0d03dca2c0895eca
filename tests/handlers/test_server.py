"""Which route is on which listener, who is answered, and what crosses from another site."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.app import App
from bot.core.chat.vocabulary import Invocation, Speaker
from bot.core.incident import IncidentId
from tests.installation import outcome, running

INTERNAL = {
    "GET /", "GET /ws", "GET /static/console/{version}/{name}",
    "GET /login", "POST /login", "GET /login/link/{token}", "POST /login/link/{token}", "POST /logout",
    "GET /me/sessions", "POST /me/sessions", "GET /static/login/{version}/{name}",
    "POST /files", "GET /files/{file}/{name}",
    "GET /incidents/{reference}", "GET /incidents/{reference}/postmortem",
    "GET /feeds/{secret}.ics", "GET /{purpose}/{token}", "POST /{purpose}/{token}", "GET /static/links.css",
    "GET /incidents/{reference}/postmortem.md", "GET /incidents/{reference}/record.{format}", "GET /static/incident_pages/{name}", "GET /static/{name}", "GET /incidents", "GET /tasks", "GET /oncall",
    "GET /healthz", "GET /readyz", "GET /metrics",
}  # fmt: skip
PUBLIC = {
    "GET /", "GET /incidents/{id}", "GET /api/v2/{name}", "GET /static/statuspage.css",
}  # fmt: skip


@pytest.fixture
async def installation(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path) as app:
        yield app


@pytest.fixture
async def browser_like() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


def routes(app: App, which: int) -> set[str]:
    router = app.runners[which].app.router
    return {f"{r.method} {r.resource.canonical}" for r in router.routes() if r.resource and r.method != "HEAD"}  # fmt: skip


async def test_every_route_is_on_the_listener_that_it_belongs_to(installation: App) -> None:
    assert routes(installation, 0) == INTERNAL
    assert routes(installation, 1) == PUBLIC


async def test_nothing_internal_answers_without_a_session(
    installation: App, browser_like: aiohttp.ClientSession
) -> None:
    base = installation.settings.internal_url
    for path in ("/", "/incidents/INC-1", "/incidents/INC-1/postmortem"):
        async with browser_like.get(base + path, allow_redirects=False) as response:
            assert response.status == 303
            assert response.headers["Location"].partition("?")[0] == "/login"


ATTACKS = [
    ("GET", "/login", {"Host": "evil.example"}, 421),
    ("POST", "/login", {"Origin": "http://evil.example"}, 403),
    ("POST", "/login", {"Origin": "null"}, 403),
    ("GET", "/ws", {"Origin": "http://evil.example", "Upgrade": "websocket"}, 403),
]


@pytest.mark.parametrize(("method", "path", "headers", "status"), ATTACKS)
async def test_what_crosses_from_another_site_is_refused(
    installation: App, browser_like: aiohttp.ClientSession, method: str, path: str,
    headers: dict[str, str], status: int,
) -> None:  # fmt: skip
    url = installation.settings.internal_url + path
    async with browser_like.request(method, url, headers=headers, data={"person": "ana"}) as answer:
        assert answer.status == status


async def test_every_answer_carries_the_strict_policy(
    installation: App, browser_like: aiohttp.ClientSession
) -> None:
    for url in (
        f"{installation.settings.internal_url}/login",
        f"{installation.settings.public_url}/",
    ):
        async with browser_like.get(url) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy


MEASURED = [
    'tocsin_command_seconds_count{verb="declare"}',
    'tocsin_time_to_room_seconds_count{platform="console"}',
    "tocsin_jobs_ready",
    "tocsin_oldest_ready_seconds",
    "tocsin_jobs_retried_total",
    "tocsin_jobs_failed_total",
    "tocsin_jobs_buried_total",  # until the next version
    "tocsin_jobs_dead",
    "tocsin_timer_lateness_seconds_count",
]


async def test_metrics_measure_the_way_of_an_incident_and_name_no_title_and_no_person(
    installation: App, browser_like: aiohttp.ClientSession
) -> None:
    text = "declare zanzibar is down sev1 #checkout"
    call = Invocation("console", "metrics-1", Speaker("bo", "bo"), text)
    opened = asyncio.Event()
    installation.memory.listen("console", lambda _: opened.set())
    await outcome(installation, call)
    async with asyncio.timeout(10):
        while not await installation.memory.read(lambda uow: uow.rooms.of(IncidentId(1))):
            await opened.wait()
            opened.clear()

    async with browser_like.get(f"{installation.settings.internal_url}/metrics") as answer:
        shown = await answer.text()
    for name in MEASURED:
        assert name in shown
    assert "zanzibar" not in shown
    for person in installation.org.people.values():
        assert person.name not in shown


async def test_probes_are_answered_under_an_address_and_pages_are_not(
    installation: App, browser_like: aiohttp.ClientSession
) -> None:
    base = installation.settings.internal_url
    for path, status in (("/healthz", 200), ("/metrics", 200), ("/login", 421)):
        async with browser_like.get(base + path, headers={"Host": "10.2.3.4:8080"}) as response:
            assert response.status == status
    async with browser_like.get(f"{base}/healthz", headers={"Host": "evil.example"}) as response:
        assert response.status == 421

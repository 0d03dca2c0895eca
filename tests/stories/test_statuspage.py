"""The status page: published by hand, never by declaring; nothing internal; green again when resolved."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from bot.core.people import PersonId
from handlers.server import application
from handlers.statuspage.pages import StatusPage
from tests.words import words
from tests.world import World

DATA = Path(__file__).parent.parent / "data" / "statuspage_v2"
API = {
    "summary": "summary",
    "status": "status",
    "components": "components",
    "incidents": "incidents",
    "incidents/unresolved": "incidents_unresolved",
    "scheduled-maintenances": "scheduled_maintenances",
    "scheduled-maintenances/upcoming": "scheduled_maintenances_upcoming",
    "scheduled-maintenances/active": "scheduled_maintenances_active",
}


@pytest.fixture
async def page(world: World) -> AsyncIterator[TestClient[Any, Any]]:
    pages = StatusPage(world.memory)
    pages.start()
    app = application(pages.routes(), frozenset(), frozenset())
    async with TestClient(TestServer(app)) as client:
        yield client


async def text(page: TestClient[Any, Any], path: str = "/") -> str:
    response = await page.get(path)
    assert response.status == 200, path
    return await response.text()


async def published(world: World, body: str = "") -> None:
    """An incident on checkout, published with its preview seen and pressed."""
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare checkout is down sev1 #checkout")
    shown = await bo.says(f'/incident publish "{body}"' if body else "/incident publish")
    assert "Preview: what customers will read" in shown
    await shown.press("Publish")


async def test_declaring_never_publishes_and_neither_does_looking_at_the_preview(
    world: World, page: TestClient[Any, Any]
) -> None:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare checkout is down sev1 #checkout")
    await bo.says("/incident publish")
    await world.passes(minutes=5)

    assert await world.read(lambda uow: uow.status.recent(10)) == []
    assert await world.read(lambda uow: uow.status.get("")) is None


async def test_what_is_published_is_read_by_customers(
    world: World, page: TestClient[Any, Any]
) -> None:
    await published(world, "Some orders fail. We are on it.")

    html = await text(page)
    assert "A major outage is under way" in html
    assert "Some orders fail. We are on it." in html
    assert "Problem with Checkout" in html
    assert "<script" not in html


async def test_resolving_tells_customers_and_makes_everything_green_again(
    world: World, page: TestClient[Any, Any]
) -> None:
    await published(world)
    await world.person("bo", room="INC-1").says("/incident resolved")

    html = await text(page)
    assert "All systems operational" in html
    assert "The problem with Checkout is resolved." in html
    components = json.loads(await text(page, "/api/v2/components.json"))["components"]
    assert {c["status"] for c in components} == {"operational"}


async def test_no_reference_no_person_and_no_room_ever_reaches_the_page(
    world: World, page: TestClient[Any, Any]
) -> None:
    await published(world)
    await world.person("bo", room="INC-1").says('/incident update "Ana broke the inner thing"')
    incident = await world.read(lambda uow: uow.status.recent(1)[0])
    pages = ["/", f"/incidents/{incident.id}", *(f"/api/v2/{name}.json" for name in API)]
    everything = "\n".join([await text(page, path) for path in pages])

    names = [p.name for p in world.org.people.values()]
    for secret in ("INC-", "inc-1", "checkout is down", "inner thing", *names):
        assert secret not in everything


async def test_a_private_incident_is_never_published(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare payroll leaked #checkout --private")
    assert "never published" in await bo.says("/incident publish")
    assert "never published" in await bo.says('/incident publish "x" --now')


async def test_a_drill_is_not_published(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare fire drill #checkout --test")
    assert "a test" in await bo.says('/incident publish "x" --now')


async def test_an_incident_made_private_later_leaves_the_page(
    world: World, page: TestClient[Any, Any]
) -> None:
    await published(world, "Some orders fail.")
    from bot.core.incident import IncidentId, Visibility
    from bot.core.people import SYSTEM
    from bot.core.ports.unit_of_work import UnitOfWork
    from bot.statuspage.service import render_soon

    def hide(uow: UnitOfWork) -> None:
        from dataclasses import replace

        incident = uow.incidents.lock(IncidentId(1), SYSTEM)
        uow.incidents.save(replace(incident, visibility=Visibility.PRIVATE))
        render_soon(uow)

    await world.memory.write(hide)
    await world.settle()
    html = await text(page)
    assert "Some orders fail" not in html
    assert "All systems operational" in html


async def test_user_text_is_data(world: World, page: TestClient[Any, Any]) -> None:
    await published(world, "<script>alert(1)</script> {{ 7*7 }} & more")
    html = await text(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }} &amp; more" in html


async def test_the_api_has_statuspages_shape(world: World, page: TestClient[Any, Any]) -> None:
    await published(world)
    await world.person("bo", room="INC-1").says("/incident status monitoring")
    await world.person("bo", room="INC-1").says('/incident publish "Watching." --now')
    loaded = [json.loads(path.read_text()) for path in DATA.glob("*.json")]
    registry: Registry[Any] = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in loaded
    )
    for name, file in API.items():
        schema = json.loads((DATA / f"{file}.schema.json").read_text())
        data = json.loads(await text(page, f"/api/v2/{name}.json"))
        Draft202012Validator(schema, registry=registry).validate(data)


async def test_a_page_that_has_not_changed_is_not_sent_again(
    world: World, page: TestClient[Any, Any]
) -> None:
    await published(world)
    first = await page.get("/")
    again = await page.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304
    assert (await page.get("/incidents/000000000000")).status == 404


async def test_the_card_says_nothing_about_people_to_the_preview(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare checkout is down sev1 #checkout @ana")
    shown = await bo.says("/incident publish")
    assert world.org.people[PersonId("ana")].name not in words(shown.card)

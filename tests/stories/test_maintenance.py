"""Planned maintenance: previewed, announced, begun and ended by itself or by hand; customers read the truth."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from bot.core.people import PersonId
from tests.world import Said, World

DATA = Path(__file__).parent.parent / "data" / "statuspage_v2"
SAID = '/incident maintenance "Database upgrade" #checkout 22:00-23:00'


async def page(world: World, name: str = "") -> str:
    await world.passes(seconds=1)
    found = await world.read(lambda uow: uow.status.get(name))
    assert found is not None, name or "the page"
    return found.body


async def api(world: World, name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(await page(world, f"api/v2/{name}.json"))
    return data


async def works(world: World, name: str) -> list[tuple[str, str]]:
    """Title and status of each maintenance in one list of the API."""
    found = await api(world, f"scheduled-maintenances{name}")
    return [(work["name"], work["status"]) for work in found["scheduled_maintenances"]]


async def announced(world: World, said: str = SAID) -> Said:
    return await (await world.person("bo").says(said)).press("Announce it")


async def until(world: World, hour: int, minute: int = 0) -> None:
    """Time passes until the next such clock time in Berlin, where the sample organisation's people are."""
    now = world.clock.now()
    zone = await world.read(lambda uow: uow.people.get(PersonId("bo")).timezone)
    local = now.astimezone(ZoneInfo(zone))
    target = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    ahead = target - local if target > local else target + timedelta(days=1) - local
    await world.passes(seconds=ahead.total_seconds())


async def test_planning_announces_nothing_before_its_preview_is_pressed(world: World) -> None:
    shown = await world.person("bo").says(SAID)
    assert "Preview: what customers will read" in shown
    assert "Planned work on Checkout." in shown
    await world.passes(minutes=5)
    assert await world.read(lambda uow: uow.status.get("")) is None
    assert await world.read(lambda uow: uow.maintenances.ahead()) == []

    assert "Maintenance 1 is announced" in await shown.press("Announce it")
    html = await page(world)
    assert "All systems operational" in html
    assert "Database upgrade" in html
    assert await works(world, "/upcoming") == [("Database upgrade", "scheduled")]


async def test_it_begins_and_ends_by_itself_and_who_planned_it_is_told(world: World) -> None:
    await announced(world)
    await until(world, hour=22)
    html = await page(world)
    assert "Planned maintenance is under way" in html
    assert "Under maintenance" in html
    assert (await api(world, "summary"))["status"]["indicator"] == "maintenance"
    assert await works(world, "/active") == [("Database upgrade", "in_progress")]
    assert await works(world, "/upcoming") == []

    await world.passes(minutes=51)
    told = await world.direct("bo")
    assert len(told.saying("has begun")) == 1
    assert len(told.saying("ends soon")) == 1
    await world.passes(minutes=10)
    assert "All systems operational" in await page(world)
    assert await works(world, "") == [("Database upgrade", "completed")]
    assert (await api(world, "summary"))["scheduled_maintenances"] == []
    assert len((await world.direct("bo")).saying("has ended")) == 1


async def test_one_no_longer_than_the_notice_is_not_asked_about(world: World) -> None:
    await announced(world, '/incident maintenance "Restart" #checkout 22:00-22:10')
    await until(world, hour=22, minute=5)
    told = await world.direct("bo")
    assert len(told.saying("has begun")) == 1
    assert told.saying("ends soon") == []


async def test_what_takes_longer_is_said_to_and_is_asked_about_again(world: World) -> None:
    await announced(world)
    await until(world, hour=22)
    await world.passes(minutes=51)
    (asked,) = (await world.direct("bo")).saying("ends soon")
    await world.person("bo").presses("30 more minutes", asked)
    await world.passes(minutes=15)

    assert "It takes longer than planned" in await page(world)
    assert await works(world, "/active") == [("Database upgrade", "in_progress")]
    await world.passes(minutes=15)
    assert len((await world.direct("bo")).saying("ends soon")) == 2
    await world.passes(minutes=10)
    assert await works(world, "/active") == []


async def test_it_is_started_and_ended_by_hand(world: World) -> None:
    await announced(world)
    bo = world.person("bo")
    assert "Maintenance 1 is in progress" in await bo.says("/incident maintenance start 1")
    assert await works(world, "/active") == [("Database upgrade", "in_progress")]
    assert "Maintenance 1 is completed" in await bo.says("/incident maintenance end")
    await until(world, hour=23, minute=30)
    assert await works(world, "") == [("Database upgrade", "completed")]
    assert not (await world.direct("bo")).saying("has begun"), "its timers look, and find it over"


async def test_what_is_cancelled_says_so_and_never_begins(world: World) -> None:
    await announced(world)
    shown = await world.person("cy").says("/incident maintenance")
    asked = await shown.press("Cancel it")
    assert "Bo Chen planned maintenance 1, not you." in asked
    assert await works(world, "/upcoming") == [("Database upgrade", "scheduled")]
    assert "Maintenance 1 is cancelled" in await asked.press("Cancel it anyway")
    await until(world, hour=22)
    html = await page(world)
    assert "This maintenance was cancelled." in html
    assert "Under maintenance" not in html
    assert await works(world, "") == [("Database upgrade", "completed")]
    again = await world.person("bo").says("/incident maintenance start 1")
    assert "is cancelled" in again
    assert "/incident maintenance" in again


async def test_an_outage_counts_more_than_planned_work(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await announced(world)
    await world.person("bo").says("/incident maintenance start 1")
    await bo.says("/incident declare checkout is down sev1 #checkout")
    await bo.says('/incident publish "Some orders fail." --now')
    assert "A major outage is under way" in await page(world)
    await bo.says("/incident resolved")
    assert "Planned maintenance is under way" in await page(world)


async def test_the_form_asks_for_what_is_missing(world: World) -> None:
    bo = world.person("bo")
    form = (await bo.says("/incident maintenance plan")).form
    given = {"title": 'The "big" upgrade', "services": "checkout", "hours": "22:00-23:00"}
    shown = await bo.fills(form, **given)
    assert 'The "big" upgrade' in shown
    await shown.press("Announce it")
    assert await works(world, "/upcoming") == [('The "big" upgrade', "scheduled")]


async def test_announced_twice_by_one_press_it_is_one(world: World) -> None:
    shown = await world.person("bo").says(SAID)
    for _ in range(2):
        await world.person("bo").presses("Announce it", shown.card, delivery="pressed")
    assert len(await world.read(lambda uow: uow.maintenances.ahead())) == 1


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ('maintenance "Rewiring" #database 22:00-23:00', "Customers do not see #database"),
        ("maintenance end 7", "There is no maintenance 7. /incident maintenance lists them."),
        ("maintenance", "None is planned."),
        ("maintenance page is down", "Nothing done yet."),
        ('maintenance "Old" from fri 22:00 to 23:00', "Preview: what customers will read"),
        ('maintenance "Old" #checkout 2h', "Preview: what customers will read"),
        ('maintenance "Old" 22:00-23:00 #checkout #search', "Checkout, Search"),
    ],
)
async def test_what_is_answered(world: World, said: str, answer: str) -> None:
    assert answer in await world.person("bo").says(f"/incident {said}")


async def test_nothing_internal_and_nothing_private_is_on_the_page(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare zqxj payroll leak sev1 #checkout --private")
    await announced(world)
    await bo.says("/incident maintenance start 1")
    files = ["", *(f"api/v2/{name}.json" for name in ("summary", "scheduled-maintenances"))]
    files += [f"incidents/{w.id}" for w in await world.read(lambda uow: uow.maintenances.ahead())]
    everything = "\n".join([await page(world, name) for name in files])
    names = [p.name for p in world.org.people.values()]
    for secret in ("zqxj", "INC-", "payroll", '"bo"', *names):
        assert secret not in everything
    assert "Planned maintenance is under way" in everything, "as if there were no incident"


async def test_user_text_is_data(world: World) -> None:
    await announced(world, '/incident maintenance "<b>{{ 7*7 }}</b> & more" 22:00-23:00')
    assert "&lt;b&gt;{{ 7*7 }}&lt;/b&gt; &amp; more" in await page(world)


async def test_the_lists_have_statuspages_shape(world: World) -> None:
    for hours in ("20:00-21:00", "22:00-23:00", "23:00-23:30"):
        await announced(world, f'/incident maintenance "Work" #checkout #search {hours}')
    await world.person("bo").says("/incident maintenance cancel 3")
    await until(world, hour=22, minute=10)
    loaded = [json.loads(path.read_text()) for path in DATA.glob("*.json")]
    registry: Registry[Any] = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in loaded
    )
    for name in (
        "summary",
        "status",
        "scheduled-maintenances",
        "scheduled-maintenances/upcoming",
        "scheduled-maintenances/active",
    ):
        file = name.replace("-", "_").replace("/", "_")
        schema = json.loads((DATA / f"{file}.schema.json").read_text())
        Draft202012Validator(schema, registry=registry).validate(await api(world, name))
    states = sorted(status for _, status in await works(world, ""))
    assert states == ["completed", "completed", "in_progress"]

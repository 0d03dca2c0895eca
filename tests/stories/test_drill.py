"""A drill: the room says what to do next, people do it, and nobody outside is told."""

from __future__ import annotations

from bot.core.incident import Mode
from bot.core.timeline import Kind
from bot.drills.service import scenarios
from tests.world import World


async def test_a_drill_leads_its_players_to_the_end(world: World) -> None:
    ana = world.person("ana")
    offered = await ana.says("/incident drill")
    started = await offered.press("Checkout")
    assert "as a test" in started
    assert (await world.incident("INC-1")).mode is Mode.TEST
    await world.passes(seconds=6)
    assert "step 1 of 6" in str(await world.room("INC-1"))
    at_work = world.person("ana", "INC-1")
    for step in scenarios()["checkout"].steps:
        voice = at_work
        if step.by_paged:
            voice = world.person(await paged(world), "INC-1")
        await voice.says(
            "/incident " + step.say.replace("{incident}", "INC-1").replace("{page}", "1")
        )
        await world.passes(seconds=6)
    assert "Drill done" in str(await world.room("INC-1"))


async def paged(world: World) -> str:
    """Somebody who was paged."""
    told = [e for e in await world.timeline("INC-1") if e.kind is Kind.PAGED]
    return told[-1].data["person"]

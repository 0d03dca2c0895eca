"""What was done long ago is forgotten; what is dead or due stays."""

from __future__ import annotations

from bot.services.housekeeping import tidy_soon
from tests.world import World


async def test_old_deliveries_and_done_jobs_go_and_dead_ones_stay(world: World) -> None:
    await world.memory.write(tidy_soon)
    await world.person("bo").says("/incident declare x sev5", delivery="old")
    await world.passes(days=1)
    assert await world.read(lambda uow: uow.deliveries.get("old")) is not None

    await world.passes(days=14, hours=2)
    assert await world.read(lambda uow: uow.deliveries.get("old")) is None
    due = await world.read(lambda uow: uow.jobs.next_due())
    assert due is not None, "it comes again"

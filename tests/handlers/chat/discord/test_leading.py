"""Several replicas, one gateway session: when the leader is gone, another has it within seconds."""

from __future__ import annotations

from pathlib import Path

from bot.wiring.clock import SystemClock
from tests.databases import fresh_postgres
from tests.handlers.chat.discord.scene import Scene, only, scene, words
from tests.installation import running, until


async def test_one_of_two_replicas_listens_and_the_other_takes_over(tmp_path: Path) -> None:
    database = fresh_postgres()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    async with scene(tmp_path / "a", DATABASE_URL=database) as on_discord:
        fake = on_discord.discord
        settings = {
            "DISCORD_TOKEN": fake.world.token,
            "DISCORD_GUILD_ID": str(fake.world.guild),
            "DISCORD_API_URL": fake.api,
            "DATABASE_URL": database,
        }
        async with running(tmp_path / "b", **settings):
            await _taken_over(on_discord)


async def _taken_over(on_discord: Scene) -> None:
    fake = on_discord.discord
    asked = on_discord.person("ana").slash(
        on_discord.general, "incident declare", title="checkout is down"
    )
    assert "INC-1" in words(only(await asked.until_answered()))
    [before] = fake.gateway.live()

    lost = SystemClock().now()
    for task in list(on_discord.app.background):
        task.cancel()
    await until(lambda: fake.gateway.live() and fake.gateway.live()[0] is not before)

    assert (SystemClock().now() - lost).total_seconds() < 10
    again = on_discord.person("ana").slash(on_discord.general, "incident list")
    assert "INC-1" in words(only(await again.until_answered()))
    assert len(fake.gateway.live()) == 1
    assert fake.world.syncs == 1

"""One incident on Slack, Discord and the console at once: the vendors' own clients, each on its own server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.core.chat.card import StepState
from bot.core.people import PersonId
from bot.core.ports.platforms import PlatformContext
from bot.core.timeline import Kind
from bot.org import sample_org
from storage.database.leading import SoleLeadership
from tests.fakes.platform import FakePlatform
from tests.seen import Shown
from tests.stages import Backstage, Stage, stage
from tests.stages.discord import DiscordStage
from tests.stages.slack import SlackStage
from tests.world import BASE, World, make_world

pytestmark = [
    pytest.mark.stage("slack"),  # it brings the other two itself
    pytest.mark.timeout(120),
]


@dataclass
class Three:
    """The same people on three platforms, and what is to be seen there of INC-1."""

    world: World
    slack: SlackStage
    discord: DiscordStage
    stages: dict[str, Stage]

    async def says(self, who: str, platform: str, text: str) -> str:
        """In the incident's room there, if it has one."""
        room = (await self.rooms()).get(platform, "")
        played = self.stages[platform]
        answer = await played.command(PersonId(who), text, room, self.world.delivery())
        await self.world.settle()
        return answer.text

    async def rooms(self) -> dict[str, str]:
        found = await self.world.read(lambda uow: uow.rooms.of(1))  # type: ignore[arg-type]
        return {room.platform: room.id for room in found}

    async def room(self, platform: str) -> Shown:
        return await self.stages[platform].room((await self.rooms())[platform])

    async def card(self, platform: str) -> str:
        [card] = [m for m in (await self.room(platform)).messages if m.pinned]
        return card.text

    async def state(self, what: str) -> dict[str, str]:
        """What stands on each platform, as the database knows that it was sent."""
        keys = {platform: f"inc1:{platform}:{what}" for platform in self.stages}
        found = await self.world.read(
            lambda uow: {name: uow.rooms.recall(key) for name, key in keys.items()}
        )
        return {name: known.digest for name, known in found.items() if known is not None}

    def slack_goes(self) -> None:
        """Every call and both ways of listening."""
        assert self.slack.workspace is not None
        self.slack.workspace.goes_away()

    def slack_returns(self) -> None:
        assert self.slack.workspace is not None
        self.slack.workspace.comes_back()


@asynccontextmanager
async def three(folder: Path) -> AsyncIterator[Three]:
    discord, console = stage("discord"), stage("console")
    assert isinstance(discord, DiscordStage)
    org = discord.organisation(sample_org())
    extra = {"discord": FakePlatform("discord")}
    async with make_world(folder, org, extra, on="slack") as world:
        slack = world.stage
        assert isinstance(slack, SlackStage)
        context = PlatformContext(
            {}, lambda: world.org, "story", "incident", world.clock, world.memory, BASE, BASE,
            SoleLeadership(),
        )  # fmt: skip
        world.platforms["discord"] = discord.platform(context)
        backstage = Backstage(world.clock, world.memory, world.dispatcher, world.org)
        await discord.begin(backstage)
        await console.begin(backstage)
        stages: dict[str, Stage] = {"slack": slack, "discord": discord, "console": console}
        try:
            yield Three(world, slack, discord, stages)
        finally:
            await discord.end()


async def test_slack_goes_away_in_the_middle_and_comes_back_to_the_same_state(
    tmp_path: Path,
) -> None:
    """Work goes on where it can; then all three rooms show the same, each thing once."""
    async with three(tmp_path) as all_three:
        world = all_three.world
        await all_three.says("bo", "slack", "/incident declare checkout is down sev2 #checkout")
        await world.passes(seconds=5)
        assert set(await all_three.rooms()) == {"slack", "discord", "console"}
        await all_three.says("ana", "discord", "/incident join")
        await all_three.says("ana", "discord", "/incident lead")
        await world.passes(seconds=5)
        for platform in all_three.stages:
            assert "Lead: @Ana" in await all_three.card(platform), platform

        all_three.slack_goes()
        await all_three.says("ana", "discord", "/incident sev 1")
        await all_three.says("bo", "console", '/incident update identified "A bad deploy"')
        await world.passes(minutes=15)
        await all_three.says("ana", "discord", '/incident note "Rolled back"')
        await all_three.says("bo", "console", "/incident resolved")
        await world.passes(minutes=5)
        assert "A bad deploy" in await all_three.card("discord")
        assert "A bad deploy" in await all_three.card("console")
        assert "A bad deploy" not in await all_three.card("slack")

        all_three.slack_returns()
        await world.passes(minutes=3)
        await the_same_everywhere(all_three)
        said = [e.kind for e in await world.timeline("INC-1")]
        assert [said.count(k) for k in (Kind.DECLARED, Kind.UPDATE, Kind.NOTE)] == [1, 1, 1]
        plan = await world.read(lambda uow: uow.plans.of(1))  # type: ignore[arg-type]
        assert {step.state for step in plan} == {StepState.DONE}


async def the_same_everywhere(all_three: Three) -> None:
    """One card and one announcement on each, saying what they say on the others."""
    for what in ("card", "announcement"):
        state = await all_three.state(what)
        assert set(state) == {"slack", "discord", "console"}
        assert len(set(state.values())) == 1, f"not the same {what} everywhere"
    for platform, played in all_three.stages.items():
        card = await all_three.card(platform)
        for words in ("SEV1", "esolved", "Lead: @Ana", "A bad deploy"):
            assert words in card, (platform, words)
        [announced] = [m for m in (await played.announcements()).messages if m.bot]
        assert "esolved" in announced.text, platform
        assert (await all_three.room(platform)).topic.startswith("Resolved"), platform


async def test_declared_while_slack_is_away_its_room_comes_late_and_once(tmp_path: Path) -> None:
    async with three(tmp_path) as all_three:
        world = all_three.world
        all_three.slack_goes()
        told = await all_three.says("bo", "discord", "/incident declare checkout is down sev1")
        assert "INC-1" in told
        await world.passes(minutes=10)
        assert set(await all_three.rooms()) == {"discord", "console"}

        all_three.slack_returns()
        await world.passes(minutes=3)
        assert set(await all_three.rooms()) == {"slack", "discord", "console"}
        made = [c for c in all_three.slack.slack.made_by_bot() if c.name.startswith("inc-1")]
        assert len(made) == 1
        room = await all_three.room("slack")
        assert len([m for m in room.messages if m.pinned]) == 1
        assert any("This room opened late" in m.text for m in room.messages)
        assert len((await all_three.slack.announcements()).messages) == 1

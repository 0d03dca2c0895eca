"""A Discord on loopback, and the vendor's client on it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import discord
import pytest

from tests.fakes.discord import Discord, serving
from tests.fakes.discord_client import Heard, connected


@pytest.fixture
async def platform() -> AsyncIterator[Discord]:
    async with serving() as made:
        yield made


@pytest.fixture
async def client(platform: Discord) -> AsyncIterator[Heard]:
    async with connected(platform.api, platform.gateway.url, platform.world.token) as made:
        yield made


@pytest.fixture
def guild(platform: Discord, client: Heard) -> discord.Guild:
    found = client.get_guild(platform.world.guild)
    assert found is not None
    return found

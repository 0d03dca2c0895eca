"""The fixture of a Tocsin on the fake Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.chat.discord.scene import Scene, scene


@pytest.fixture
async def on_discord(tmp_path: Path) -> AsyncIterator[Scene]:
    async with scene(tmp_path) as made:
        yield made

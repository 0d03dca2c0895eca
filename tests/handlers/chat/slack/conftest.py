"""Fixtures: a workspace, and a Tocsin that listens to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.slack import Workspace, serving
from tests.handlers.chat.slack.running import Tocsin, running


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    async with serving() as made:
        yield made


@pytest.fixture
async def tocsin(tmp_path: Path, workspace: Workspace) -> AsyncIterator[Tocsin]:
    """Listening over Socket Mode."""
    async with running(tmp_path, workspace) as made:
        await made.until(lambda: workspace.slack.post.links, "connected")
        yield made

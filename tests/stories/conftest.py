"""What stories about pages have in common: channels that keep what they were told, and a scene to begin in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.notifier import FakeNotifier
from tests.paging import Scene


@pytest.fixture
def notifier() -> FakeNotifier:
    return FakeNotifier()


@pytest.fixture
async def scene(tmp_path: Path, notifier: FakeNotifier, on_stage: str) -> AsyncIterator[Scene]:
    made = Scene(tmp_path, notifier, on_stage)
    yield made
    await made.end()

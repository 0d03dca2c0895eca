"""Fixtures that every test may ask for, and the rule for machines without a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.async_api import Browser

from tests.browser import browser_required, chromium_path, launched
from tests.stages import stages
from tests.world import World, make_world

# The machine may be busy; what a test may take is pytest-timeout's to say.
settings.register_profile("tocsin", deadline=None)
settings.load_profile("tocsin")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked `browser` needs a Chromium: without one it is skipped, or fails if required."""
    if item.get_closest_marker("browser") is None or chromium_path() is not None:
        return
    if browser_required():
        pytest.fail("TOCSIN_REQUIRE_BROWSER=1 and no Chromium: apt install chromium", pytrace=False)
    pytest.skip("no Chromium: apt install chromium")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium; tests that ask for it carry the mark `browser`."""
    async with launched() as chromium:
        yield chromium


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A story is played on every stage, or on those that its mark names."""
    if "on_stage" not in metafunc.fixturenames:
        return
    told = Path(metafunc.module.__file__ or "").parent.name == "stories"
    mark = metafunc.definition.get_closest_marker("stage")
    names = list(mark.args) if mark else stages() if told else ["console"]
    metafunc.parametrize("on_stage", names)


@pytest.fixture
async def world(tmp_path: Path, on_stage: str) -> AsyncIterator[World]:
    """The sample organisation on a fresh SQLite file; see tests/world.py for the language."""
    async with make_world(tmp_path, on=on_stage) as made:
        yield made

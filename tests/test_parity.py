"""The page on parity says what is so, and what it says is that nothing is missing."""

from __future__ import annotations

from tests.parity import PAGE, page
from tests.stages import stages


def test_the_page_is_what_the_specs_and_the_renderers_give() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make docs"


def test_every_view_is_on_every_platform() -> None:
    views = page().partition("## Views")[2]

    assert "| – |" not in views


def test_every_platform_is_a_stage() -> None:
    assert set(stages()) == {"console", "slack", "discord"}

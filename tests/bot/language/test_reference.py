"""docs/commands.md is what the specs say."""

from __future__ import annotations

from pathlib import Path

from bot.language.reference import reference
from bot.language.table import all_commands


def test_the_reference_is_up_to_date() -> None:
    assert Path("docs/commands.md").read_text(encoding="utf-8") == reference(
        all_commands().commands
    ), "make docs writes it"

"""Organisations whose people on call are known on any day, for tests on the machine's clock.

Stories have a clock of their own (tests/fakes/clock.py) and so may keep the sample's rotation.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from bot.core.organisation import Organisation
from bot.core.people import PersonId
from bot.org import parse_org

ON_CALL = PersonId("bo")
_ROTATION = "participants: [ana, bo, cy]"


def _text() -> str:
    text = files("bot").joinpath("sample_org.yaml").read_text(encoding="utf-8")
    assert text.count(_ROTATION) == 1, "the sample rotates in another way: say who is on call here"
    return text.replace(_ROTATION, f"participants: [{ON_CALL}]")


def steady() -> Organisation:
    """The sample organisation, to be tried in the same way, with Bo on call in every week."""
    return parse_org(_text(), "steady_org.yaml", sample=True)


def steady_file(folder: Path) -> Path:
    """The same as a file, for processes; who has a file for their organisation logs in for real."""
    path = folder / "steady_org.yaml"
    path.write_text(_text(), encoding="utf-8")
    return path

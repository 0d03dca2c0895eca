"""Golden files of every card and form on Discord, which Discord takes.

    TOCSIN_GOLDEN=write .venv/bin/python -m pytest tests/handlers/chat/discord/test_golden.py

writes them anew; read the difference before it is committed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.chat.discord.rendering.forms import modal
from handlers.chat.discord.rendering.presses import Ids
from handlers.chat.discord.rendering.render import message
from tests.exhibits import cards, forms
from tests.fakes.discord import checks
from tests.goldens import golden
from tests.handlers.chat.discord.accepted import taken

GOLDEN = Path("tests/golden/discord")
PEOPLE = {"ana": "1001", "bo": "1002"}
SERVICES = ["checkout", "database"]


def _file(name: str) -> Path:
    return GOLDEN / f"{name}.json"


@pytest.mark.parametrize("name", cards())
def test_every_card_looks_as_it_did_and_discord_takes_it(name: str) -> None:
    made = message(cards()[name], PEOPLE, Ids("mark"), "https://tocsin.example")

    taken(made)
    checks.message(made, fresh=True)
    golden(_file(name), made)


@pytest.mark.parametrize("name", forms())
def test_every_form_looks_as_it_did_and_discord_takes_it(name: str) -> None:
    made = modal(forms()[name], f"f:1:{name}", PEOPLE, SERVICES)

    checks.modal(made)
    golden(_file(name), made)


@pytest.mark.parametrize("name", forms())
def test_no_form_leaves_out_what_is_required(name: str) -> None:
    made = modal(forms()[name], "f:1:x", PEOPLE, SERVICES)
    asked = {part["component"]["custom_id"] for part in made["components"] if "component" in part}

    assert {each.name for each in forms()[name].inputs if each.need == "required"} <= asked


def test_no_golden_file_is_left_of_what_is_gone() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == {*cards(), *forms()}

"""Cards as Block Kit: golden files of every view, and Slack's limits for any content at all.

    TOCSIN_GOLDEN=write .venv/bin/python -m pytest tests/handlers/chat/slack/test_render.py

writes the golden files anew; read the difference before it is committed.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.chat.card import (
    Button,
    Buttons,
    Card,
    Form,
    Input,
    InputKind,
    Need,
    Option,
    Plain,
    Text,
)
from bot.core.chat.vocabulary import Group
from handlers.chat.slack.rendering.forms import (
    ViewContext,
    modal,
    pack_context,
    shown,
    unpack_context,
)
from handlers.chat.slack.rendering.render import blocks, fallback, message, pack, unpack
from tests.contracts.cards import TEXTS
from tests.contracts.cards import cards as any_cards
from tests.exhibits import cards, forms
from tests.fakes.slack.blocks import check_message, check_view
from tests.goldens import golden

GOLDEN = Path("tests/golden/slack")
IDS = {"ana": "U0ANA", "bo": "U0BO"}
SERVICES = ["checkout", "database"]
FORMS = [
    f"form-incident-{verb}"
    for verb in ("declare", "update", "role", "task", "followup", "note", "publish", "page")
]


def _file(name: str) -> Path:
    return GOLDEN / f"{name}.json"


@pytest.mark.parametrize("name", cards())
def test_every_card_looks_as_it_did_and_slack_takes_it(name: str) -> None:
    made = message(cards()[name], IDS)
    check_message(made["blocks"])
    assert "<!channel>" not in json.dumps(_marked(made))
    golden(_file(name), made)


@pytest.mark.parametrize("name", FORMS)
def test_the_usual_forms_look_as_they_did(name: str) -> None:
    golden(_file(name), modal(forms()[name], ViewContext(name, "C0ROOM"), SERVICES, IDS))


def test_slack_takes_the_form_of_every_command() -> None:
    for name, form in forms().items():
        check_view(modal(form, ViewContext(name, "C0ROOM"), SERVICES, IDS), "modal")


def test_no_golden_file_is_left_of_what_is_gone() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == {*cards(), *FORMS}


def _marked(value: Any) -> list[str]:
    """Every text that Slack reads for mentions."""
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [text for inner in value.values() for text in _marked(inner)]
    return [t for inner in value for t in _marked(inner)] if isinstance(value, list) else []


# --- any content at all ---

CARDS = any_cards("slack", "C0ROOM", ("ana", "nobody"))


@given(CARDS)
@settings(max_examples=40)
def test_slack_takes_any_card_and_nobody_is_called_who_was_not_meant(card: Card) -> None:
    made = message(card, IDS)
    check_message(made["blocks"])
    assert 0 < len(made["text"]) <= 4000
    check_view(shown(card, ViewContext(), IDS), "modal")
    texts = [*_marked(made), made["text"]]
    for text in texts:
        assert set(re.findall(r"<[@!#]\w+", text)) <= {"<@U0ANA", "<!date", "<#C0ROOM"}
    assert not re.search(r"<[@!#]", fallback(card))


@given(TEXTS)
def test_a_command_of_any_kind_comes_back_from_its_button(command: str) -> None:
    packed = pack(command)
    if packed is not None:
        assert len(packed) <= 2000
        assert unpack(packed) == command


def test_buttons_are_kept_when_text_must_give_way() -> None:
    wall = tuple(Text((Plain("word " * 550),)) for _ in range(60))
    made = blocks(Card("Long", (*wall, Buttons((Button("Go on", "go"),)))), IDS)
    assert made[-2]["elements"][0]["text"]["text"] == "Go on"
    assert "more not shown" in made[-1]["elements"][0]["text"]


KINDS = st.sampled_from([InputKind.LINE, InputKind.PARAGRAPH, InputKind.CHOICE, InputKind.PERSON])
INPUTS = st.builds(
    Input, st.uuids().map(str), TEXTS, KINDS, st.sampled_from(Need), TEXTS, TEXTS,
    st.lists(st.builds(Option, st.uuids().map(str), TEXTS), min_size=1, max_size=120).map(tuple),
    st.integers(1, 9000),
)  # fmt: skip


@given(st.builds(Form, TEXTS, TEXTS, st.lists(INPUTS, min_size=1, max_size=6).map(tuple), TEXTS))
@settings(max_examples=30)
def test_slack_takes_any_form(form: Form) -> None:
    check_view(modal(form, ViewContext("declare", "C0ROOM"), SERVICES, IDS), "modal")


@given(TEXTS)
def test_what_a_view_keeps_comes_back_but_for_the_end_of_a_long_text(text: str) -> None:
    origin = ViewContext(
        "capture", "C1", Group.INCIDENT, {"room": "C1", "ts": "1.2", "user": "U1", "text": text}
    )
    metadata = pack_context(origin)
    assert len(metadata) <= 3000
    back = unpack_context(metadata)
    assert (back.command, back.room) == ("capture", "C1")
    assert text.startswith(back.about["text"])

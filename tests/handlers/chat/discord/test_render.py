"""Any card becomes a message that Discord takes, and nothing in it is more than its author wrote."""

from __future__ import annotations

import re

from hypothesis import given, settings

from bot.core.chat.card import Button, Buttons, Card, Field, Fields, Mention, Plain, Strong, text
from handlers.chat.discord.rendering.presses import (
    Ids,
    custom_ids,
    mark_of,
    marked,
    press_from,
    read,
)
from handlers.chat.discord.rendering.render import message
from tests.contracts.cards import TEXTS, cards
from tests.handlers.chat.discord.accepted import taken

PEOPLE = {"ana": "1001"}
CARDS = cards("discord", "42", ("ana", "bo"))


def shown(card: Card) -> str:
    made = message(card, PEOPLE, Ids("mark"))
    parts = [made["content"]]
    for embed in made["embeds"]:
        parts += [embed.get("description", ""), *(f["value"] for f in embed.get("fields", ()))]
    return "\n".join(parts)


@settings(max_examples=40)
@given(CARDS)
def test_discord_takes_any_card(card: Card) -> None:
    taken(message(card, PEOPLE, Ids("mark"), "http://tocsin.example"))


@settings(max_examples=40)
@given(CARDS)
def test_every_message_bears_its_mark(card: Card) -> None:
    made = message(card, PEOPLE, Ids(mark_of("here")), "http://tocsin.example")

    assert marked(made, mark_of("here"))
    assert not marked(made, mark_of("there"))


@given(TEXTS)
def test_text_cannot_mention_anybody(said: str) -> None:
    seen = shown(
        Card(said, (text(said), text(Strong(said)), Fields((Field("a", (Plain(said),)),))))
    )

    assert not re.search(r"@(everyone|here)", seen)
    assert not re.search(r"(?<!\\)<[@#]", seen)


def test_who_is_known_here_is_mentioned_and_who_is_not_is_named() -> None:
    seen = shown(Card("", (text(Mention("ana", "Ana"), " and ", Mention("bo", "Bo")),)))

    assert seen.strip() == "<@1001> and Bo"


@given(TEXTS)
def test_a_button_comes_back_with_its_command_whatever_its_length(command: str) -> None:
    ids = Ids("mark")
    made = message(Card("x", (Buttons((Button("Do", command),)),)), {}, ids)

    carried, key = read(custom_ids(made["components"])[0])

    assert (carried if not key else press_from(ids.keep[key]).command) == command


def test_more_buttons_than_fit_are_offered_in_a_list() -> None:
    many = tuple(Button(f"INC-{n}", f"show INC-{n}") for n in range(40))

    rows = message(Card("Which?", (Buttons(many),)), {}, Ids("mark"))["components"]

    offered = rows[-1]["components"][0]["options"]
    assert len(rows) == 5
    assert offered[0]["label"] == "INC-20"
    assert len(offered) == 20


def test_an_address_stays_whole() -> None:
    assert "https://ex.org/a_b_c" in shown(Card("", (text("see https://ex.org/a_b_c"),)))

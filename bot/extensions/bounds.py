"""What a plug-in may return: of the closed kinds, and no more than so much. Looked at in the plug-in's own thread."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import get_args

from bot.domain.errors import Fault
from bot.plugin import Answer
from bot.views.card import Block, Card
from bot.views.codec import card_json

BLOCKS, COMMANDS = 10, 10
# Characters: of a card as JSON, of a title, of one command.
CARD, TITLE, COMMAND = 12_000, 150, 2_000
_KINDS = get_args(Block)


class Flood(Fault):
    """A plug-in returned more than anybody wants to read, or something that is no card."""


def bounded(answer: Answer) -> Answer:
    """The answer with its sequences read out. Raises ``Flood``."""
    if not isinstance(answer, Answer):
        raise Flood(f"it returned {type(answer).__name__}, not an Answer")
    commands = tuple(islice(answer.commands, COMMANDS + 1))
    if len(commands) > COMMANDS:
        raise Flood(f"it asked for more than {COMMANDS} commands at once")
    if not all(len(str(each)) <= COMMAND for each in commands):
        raise Flood(f"a command is text of at most {COMMAND} characters")
    return Answer(blocks(answer.blocks), str(answer.title)[:TITLE], commands)


def blocks(found: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks of a card. Raises ``Flood``."""
    read = tuple(islice(found, BLOCKS + 1))
    if len(read) > BLOCKS:
        raise Flood(f"it returned more than {BLOCKS} blocks")
    if not all(isinstance(each, _KINDS) for each in read):
        raise Flood("it returned something that is no block of a card")
    if len(card_json(Card("", read))) > CARD:
        raise Flood(f"its blocks have more than {CARD:,} characters")
    return read

"""What a plug-in may return: blocks of known kinds, within limits. Checked in the plug-in's own thread.

Blocks are copied into values of our own with checked types, since they are drawn on cards that everybody needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from itertools import islice

from pydantic import TypeAdapter, ValidationError

from bot.core.chat.card import Block, Button
from bot.core.errors import Fault
from bot.plugins.api import Answer

BLOCKS, COMMANDS = 10, 10
# Characters: of all that is read in a card, addresses included; of a title; of one command.
CARD, TITLE, COMMAND = 3_000, 150, 2_000
# Spans, fields, items and buttons of a card together.
PARTS = 120
_ADDRESS = re.compile(r"https?://[^\s<>]+")
# The field that says which kind of block or span it is; it is not shown.
_KINDS = ("block", "span")


class InvalidAnswer(Fault):
    """A plug-in returned more than anybody wants to read, or something that is no card."""


@cache
def _blocks() -> TypeAdapter[tuple[Block, ...]]:
    return TypeAdapter(tuple[Block, ...])


def bounded(answer: Answer) -> Answer:
    """The answer with its sequences read out. Raises ``InvalidAnswer``."""
    if not isinstance(answer, Answer):
        raise InvalidAnswer(f"it returned {type(answer).__name__}, not an Answer")
    title = " ".join(exact(answer.title).split())[:TITLE]
    return Answer(blocks(answer.blocks), title, _commands(answer.commands))


def _commands(found: Iterable[str]) -> tuple[str, ...]:
    if isinstance(found, str):
        raise InvalidAnswer("its commands are one text, not a list of them")
    read: tuple[object, ...] = tuple(islice(found, COMMANDS + 1))
    if len(read) > COMMANDS:
        raise InvalidAnswer(f"it asked for more than {COMMANDS} commands at once")
    texts = tuple(exact(each) for each in read)
    if any(len(each) > COMMAND for each in texts):
        raise InvalidAnswer(f"a command is text of at most {COMMAND:,} characters")
    return texts


def exact(found: object) -> str:
    """The text itself: what a subclass of ``str`` says of itself may be no more than its word, and runs its own code
    wherever it is used. Raises ``InvalidAnswer`` for what is no text."""
    if not isinstance(found, str):
        raise InvalidAnswer("it returned something else where a text belongs")
    return str.__str__(found)


def blocks(found: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks of a card. Raises ``InvalidAnswer``."""
    read = tuple(islice(found, BLOCKS + 1))
    if len(read) > BLOCKS:
        raise InvalidAnswer(f"it returned more than {BLOCKS} blocks")
    apart = _Apart()
    try:
        return _blocks().validate_python([apart.value(each) for each in read])
    except ValidationError:  # which quotes what it was given
        raise _no_block() from None


def _plainly(found: object) -> object:
    if isinstance(found, datetime) and found.tzinfo is None:
        raise InvalidAnswer("an instant of its blocks is of no time zone")
    if found is None or isinstance(found, int | datetime):
        return found
    raise _no_block()


def _no_block() -> InvalidAnswer:
    return InvalidAnswer("it returned something that is no block of a card")


@dataclass(slots=True)
class _Apart:
    """Takes blocks apart into plain values, and counts on the way."""

    characters: int = 0
    parts: int = 0

    def value(self, found: object) -> object:
        match found:
            case Enum():
                return found.value
            case str():
                return self._text(found)
            case list() | tuple() | Iterator():
                # No list holds more than all parts together, and each item is one: so an endless one ends.
                return [self._part(each) for each in islice(found, PARTS + 1)]
            case _ if is_dataclass(found) and not isinstance(found, type):
                return {field.name: self._field(found, field.name) for field in fields(found)}
            case _:
                return _plainly(found)

    def _part(self, found: object) -> object:
        self.parts += 1
        if self.parts > PARTS:
            raise InvalidAnswer(f"its blocks have more than {PARTS} parts")
        return self.value(found)

    def _field(self, found: object, name: str) -> object:
        held = getattr(found, name)
        if name in _KINDS and isinstance(held, str):
            return held
        if name == "url" and held and not _ADDRESS.fullmatch(str(held)):
            raise InvalidAnswer("a link of it leads neither to http nor to https")
        if isinstance(found, Button) and name == "command" and len(str(held)) > COMMAND // 2:
            raise InvalidAnswer(f"a button's command has more than {COMMAND // 2:,} characters")
        return self.value(held)

    def _text(self, said: str) -> str:
        found = exact(said)
        self.characters += len(found)
        if self.characters > CARD:
            raise InvalidAnswer(f"its blocks have more than {CARD:,} characters")
        return found

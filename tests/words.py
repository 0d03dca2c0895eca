"""All that a card says, as plain text: what a person would read aloud. For cards and for what is seen."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.chat.card import (
    Bullets,
    Button,
    Buttons,
    Card,
    Checklist,
    Code,
    Context,
    Fields,
    Line,
    Link,
    Mention,
    Plain,
    Quote,
    RoomLink,
    Strong,
    Text,
    When,
)
from tests.seen import Press, Seen


def words(card: Card | Seen | None) -> str:
    """All that a card says, as plain text: what a person would read aloud."""
    if card is None:
        return ""
    if isinstance(card, Seen):
        return card.text
    return "\n".join([card.title, *(_block(block) for block in card.blocks)]).strip()


def _block(block: object) -> str:  # noqa: PLR0911 - one case a block
    match block:
        case Text(line=line) | Context(line=line):
            return _line(line)
        case Fields(items=items):
            return "\n".join(f"{item.label}: {_line(item.line)}" for item in items)
        case Bullets(items=items):
            return "\n".join(_line(item) for item in items)
        case Quote(text=text):
            return text
        case Checklist(items=items):
            return "\n".join(f"[{item.state}] {item.label} {item.detail}" for item in items)
        case Buttons(items=items):
            return " ".join(f"[{item.label}]" for item in items)
        case _:
            raise AssertionError(f"no words for {block}")


def _line(line: Line) -> str:
    return "".join(_span(span) for span in line)


def _span(span: object) -> str:
    match span:
        case Plain(text=text) | Strong(text=text) | Code(text=text) | Link(text=text):
            return text
        case Mention(name=name):
            return f"@{name}"
        case RoomLink(name=name):
            return f"#{name}"
        case When(at=at):
            return f"{at:%H:%M}"
        case _:
            raise AssertionError(f"no words for {span}")


def buttons(seen: Seen) -> Sequence[Press]:
    return seen.buttons


def mentions(seen: Seen) -> frozenset[str]:
    """The persons whom a message mentions."""
    return frozenset(seen.mentions)


def card_buttons(card: Card) -> list[Button]:
    return [b for block in card.blocks if isinstance(block, Buttons) for b in block.items]


def card_mentions(card: Card) -> set[str]:
    """The persons whom the card mentions."""
    lines = [line for block in card.blocks for line in _lines(block)]
    return {span.person for line in lines for span in line if isinstance(span, Mention)}


def _lines(block: object) -> list[Line]:
    match block:
        case Text(line=line) | Context(line=line):
            return [line]
        case Fields(items=items):
            return [item.line for item in items]
        case Bullets(items=items):
            return list(items)
        case _:
            return []

"""What is about to be sent: a card, where it goes, and what finds it again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from bot.core.chat.card import Card, context
from bot.core.chat.codec import card_json
from bot.core.chat.remembered import Remembered

# Said of a page that may be the second: paging channels have no key to deduplicate by.
REPEAT = "(repeat)"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A card, where it goes, and what finds it again. ``room`` is empty while there is none."""

    card: Card
    marker: str
    digest: str
    room: str = ""
    known: Remembered | None = None


def digest(made: Card) -> str:
    """Equal for equal cards: an edit that would change nothing is not sent."""
    return hashlib.sha256(card_json(made).encode()).hexdigest()


def marked_repeat(card: Card) -> Card:
    """The same card, saying that it may be there twice."""
    if card.title:
        return replace(card, title=f"{card.title} {REPEAT}")
    return replace(card, blocks=(*card.blocks, context(REPEAT)))

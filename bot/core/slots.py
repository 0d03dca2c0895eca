"""Slots: where a later package adds to what an earlier one shows, without being known to it.

A builder is pure but for what it reads: it is given the transaction and what the slot is about, a viewer included, and
returns what is to be shown. What is more than the slot holds is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bot.core.chat.card import Block, Card, Field, Input

if TYPE_CHECKING:
    from bot.postmortems.model import Section

B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Slot(Generic[B]):
    """A place. ``about`` says what a builder is given after the transaction; ``most`` is how much it holds."""

    name: str
    about: str
    most: int = 4


DECLARED_ANSWER: Slot[Block] = Slot("declared_answer", "the incident, and who declared it")
CARD: Slot[Block] = Slot("card", "the incident, and who reads it")
ROOM_HEADER: Slot[Field] = Slot("room_header", "the incident, and who reads it")
HOME: Slot[Block] = Slot("home", "the actor whose home it is")
DRAFT_SECTION: Slot[Section] = Slot("draft_section", "the incident, and who reads it")
RESOLVE_FORM: Slot[Input] = Slot("resolve_form", "the incident, and who resolves it")
PERSON_OVERVIEW: Slot[Block] = Slot("person_overview", "the person, and who reads it")

# What a room is told on an occasion of the package's own; nothing for the occasions of others.
ROOM_WORDS: Slot[Card] = Slot(
    "room_words", "the incident, the occasion, and the job's arguments", 1
)

SLOTS = (
    DECLARED_ANSWER,
    CARD,
    ROOM_HEADER,
    HOME,
    DRAFT_SECTION,
    RESOLVE_FORM,
    PERSON_OVERVIEW,
    ROOM_WORDS,
)


@dataclass(frozen=True, slots=True)
class Filler:
    """A builder for a slot, as a package registers it. ``build`` takes the transaction and what the slot is about."""

    slot: Slot[Any]
    build: Callable[..., Iterable[Any]]

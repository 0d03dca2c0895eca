"""What happens to war rooms and to what was posted in them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.core.chat.vocabulary import Room, Secrecy
from bot.core.events.base import Event, IncidentEvent, Said, Word
from bot.core.people import PersonId


@dataclass(frozen=True, slots=True)
class RoomOpened(IncidentEvent):
    """A war room is there."""

    room: Room
    secrecy: Secrecy


@dataclass(frozen=True, slots=True)
class RoomLost(IncidentEvent):
    """Somebody archived or deleted a war room, or took the bot out of it; another one is being opened."""

    platform: Word
    words: Said


@dataclass(frozen=True, slots=True)
class RoomRenamed(IncidentEvent):
    """Somebody gave a war room another name."""

    platform: Word
    before: Said
    after: Said


@dataclass(frozen=True, slots=True)
class RoomFiled(IncidentEvent):
    """A room was written down and removed, to make place."""

    platform: Word
    url: Said


class LivingMessage(StrEnum):
    """The two messages of ours that stand for an incident and are edited as it goes on."""

    CARD = "card"
    ANNOUNCEMENT = "announcement"


@dataclass(frozen=True, slots=True)
class MessagePosted(IncidentEvent):
    """The card or the announcement is out for the first time."""

    platform: Word
    what: LivingMessage


@dataclass(frozen=True, slots=True)
class MessageDeleted(IncidentEvent):
    """Somebody deleted the card or the announcement by hand; it is posted again."""

    platform: Word
    what: LivingMessage


@dataclass(frozen=True, slots=True)
class MessageNotSent(IncidentEvent):
    """A message could not be sent for good."""

    platform: Word
    why: Said


@dataclass(frozen=True, slots=True)
class StepDone(IncidentEvent):
    """A step of the plan is done that had been in trouble, so the cards must show it."""

    platform: Word
    step: Word


@dataclass(frozen=True, slots=True)
class StepRetrying(IncidentEvent):
    """A step of the plan failed, and is tried again."""

    platform: Word
    step: Word


@dataclass(frozen=True, slots=True)
class StepFailed(IncidentEvent):
    """A step of the plan failed for good. ``cause`` is what the platform said, ``words`` what people are told;
    ``for_admins``: only an admin can mend it."""

    platform: Word
    step: Word
    cause: Said
    words: Said
    for_admins: bool


@dataclass(frozen=True, slots=True)
class StepsRepaired(IncidentEvent):
    """Somebody has run again what had failed for good."""

    steps: int


@dataclass(frozen=True, slots=True)
class PeopleLeftOut(IncidentEvent):
    """The platform would not let these people be invited."""

    platform: Word
    words: Said


@dataclass(frozen=True, slots=True)
class PersonStayed(IncidentEvent):
    """Somebody left a private incident and still reads its room: a person has to take them out."""

    platform: Word
    person: PersonId
    words: Said


@dataclass(frozen=True, slots=True)
class SlotFilled(IncidentEvent):
    """A plug-in shows something else on the card than before."""

    plugin: Word


@dataclass(frozen=True, slots=True)
class PlatformTroubled(Event):
    """A platform reports what an admin must mend. ``deaf``: nobody can be told on that platform itself."""

    platform: Word
    deaf: bool
    why: Said
    fix: Said

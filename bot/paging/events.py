"""What happens to a page: who is told, who answers, and what becomes of it when nobody does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.escalation import Direction, Page, PageState
from bot.core.events.base import NOTHING_SAID, IncidentEvent, Said, Word
from bot.core.people import PersonId


@dataclass(frozen=True, slots=True)
class PageEvent(IncidentEvent):
    """A fact about a page, as it stands after it."""

    page: Page


@dataclass(frozen=True, slots=True)
class PageStarted(PageEvent):
    """Somebody is to be woken: by the services' policy, or by hand."""


@dataclass(frozen=True, slots=True)
class StepPassedOver(PageEvent):
    """A step that was due reaches nobody; ``targets`` says whom it names."""

    level: int
    targets: Said


@dataclass(frozen=True, slots=True)
class PersonPaged(PageEvent):
    """Somebody is being told, by their own rules."""

    level: int
    person: PersonId


@dataclass(frozen=True, slots=True)
class CatchAllTold(PageEvent):
    """Nobody answered on any step; whoever stands last in line is told, loudly."""

    level: int
    people: tuple[PersonId, ...]
    names: Said


class Why(StrEnum):
    """Why a page went on to its next step or began anew."""

    UNANSWERED = "unanswered"
    BY_HAND = "by hand"
    NO_SECOND_SIGN = "no second sign"
    SNOOZE_OVER = "snooze over"
    HANDED = "handed"


@dataclass(frozen=True, slots=True)
class PageEscalated(PageEvent):
    """It goes on to a step, or begins anew there. ``who`` names those who did not answer, or are handed it."""

    level: int
    why: Why
    who: Said = NOTHING_SAID
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class PageAcknowledged(PageEvent):
    """Somebody has it."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class SecondSignGiven(PageEvent):
    """Whoever has it says so again: the sign that the policy's ack timeout waits for."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class PageSnoozed(PageEvent):
    """Nobody is told until then; after it the page begins anew by itself."""

    until: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class PageReopened(PageEvent):
    """It asks again, from a step on."""

    level: int


@dataclass(frozen=True, slots=True)
class PageExpired(PageEvent):
    """A day after the catch-all nobody had acknowledged."""

    level: int


@dataclass(frozen=True, slots=True)
class PageStopped(PageEvent):
    """Somebody stopped it by hand."""


@dataclass(frozen=True, slots=True)
class PageEnded(PageEvent):
    """The incident is over, so it asks no more."""


@dataclass(frozen=True, slots=True)
class PageMoved(PageEvent):
    """Its state or its level changed with what else was recorded of it: it became due, or goes on."""

    state: PageState


@dataclass(frozen=True, slots=True)
class NoticeSent(PageEvent):
    """One person's message is out on one platform, or there was no more need of it (``spared``)."""

    person: PersonId
    platform: Word
    level: int
    spared: bool


@dataclass(frozen=True, slots=True)
class NoticeFailed(PageEvent):
    """A message could not be sent for good. ``last``: nobody else was told on that step."""

    person: PersonId
    platform: Word
    level: int
    why: Said
    last: bool

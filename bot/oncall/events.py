"""What changes who is on call, and what a change of shift brings."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.events.base import Event, Word
from bot.core.people import PersonId
from bot.oncall.changes import Cover, MadeOverride, RosterEntry, Trial


@dataclass(frozen=True, slots=True)
class OverrideMade(Event):
    """Somebody is on call instead of everybody, for some hours. ``instead_of`` are those who would have been."""

    override: MadeOverride
    instead_of: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class OverrideUndone(Event):
    """An override was taken back; what the plan says holds again."""

    override: MadeOverride


@dataclass(frozen=True, slots=True)
class CoverAsked(Event):
    """Others of a schedule are asked to stand in for somebody."""

    cover: Cover
    asked: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class CoverTaken(Event):
    """Somebody stands in."""

    cover: Cover
    taker: PersonId


@dataclass(frozen=True, slots=True)
class CoverWithdrawn(Event):
    """A request was taken back, or a cover that was taken (``cover.taker``) was undone."""

    cover: Cover


@dataclass(frozen=True, slots=True)
class RosterChanged(Event):
    """Somebody joins or leaves a rotation from a moment on. ``on_call`` are those who were to be then."""

    change: RosterEntry
    on_call: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class ShiftChanged(Event):
    """Who is on call has changed."""

    schedule: Word
    began: tuple[PersonId, ...]
    ended: tuple[PersonId, ...]
    stamp: int


@dataclass(frozen=True, slots=True)
class GapsFound(Event):
    """Nobody is on call at some hours of the next 60 days."""

    schedules: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class TrialStarted(Event):
    """Somebody tries out what a page would do to them."""

    trial: Trial


@dataclass(frozen=True, slots=True)
class TrialSettled(Event):
    """One message of a test page has arrived, failed, or was seen by its person. ``last``: it is time to report."""

    trial: Trial
    last: bool


@dataclass(frozen=True, slots=True)
class FeedChanged(Event):
    """A calendar's secret address was opened, or those there were stopped answering (``opened`` is false)."""

    schedule: Word | None
    opened: bool

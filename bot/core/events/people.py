"""What happens to the organisation and its people."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.events.base import Event, Word
from bot.core.people import PersonId


@dataclass(frozen=True, slots=True)
class OrganisationApplied(Event):
    """Another organisation file was applied. ``digest`` is the SHA-256 of its text."""

    digest: Word


@dataclass(frozen=True, slots=True)
class PersonMet(Event):
    """Somebody spoke here for the first time, or on a platform where they were not known."""

    person: PersonId
    platform: Word


@dataclass(frozen=True, slots=True)
class PeopleLinked(Event):
    """Two identities that were two people are one person from now on."""

    stays: PersonId
    goes: PersonId

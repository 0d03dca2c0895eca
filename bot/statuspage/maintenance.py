"""Planned maintenance as customers are told of it: announced ahead, under way, over. Pure.

No incident stands behind it, and nothing of one: a title, the components, and from when until when.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.core.errors import IllegalMove
from bot.core.people import PersonId

MaintenanceId = NewType("MaintenanceId", int)


class Phase(StrEnum):
    """As Statuspage's API names them, but for CANCELLED, which it does not know."""

    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Told:
    """What customers were told. ``body`` is plain text; ``at`` is UTC."""

    id: str
    status: Phase
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Maintenance:
    """``number`` is what people type (``maintenance end 3``), ``id`` what stands in public addresses.
    Times are UTC; ``changed_by`` is None when its time had come."""

    number: MaintenanceId
    id: str
    title: str
    components: tuple[str, ...]
    begins: datetime
    ends: datetime
    made_by: PersonId
    made_at: datetime
    phase: Phase = Phase.SCHEDULED
    over_at: datetime | None = None
    changed_by: PersonId | None = None
    updates: tuple[Told, ...] = ()

    @property
    def updated_at(self) -> datetime:
        return self.updates[-1].at if self.updates else self.made_at


def begun(found: Maintenance, by: PersonId | None, told: Told) -> Maintenance:
    """Raises ``IllegalMove`` unless it is still to come."""
    _only(found, Phase.SCHEDULED)
    begins = min(found.begins, told.at)
    return _told(replace(found, phase=Phase.IN_PROGRESS, begins=begins, changed_by=by), told)


def completed(found: Maintenance, by: PersonId | None, told: Told) -> Maintenance:
    """Raises ``IllegalMove`` unless it is under way."""
    _only(found, Phase.IN_PROGRESS)
    return _told(replace(found, phase=Phase.COMPLETED, over_at=told.at, changed_by=by), told)


def cancelled(found: Maintenance, by: PersonId, told: Told) -> Maintenance:
    """Raises ``IllegalMove`` once it has begun: then it is ended."""
    _only(found, Phase.SCHEDULED)
    return _told(replace(found, phase=Phase.CANCELLED, over_at=told.at, changed_by=by), told)


def longer(found: Maintenance, by: PersonId, until: datetime, told: Told) -> Maintenance:
    """It ends at ``until`` instead. Raises ``IllegalMove`` once it is over."""
    _only(found, Phase.SCHEDULED, Phase.IN_PROGRESS)
    return _told(replace(found, ends=until, changed_by=by), told)


def announced(found: Maintenance, told: Told) -> Maintenance:
    """With the first of what customers are told."""
    return _told(found, told)


def _told(found: Maintenance, told: Told) -> Maintenance:
    return replace(found, updates=(*found.updates, told))


def _only(found: Maintenance, *phases: Phase) -> None:
    if found.phase not in phases:
        raise IllegalMove(
            f"Maintenance {found.number} is {found.phase.words}. "
            "/incident maintenance lists what is planned and under way."
        )


def sentence(phase: Phase, names: Iterable[str], until: datetime) -> str:
    """What customers are told, of the components' public names alone."""
    match phase:
        case Phase.SCHEDULED:
            listed = [*names]
            what = " and ".join([*([", ".join(listed[:-1])] if listed[1:] else []), *listed[-1:]])
            return f"Planned work on {what or 'our service'}."
        case Phase.IN_PROGRESS:
            return f"The planned work has begun. It takes until {until:%d %B, %H:%M} UTC."
        case Phase.COMPLETED:
            return "The planned work is done."
        case Phase.CANCELLED:
            return "This maintenance was cancelled."

"""What customers are told: publications and planned maintenance."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.events.base import Event, IncidentEvent, Said
from bot.statuspage.maintenance import Maintenance, Phase
from bot.statuspage.model import PublicStatus


@dataclass(frozen=True, slots=True)
class IncidentPublished(IncidentEvent):
    """Customers were told of it. ``first``: for the first time."""

    status: PublicStatus
    body: Said
    first: bool


@dataclass(frozen=True, slots=True)
class MaintenanceChanged(Event):
    """Planned work was announced, begins, takes longer, ends or does not take place. ``by_itself``: its time came."""

    maintenance: Maintenance
    before: Phase | None
    after: Phase
    by_itself: bool


@dataclass(frozen=True, slots=True)
class MaintenanceEnding(Event):
    """Planned work is about to end: whoever planned it is asked whether that holds."""

    maintenance: Maintenance

"""What happens to drills."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.events.base import IncidentEvent, Word


@dataclass(frozen=True, slots=True)
class DrillBegun(IncidentEvent):
    """The incident is a drill; its players are told what comes next."""

    scenario: Word

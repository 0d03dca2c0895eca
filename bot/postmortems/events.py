"""What happens to an incident's debrief."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.events.base import IncidentEvent


@dataclass(frozen=True, slots=True)
class DebriefSet(IncidentEvent):
    """The debrief was set: when people come together over what happened."""

    meets: datetime

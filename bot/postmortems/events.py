"""What comes after the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.events.base import IncidentEvent


@dataclass(frozen=True, slots=True)
class DebriefSet(IncidentEvent):
    """When people come together over what happened."""

    meets: datetime

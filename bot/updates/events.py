"""What people say and do while they work: updates, tasks, and what comes after the end."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.events.base import IncidentEvent, Said
from bot.core.incident import Status


@dataclass(frozen=True, slots=True)
class UpdatePosted(IncidentEvent):
    """It was said where things stand, for people inside."""

    words: Said
    status: Status

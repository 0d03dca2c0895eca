"""What happens when people say where things stand."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.events.base import IncidentEvent, Said
from bot.core.incident import Status


@dataclass(frozen=True, slots=True)
class UpdatePosted(IncidentEvent):
    """An update was posted, for people inside."""

    words: Said
    status: Status

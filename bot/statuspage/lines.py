"""What the timeline says of what customers are told."""

from __future__ import annotations

from bot.core.timeline import PUBLIC, Kind, Line, Lines
from bot.statuspage import events

PUBLIC_LINES: Lines = {
    events.IncidentPublished: lambda e: Line(
        Kind.PUBLISHED, e.body, {"audience": PUBLIC, "status": e.status.value}
    ),
}

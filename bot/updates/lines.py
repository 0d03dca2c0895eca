"""What the timeline says of updates."""

from __future__ import annotations

from bot.core.timeline import INTERNAL, Kind, Line, Lines
from bot.updates import events

UPDATE_LINES: Lines = {
    events.UpdatePosted: lambda e: Line(
        Kind.UPDATE, e.words, {"audience": INTERNAL, "status": e.status.value}
    ),
}

"""What the timeline says of what comes after the end."""

from __future__ import annotations

from bot.core.timeline import Kind, Line, Lines
from bot.postmortems import events

# What comes after the end.
REVIEW_LINES: Lines = {
    events.DebriefSet: lambda e: Line(Kind.DEBRIEF, "", {"at": e.meets.isoformat()}),
}

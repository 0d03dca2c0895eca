"""What the timeline says of debriefs."""

from __future__ import annotations

from bot.core.timeline import Kind, Line, Lines
from bot.postmortems import events

REVIEW_LINES: Lines = {
    events.DebriefSet: lambda e: Line(Kind.DEBRIEF, "", {"at": e.meets.isoformat()}),
}

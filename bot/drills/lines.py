"""What the timeline says of drills."""

from __future__ import annotations

from bot.core.timeline import Lines
from bot.drills import events

DRILL_LINES: Lines = {
    events.DrillBegun: "A drill begins with its declare.",
}

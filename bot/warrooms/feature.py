"""What the war rooms declare."""

from __future__ import annotations

from bot.jobs.feature import Feature
from bot.warrooms import events, handlers, hiding, platforms
from bot.warrooms.jobs import EFFECTS, ROOM_TIMERS
from bot.warrooms.lines import ROOM_LINES

FEATURE = Feature(
    "warrooms",
    (*handlers.HANDLERS, *platforms.HANDLERS),
    lines=ROOM_LINES,
    events=(events,),
    tasks=(*EFFECTS, *hiding.EFFECTS, *ROOM_TIMERS),
)

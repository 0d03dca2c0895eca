"""What the drills declare."""

from __future__ import annotations

from bot.core.slots import ROOM_WORDS, Filler
from bot.drills import events
from bot.drills.jobs import DRILL_TIMERS
from bot.drills.lines import DRILL_LINES
from bot.drills.service import drill_words
from bot.jobs.feature import Feature

FEATURE = Feature(
    "drills",
    fillers=(Filler(ROOM_WORDS, drill_words),),
    lines=DRILL_LINES,
    events=(events,),
    tasks=DRILL_TIMERS,
)

"""What the postmortems declare."""

from __future__ import annotations

from bot.core.slots import ROOM_WORDS, Filler
from bot.jobs.feature import Feature
from bot.postmortems import events
from bot.postmortems.debriefs import debrief_words
from bot.postmortems.handlers import HANDLERS
from bot.postmortems.lines import REVIEW_LINES

FEATURE = Feature(
    "postmortems",
    HANDLERS,
    fillers=(Filler(ROOM_WORDS, debrief_words),),
    lines=REVIEW_LINES,
    events=(events,),
)

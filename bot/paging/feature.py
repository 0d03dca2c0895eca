"""What the pages declare."""

from __future__ import annotations

from bot.core.slots import ROOM_WORDS, Filler
from bot.jobs.feature import Feature
from bot.paging import events
from bot.paging.handlers import HANDLERS
from bot.paging.jobs import PAGE_EFFECTS, PAGE_TIMERS
from bot.paging.lines import PAGE_LINES
from bot.paging.outgoing import page_words

FEATURE = Feature(
    "paging",
    HANDLERS,
    fillers=(Filler(ROOM_WORDS, page_words),),
    lines=PAGE_LINES,
    events=(events,),
    tasks=(*PAGE_EFFECTS, *PAGE_TIMERS),
)

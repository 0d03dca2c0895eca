"""What the briefs declare."""

from __future__ import annotations

from bot.briefs.service import late_words
from bot.core.slots import ROOM_WORDS, Filler
from bot.jobs.feature import Feature

FEATURE = Feature(
    "briefs",
    fillers=(Filler(ROOM_WORDS, late_words),),
)

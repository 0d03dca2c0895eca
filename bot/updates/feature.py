"""What the updates declare."""

from __future__ import annotations

from bot.jobs.feature import Feature
from bot.updates import events
from bot.updates.handlers import HANDLERS
from bot.updates.lines import UPDATE_LINES

FEATURE = Feature(
    "updates",
    HANDLERS,
    lines=UPDATE_LINES,
    events=(events,),
)

"""What the status page declares."""

from __future__ import annotations

from bot.jobs.feature import Feature
from bot.statuspage import events, handlers, maintenance_handlers
from bot.statuspage.jobs import TIMERS
from bot.statuspage.lines import PUBLIC_LINES
from bot.statuspage.service import render_soon

FEATURE = Feature(
    "statuspage",
    (*handlers.HANDLERS, *maintenance_handlers.HANDLERS),
    lines=PUBLIC_LINES,
    events=(events,),
    starts=(render_soon,),
    tasks=TIMERS,
)

"""What the status page declares. The task that renders it is told where customers look when it is made."""

from __future__ import annotations

from bot.jobs.feature import Feature
from bot.statuspage import events, handlers, maintenance_handlers
from bot.statuspage.jobs import MAINTENANCE_TIMERS
from bot.statuspage.lines import PUBLIC_LINES

FEATURE = Feature(
    "statuspage",
    (*handlers.HANDLERS, *maintenance_handlers.HANDLERS),
    lines=PUBLIC_LINES,
    events=(events,),
    tasks=MAINTENANCE_TIMERS,
)

"""What the incidents declare."""

from __future__ import annotations

from bot.incidents import events
from bot.incidents.lifecycle.closing import unready
from bot.incidents.lifecycle.jobs import CLOSING_TIMERS
from bot.incidents.lines import INCIDENT_LINES
from bot.incidents.nudges.handlers import HANDLERS
from bot.incidents.nudges.jobs import NUDGE_TIMERS
from bot.jobs.feature import Feature

FEATURE = Feature(
    "incidents",
    HANDLERS,
    checks=(unready,),
    lines=INCIDENT_LINES,
    events=(events,),
    tasks=(*NUDGE_TIMERS, *CLOSING_TIMERS),
)

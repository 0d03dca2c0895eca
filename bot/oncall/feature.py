"""What being on call declares."""

from __future__ import annotations

from bot.jobs.feature import Feature
from bot.oncall import events
from bot.oncall.handlers import HANDLERS
from bot.oncall.jobs import SHIFT_TIMERS, TRIAL_EFFECTS
from bot.oncall.shifts import shifts_soon

FEATURE = Feature(
    "oncall",
    HANDLERS,
    events=(events,),
    starts=(shifts_soon,),
    tasks=(*TRIAL_EFFECTS, *SHIFT_TIMERS),
)

"""The table of tasks: every effect and every timer there is. The policy table names no other."""

from __future__ import annotations

from collections.abc import Sequence

from bot.bus import Bus
from bot.jobs import hiding
from bot.jobs.afterwards import after_tasks
from bot.jobs.effects import EFFECTS, PAGE_EFFECTS
from bot.jobs.registry import Effect, Tasks, collect
from bot.jobs.statuspage import render_timer
from bot.jobs.telling import TELLING, TRIAL_EFFECTS
from bot.jobs.timers import (
    CLOSING_TIMERS,
    DRILL_TIMERS,
    MAINTENANCE_TIMERS,
    NUDGE_TIMERS,
    ORGANISATION_TIMERS,
    PAGE_TIMERS,
    ROOM_TIMERS,
    SHIFT_TIMERS,
    retention_timer,
)
from bot.services.handlers.wiring import BUS
from bot.services.housekeeping import Retention


def all_tasks(
    public_url: str,
    keep: Retention | None = None,
    bus: Bus = BUS,
    extra: Sequence[Effect] = (),
) -> Tasks:
    """``public_url`` is where customers look; ``keep`` is how long what is kept. ``bus`` has who hears of acts afterwards; ``extra`` are tasks of plug-ins."""
    effects = (*EFFECTS, *hiding.EFFECTS, *PAGE_EFFECTS, *TRIAL_EFFECTS, *TELLING, *extra)
    return collect(
        *effects,
        *PAGE_TIMERS,
        *NUDGE_TIMERS,
        *CLOSING_TIMERS,
        *ROOM_TIMERS,
        *SHIFT_TIMERS,
        *MAINTENANCE_TIMERS,
        *DRILL_TIMERS,
        *ORGANISATION_TIMERS,
        render_timer(public_url),
        retention_timer(keep or Retention()),
        *after_tasks(bus),
    )

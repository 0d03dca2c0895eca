"""The table of tasks: every effect and every timer there is. The policy table names no other."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.bus import Bus
from bot.jobs.afterwards import after_tasks
from bot.jobs.registry import Effect, Tasks, collect
from bot.statuspage.jobs import render_timer
from bot.wiring.features import FEATURES
from bot.wiring.packages import BUS
from bot.wiring.retention import Retention, retention_timer


def all_tasks(
    public_url: str, keep: Retention | None = None, bus: Bus = BUS, extra: Sequence[Effect] = ()
) -> Tasks:
    """``public_url`` is where customers look; ``keep`` is how long what is kept. ``bus`` has who hears of acts
    afterwards; ``extra`` are tasks of plug-ins."""
    return collect(
        *(task for feature in FEATURES for task in feature.tasks),
        render_timer(public_url),
        retention_timer(keep or Retention()),
        *after_tasks(bus),
        *extra,
    )

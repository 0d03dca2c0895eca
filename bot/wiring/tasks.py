"""The table of tasks: every effect and every timer there is. The policy table names no other."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.bus import Bus
from bot.jobs.afterwards import after_tasks
from bot.jobs.registry import Effect, Tasks, collect
from bot.wiring.features import FEATURES
from bot.wiring.packages import BUS


def all_tasks(bus: Bus = BUS, extra: Sequence[Effect] = ()) -> Tasks:
    """``bus`` has who hears of acts afterwards; ``extra`` are tasks of plug-ins."""
    return collect(
        *(task for feature in FEATURES for task in feature.tasks),
        *after_tasks(bus),
        *extra,
    )

"""The table of tasks: every effect and every timer there is. The policy table names no other."""

from __future__ import annotations

from collections.abc import Sequence

from bot.bus import Bus
from bot.jobs import hiding
from bot.jobs.afterwards import after_tasks
from bot.jobs.effects import EFFECTS
from bot.jobs.registry import Effect, Tasks, collect
from bot.jobs.statuspage import render_timer
from bot.jobs.telling import EFFECTS as TELLING
from bot.jobs.timers import timers
from bot.services.handlers.wiring import BUS
from bot.services.housekeeping import Retention


def all_tasks(
    base_url: str,
    public_url: str,
    keep: Retention | None = None,
    bus: Bus = BUS,
    extra: Sequence[Effect] = (),
) -> Tasks:
    """``base_url`` is where our own internal pages are, ``public_url`` where customers look;
    ``keep`` is how long what is kept. ``bus`` has who hears of acts afterwards; ``extra`` are tasks of plug-ins."""
    known = timers(base_url, keep or Retention())
    rendering = render_timer(public_url)
    return collect(
        *EFFECTS, *hiding.EFFECTS, *TELLING, *known, rendering, *after_tasks(bus), *extra
    )

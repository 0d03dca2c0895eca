"""The table of tasks: every effect and every timer there is. The policy table names no other."""

from __future__ import annotations

from bot.jobs import hiding
from bot.jobs.effects import EFFECTS
from bot.jobs.registry import Tasks, collect
from bot.jobs.statuspage import render_timer
from bot.jobs.telling import EFFECTS as TELLING
from bot.jobs.timers import timers
from bot.services.housekeeping import Retention


def all_tasks(base_url: str, public_url: str, keep: Retention | None = None) -> Tasks:
    """``base_url`` is where our own internal pages are, ``public_url`` where customers look;
    ``keep`` is how long what is kept."""
    known = timers(base_url, keep or Retention())
    return collect(*EFFECTS, *hiding.EFFECTS, *TELLING, *known, render_timer(public_url))

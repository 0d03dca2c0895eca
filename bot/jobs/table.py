"""The table of tasks: every effect and every timer there is. The policy table names no other."""

from __future__ import annotations

from bot.jobs.effects import EFFECTS
from bot.jobs.registry import Tasks, collect
from bot.jobs.statuspage import render_timer
from bot.jobs.telling import EFFECTS as TELLING
from bot.jobs.timers import timers


def all_tasks(base_url: str, public_url: str) -> Tasks:
    """``base_url`` is where our own internal pages are, ``public_url`` where customers look."""
    return collect(*EFFECTS, *TELLING, *timers(base_url), render_timer(public_url))

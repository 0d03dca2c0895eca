"""The timer that follows an applied organisation."""

from __future__ import annotations

from bot.jobs.registry import Timer
from bot.organisation.adopted import adopted

ORGANISATION_TIMERS = (Timer("org_applied", lambda uow, job: adopted(uow)),)

"""What the organisation declares."""

from __future__ import annotations

from bot.jobs.feature import Feature
from bot.organisation.jobs import ORGANISATION_TIMERS

FEATURE = Feature(
    "organisation",
    tasks=ORGANISATION_TIMERS,
)

"""What retention declares."""

from __future__ import annotations

from bot.jobs.feature import Feature
from bot.jobs.registry import Timer
from bot.retention.service import as_set, tidy, tidy_soon
from bot.retention.settings import SETTINGS

FEATURE = Feature(
    "retention",
    starts=(tidy_soon,),
    settings=SETTINGS,
    tasks=(Timer("tidy", lambda uow, job: tidy(uow, as_set(uow))),),
)

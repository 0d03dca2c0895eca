"""What the tasks declare."""

from __future__ import annotations

from bot.jobs.feature import Feature
from bot.tasks import events
from bot.tasks.lines import TASK_LINES

FEATURE = Feature(
    "tasks",
    lines=TASK_LINES,
    events=(events,),
)

"""What the messages declare."""

from __future__ import annotations

from bot.jobs.feature import Feature
from bot.messages.jobs import TELLING

FEATURE = Feature(
    "messages",
    tasks=TELLING,
)

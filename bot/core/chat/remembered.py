"""What is remembered of a message of ours, and of what the bot asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.chat.vocabulary import MessageRef
from bot.core.incident import IncidentId


@dataclass(frozen=True, slots=True)
class Remembered:
    """A message of ours by its key, and when its last edit was sent. ``mark`` says that it may be there
    twice, and stays through edits."""

    key: str
    ref: MessageRef
    incident: IncidentId | None = None
    sent_at: datetime | None = None
    digest: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Nudged:
    """How often a cause was nudged for, and before when it must not be again."""

    count: int = 0
    not_before: datetime | None = None

"""Stored events, for those who hear of an act after it: one row a fact, without a word of text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.events.base import NO_ACT, ActId
from bot.core.incident import IncidentId
from bot.core.people import PersonId


@dataclass(frozen=True, slots=True)
class Cause:
    """What an act follows from: the act that somebody heard of afterwards, and how many such steps led here."""

    act: ActId = NO_ACT
    depth: int = 0


# Under these a job carries what the act that enqueued it follows from, where it follows from another.
CAUSE, DEPTH = "caused_by", "depth"


def cause_of(args: Mapping[str, str | int]) -> Cause | None:
    """What a job's own act follows from; None where the job came of an act that follows from none."""
    return Cause(ActId(str(args[CAUSE])), int(args[DEPTH])) if CAUSE in args else None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A stored event. ``data`` holds ids, closed vocabularies, numbers and times only; ``at`` is UTC."""

    act: ActId
    ordinal: int
    name: str
    version: int
    at: datetime
    actor: PersonId
    incident: IncidentId | None
    cause: Cause
    data: Mapping[str, Any]

    @property
    def told(self) -> dict[str, Any]:
        """The public form: what webhooks, rules, the API and plug-ins read of it."""
        about = {"name": self.name, "version": self.version, "act": self.act}
        who = {"at": self.at.isoformat(), "actor": self.actor, "incident": self.incident}
        return {**about, **who, **self.data}

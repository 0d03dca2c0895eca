"""The plan of an incident: what its rooms take, step by step, on each platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.chat.card import StepState
from bot.core.incident import Incident, IncidentId, Mode, Visibility


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of an incident's plan on one platform."""

    incident: IncidentId
    platform: str
    step: str
    state: StepState = StepState.WAITING
    error: str = ""


# The steps of the plan, written whole at declare, in the order of the checklist.
STEPS: Mapping[str, str] = {
    "room": "War room",
    "invite": "Invites",
    "card": "Card",
    "pin": "Pin",
    "topic": "Topic",
    "bookmarks": "Bookmarks",
    "announcement": "Announcement",
}


TASK_OF_STEP: Mapping[str, str] = {
    "room": "open_room",
    "invite": "invite",
    "card": "post_card",
    "pin": "pin_card",
    "topic": "set_topic",
    "bookmarks": "bookmark",
    "announcement": "announce",
}


def plan_on(incident: Incident, platform: str) -> list[PlanStep]:
    """What a room on this platform takes, all of it still to do."""
    quiet = incident.mode is Mode.RETROSPECTIVE
    announced = incident.visibility is Visibility.PUBLIC and not quiet
    return [
        PlanStep(incident.id, platform, step)
        for step in STEPS
        if announced or step != "announcement"
    ]

"""THE POLICY TABLE: what follows from what. Pure data, and the one function that reads it.

Every task named here is registered with the worker; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.incident import IncidentId
from bot.ports import Args, JobSpec, Queue


class Event(StrEnum):
    DECLARED = "declared"
    WRITTEN_DOWN = "written down afterwards"
    ROOM_OPENED = "room opened"
    CARD_POSTED = "card posted"
    PEOPLE_ADDED = "people added"
    CHANGED = "changed"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    RESUMED = "resumed"
    MAJOR = "major"
    ENDED = "ended"
    HIDDEN = "hidden"
    LEFT = "left"


class Per(StrEnum):
    """One job for the incident, or one for each chat platform concerned."""

    INCIDENT = "incident"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Reaction:
    """``lane`` and ``once`` (the dedupe key) are prefixed with the incident and the platform.

    ``after`` delays a timer. Without ``once`` every event makes a row of its own.
    """

    task: str
    queue: Queue
    per: Per = Per.PLATFORM
    lane: str = ""
    once: str = ""
    after: timedelta = timedelta(0)


_ROOM, _CHAT, _TIMER, _ALARM = Queue.ROOM, Queue.CHAT, Queue.TIMER, Queue.ALARM
_MINUTE = timedelta(minutes=1)

_NUDGES_ANEW = (
    Reaction("nudge_lead", _TIMER, Per.INCIDENT, once="nudge:lead", after=2 * _MINUTE),
    Reaction("nudge_severity", _TIMER, Per.INCIDENT, once="nudge:severity", after=5 * _MINUTE),
    Reaction("nudge_role", _TIMER, Per.INCIDENT, once="nudge:role", after=15 * _MINUTE),
)

REACTIONS: Mapping[Event, Sequence[Reaction]] = {
    Event.DECLARED: (
        Reaction("page_on_call", _ALARM, Per.INCIDENT),
        Reaction("open_room", _ROOM, lane="room"),
        Reaction("nudge_lead", _TIMER, Per.INCIDENT, after=2 * _MINUTE),
        Reaction("nudge_severity", _TIMER, Per.INCIDENT, after=5 * _MINUTE),
        Reaction("nudge_quiet", _TIMER, Per.INCIDENT, after=120 * _MINUTE),
    ),
    Event.WRITTEN_DOWN: (Reaction("open_room", _ROOM, lane="room"),),
    Event.ROOM_OPENED: (
        Reaction("post_card", _ROOM, lane="card"),  # first: the pin follows from it
        Reaction("invite", _ROOM, lane="invite", once="invite"),
        Reaction("set_topic", _ROOM, lane="topic", once="topic"),
        Reaction("bookmark", _CHAT, lane="bookmarks"),
        Reaction("announce", _CHAT, lane="announcement"),
    ),
    Event.CARD_POSTED: (Reaction("pin_card", _ROOM, lane="pin"),),
    Event.PEOPLE_ADDED: (Reaction("invite", _ROOM, lane="invite", once="invite"),),
    Event.CHANGED: (
        Reaction("refresh_card", _CHAT, lane="card", once="card"),
        Reaction("refresh_announcement", _CHAT, lane="announcement", once="announcement"),
    ),
    Event.MAJOR: (
        Reaction("nudge_role", _TIMER, Per.INCIDENT, once="nudge:role", after=15 * _MINUTE),
    ),
    Event.HIDDEN: (Reaction("seal_room", _ROOM, lane="room"),),
    Event.LEFT: (Reaction("remove", _ROOM, lane="invite"),),
    Event.ENDED: (Reaction("set_topic", _CHAT, lane="topic", once="topic"),),
    Event.RESOLVED: (
        Reaction("set_topic", _CHAT, lane="topic", once="topic"),
        Reaction("send_draft", _TIMER, Per.INCIDENT),
        Reaction("ask_reporter", _TIMER, Per.INCIDENT),
    ),
    Event.RESUMED: (
        *_NUDGES_ANEW,
        Reaction("nudge_quiet", _TIMER, Per.INCIDENT, once="nudge:quiet", after=120 * _MINUTE),
    ),
    Event.REOPENED: (
        Reaction("set_topic", _CHAT, lane="topic", once="topic"),
        *_NUDGES_ANEW,
        Reaction("nudge_quiet", _TIMER, Per.INCIDENT, once="nudge:quiet", after=120 * _MINUTE),
    ),
}

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


def jobs_for(
    event: Event, incident: IncidentId, platforms: Iterable[str], now: datetime, args: Args
) -> list[JobSpec]:
    """The rows that follow from ``event``. Pure."""
    chosen = tuple(platforms)
    return [
        _spec(reaction, incident, platform, now, args)
        for reaction in REACTIONS[event]
        for platform in (("",) if reaction.per is Per.INCIDENT else chosen)
    ]


def _spec(
    reaction: Reaction, incident: IncidentId, platform: str, now: datetime, args: Args
) -> JobSpec:
    prefix = f"inc{incident}:{platform}" if platform else f"inc{incident}"
    extra: dict[str, str | int] = {"platform": platform} if platform else {}
    return JobSpec(
        reaction.task,
        reaction.queue,
        {"incident": incident, **extra, **args},
        lane=f"{prefix}:{reaction.lane}" if reaction.lane else None,
        dedupe=f"{prefix}:{reaction.once}" if reaction.once else None,
        run_at=now + reaction.after,
        incident=incident,
    )

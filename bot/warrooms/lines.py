"""What the timeline says of war rooms."""

from __future__ import annotations

from typing import Any

from bot.core.timeline import Kind, Line, Lines
from bot.warrooms import events


def _trouble(event: Any, step: str = "") -> Line:
    data = {"platform": event.platform, "step": step} if step else {"platform": event.platform}
    return Line(Kind.TROUBLE, event.words, data)


def _deleted(event: events.MessageDeleted) -> Line:
    words = f"The {event.what} on {event.platform} was deleted by hand. It is posted again."
    return Line(Kind.TROUBLE, words, {"platform": event.platform, "step": event.what})


def _renamed(event: events.RoomRenamed) -> Line:
    words = f"Renamed by hand from {event.before} to {event.after}"
    return Line(Kind.ROOM, words, {"platform": event.platform})


def _filed(event: events.RoomFiled) -> Line:
    words = f"The room on {event.platform} was written down and removed, to make place"
    return Line(Kind.ROOM, words, {"platform": event.platform}, event.url)


ROOM_LINES: Lines = {
    events.RoomOpened: lambda e: Line(
        Kind.ROOM, e.room.name, {"platform": e.room.platform}, e.room.url
    ),
    events.RoomLost: lambda e: _trouble(e, "room"),
    events.RoomRenamed: _renamed,
    events.RoomFiled: _filed,
    events.MessagePosted: "The card is where the timeline is read.",
    events.MessageDeleted: _deleted,
    events.MessageNotSent: lambda e: Line(
        Kind.TROUBLE, f"Message not sent on {e.platform}: {e.why}"
    ),
    events.StepDone: "The card's checklist shows it.",
    events.StepRetrying: "The card's checklist shows it; it may pass.",
    events.StepFailed: lambda e: Line(
        Kind.TROUBLE, e.words, {"platform": e.platform, "step": e.step}
    ),
    events.StepsRepaired: "What comes of it has lines of its own.",
    events.PeopleLeftOut: lambda e: _trouble(e, "invite"),
    events.PersonStayed: _trouble,
    events.SlotFilled: "The card shows it.",
}

"""What the timeline says of war rooms."""

from __future__ import annotations

from typing import Any

from bot.core.timeline import Kind, Line, Lines
from bot.warrooms import events as warrooms


def _trouble(event: Any, step: str = "") -> Line:
    data = {"platform": event.platform, "step": step} if step else {"platform": event.platform}
    return Line(Kind.TROUBLE, event.words, data)


def _deleted(event: warrooms.MessageDeleted) -> Line:
    words = f"The {event.what} on {event.platform} was deleted by hand. It is posted again."
    return Line(Kind.TROUBLE, words, {"platform": event.platform, "step": event.what})


def _renamed(event: warrooms.RoomRenamed) -> Line:
    words = f"Renamed by hand from {event.before} to {event.after}"
    return Line(Kind.ROOM, words, {"platform": event.platform})


def _filed(event: warrooms.RoomFiled) -> Line:
    words = f"The room on {event.platform} was written down and removed, to make place"
    return Line(Kind.ROOM, words, {"platform": event.platform}, event.url)


# War rooms.
ROOM_LINES: Lines = {
    warrooms.RoomOpened: lambda e: Line(
        Kind.ROOM, e.room.name, {"platform": e.room.platform}, e.room.url
    ),
    warrooms.RoomLost: lambda e: _trouble(e, "room"),
    warrooms.RoomRenamed: _renamed,
    warrooms.RoomFiled: _filed,
    warrooms.MessagePosted: "The card is where the timeline is read.",
    warrooms.MessageDeleted: _deleted,
    warrooms.MessageNotSent: lambda e: Line(
        Kind.TROUBLE, f"Message not sent on {e.platform}: {e.why}"
    ),
    warrooms.StepDone: "The card's checklist shows it.",
    warrooms.StepRetrying: "The card's checklist shows it; it may pass.",
    warrooms.StepFailed: lambda e: Line(
        Kind.TROUBLE, e.words, {"platform": e.platform, "step": e.step}
    ),
    warrooms.StepsRepaired: "What comes of it has lines of its own.",
    warrooms.PeopleLeftOut: lambda e: _trouble(e, "invite"),
    warrooms.PersonStayed: _trouble,
    warrooms.SlotFilled: "The card shows it.",
}

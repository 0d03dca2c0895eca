"""Applies the policy table: enqueues the jobs of an event in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.core.bus import Handler, on
from bot.core.events.base import Event, IncidentEvent
from bot.core.incident import IncidentId, Visibility
from bot.core.ports.jobs import Args, JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents import events as incidents
from bot.incidents.events import Way
from bot.incidents.recording.amending import room_platforms
from bot.messages.keys import message_key
from bot.warrooms import events as warrooms

# A card's edits coalesce to one in this long.
COALESCE = timedelta(seconds=2)


class Per(StrEnum):
    """One job for the incident, or one for each chat platform concerned."""

    INCIDENT = "incident"
    PLATFORM = "platform"


def _always(event: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Reaction:
    """``lane`` and ``once`` (the queueing lock) are prefixed with the incident and the platform.

    ``after`` delays a timer. Without ``once`` every event makes a row of its own. ``when`` is for some events only.
    """

    task: str
    queue: Queue
    per: Per = Per.PLATFORM
    lane: str = ""
    once: str = ""
    after: timedelta = timedelta(0)
    when: Callable[[Any], bool] = _always


# Whoever belongs in the room is let in.
INVITE = Reaction("invite", Queue.ROOM, lane="invite", once="invite")
# What the edits of card and announcement are.
REFRESH = (
    Reaction("refresh_card", Queue.CHAT, lane="card", once="card"),
    Reaction("refresh_announcement", Queue.CHAT, lane="announcement", once="announcement"),
)


def reacting_to(
    table: Mapping[type[Event], Sequence[Reaction]], shown: Sequence[type[IncidentEvent]]
) -> tuple[Handler, ...]:
    """The handlers of the policy table: its jobs, and the edits of what the card and the announcement show."""

    def react(uow: UnitOfWork, event: IncidentEvent) -> None:
        """Enqueue what the table says follows from the event, in its transaction."""
        wanted = [r for r in table[type(event)] if r.when(event)]
        if wanted:
            places = _platforms(uow, event) if any(r.per is Per.PLATFORM for r in wanted) else ()
            number = event.incident.id
            uow.jobs.enqueue(*jobs_for(wanted, number, places, uow.now, _args(event)))

    return on(*table, run=react), on(*shown, run=refresh)


def _platforms(uow: UnitOfWork, event: IncidentEvent) -> tuple[str, ...]:
    """Where it is to happen: on the platforms that have a room of the incident, if the event names none."""
    match event:
        case incidents.Declared():
            return room_platforms(uow, event.incident)
        case warrooms.RoomOpened():
            return (event.room.platform,)
        case warrooms.RoomLost() | warrooms.MessagePosted() | warrooms.MessageDeleted():
            return (event.platform,)
        case incidents.PersonLeft():
            return _closed_to_who_left(uow, event)
        case _:
            return rooms(uow, event.incident.id)


def _closed_to_who_left(uow: UnitOfWork, event: incidents.PersonLeft) -> tuple[str, ...]:
    """A private incident's rooms, but the console's, which has closed at once; an open one's are open to all."""
    if event.incident.visibility is not Visibility.PRIVATE:
        return ()
    return tuple(name for name in rooms(uow, event.incident.id) if name != "console")


def _args(event: IncidentEvent) -> Args:
    """``asked``: a person asked for it, so the notice that it leaves does not count as the bot's own."""
    match event:
        case incidents.PersonLeft():
            return {"asked": True, "person": event.person}
        case incidents.PeopleAdded(way=way) if way is not Way.PAGE:
            return {"asked": True}
        case _:
            return {}


def refresh(uow: UnitOfWork, event: IncidentEvent) -> None:
    """Card and announcement follow, on every platform that has a room of the incident."""
    refresh_on(uow, event.incident.id, None)


def refresh_on(uow: UnitOfWork, number: IncidentId, places: tuple[str, ...] | None) -> None:
    """The same on ``places`` only. Once an act for each incident; more edits would come to the same."""
    if not uow.once("refresh", number):
        return
    chosen = rooms(uow, number) if places is None else places
    specs = jobs_for(REFRESH, number, chosen, uow.now, {})
    uow.jobs.enqueue(*(_coalesced(uow, spec) for spec in specs))


def rooms(uow: UnitOfWork, number: IncidentId) -> tuple[str, ...]:
    """The platforms that have a room of the incident."""
    return tuple(room.platform for room in uow.rooms.of(number))


def _coalesced(uow: UnitOfWork, spec: JobSpec) -> JobSpec:
    """A refresh waits until two seconds after the last edit of the same message was sent."""
    what = spec.task.removeprefix("refresh_")
    sent = uow.rooms.recall(message_key(spec.incident or 0, str(spec.args["platform"]), what))
    if sent is None or sent.sent_at is None:
        return spec
    return replace(spec, run_at=max(uow.now, sent.sent_at + COALESCE))


def bring_in(uow: UnitOfWork, number: IncidentId) -> None:
    """When due: the rooms invite whoever was told meanwhile."""
    uow.jobs.enqueue(*jobs_for((INVITE,), number, rooms(uow, number), uow.now, {}))


def jobs_for(
    reactions: Iterable[Reaction],
    incident: IncidentId,
    platforms: Iterable[str],
    now: datetime,
    args: Args,
) -> list[JobSpec]:
    """The rows that these reactions come to. Pure."""
    chosen = tuple(platforms)
    return [
        _spec(reaction, incident, platform, now, args)
        for reaction in reactions
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
        queueing_lock=f"{prefix}:{reaction.once}" if reaction.once else None,
        run_at=now + reaction.after,
        incident=incident,
    )

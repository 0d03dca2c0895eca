"""War rooms that people changed by hand, and rooms that came late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.incident import Incident, IncidentId, Mode, Visibility
from bot.domain.people import BOT, SYSTEM
from bot.domain.timeline import Kind
from bot.ports import JobSpec, PlanStep, Queue, UnitOfWork
from bot.services.plans import whisper
from bot.services.reactions import STEPS
from bot.services.recording import changed, message_key, planned, record, room_platforms
from bot.views.card import StepState

# A room that opens so long after the declare is told what it missed.
LATE = timedelta(minutes=2)
# What a new room has anew; the announcement is elsewhere and stays.
_ANEW = tuple(step for step in STEPS if step != "announcement")


def gone(uow: UnitOfWork, number: IncidentId, platform: str, room: str, how: str) -> None:
    """Somebody archived or deleted a war room, or took us out of it: it is said, and while the incident is
    open another one is opened. Idempotent for each room."""
    incident = uow.incidents.lock(number, SYSTEM)
    known = [each for each in uow.rooms.of(number) if (each.platform, each.id) == (platform, room)]
    if not known or not incident.is_open:
        return
    uow.rooms.remove(platform, room)
    uow.rooms.forget(message_key(number, platform, "card"))
    for step in _ANEW:
        state = StepState.RETRYING if step == "room" else StepState.WAITING
        uow.plans.mark(PlanStep(number, platform, step, state, f"the room {how}"))
    words = f"The room {known[0].name} on {platform} {how}. Another one is being opened."
    record(uow, number, BOT, Kind.TROUBLE, words, {"platform": platform, "step": "room"})
    _open(uow, number, platform)
    whisper(uow, incident.lead or incident.reporter, number, "moved", {"text": words})
    changed(uow, number)


def widened(uow: UnitOfWork, before: Incident, after: Incident) -> None:
    """A change of severity or services may give the incident rooms on more platforms: they open. One
    that it would not have any more stays, with what was said there. The caller holds the row."""
    wanted = room_platforms(uow, after)
    if wanted == room_platforms(uow, before) or not after.is_open:
        return
    known = planned(uow, after.id)
    for platform in wanted:
        if platform not in known:
            uow.plans.write(plan_on(after, platform))
            _open(uow, after.id, platform)


def plan_on(incident: Incident, platform: str) -> list[PlanStep]:
    """What a room on this platform takes, all of it still to do."""
    quiet = incident.mode is Mode.RETROSPECTIVE
    announced = incident.visibility is Visibility.PUBLIC and not quiet
    return [
        PlanStep(incident.id, platform, step)
        for step in STEPS
        if announced or step != "announcement"
    ]


def _open(uow: UnitOfWork, number: IncidentId, platform: str) -> None:
    args: dict[str, str | int] = {"incident": number, "platform": platform}
    lane = f"inc{number}:{platform}:room"
    uow.jobs.enqueue(JobSpec("open_room", Queue.ROOM, args, lane, incident=number))


def deleted(uow: UnitOfWork, number: IncidentId, platform: str, what: str) -> None:
    """Somebody deleted the card or the announcement: it is said, and posted again. Idempotent."""
    if uow.rooms.recall(message_key(number, platform, what)) is None:
        return
    uow.rooms.forget(message_key(number, platform, what))
    words = f"The {what} on {platform} was deleted by hand. It is posted again."
    record(uow, number, BOT, Kind.TROUBLE, words, {"platform": platform, "step": what})
    task, queue = ("post_card", Queue.ROOM) if what == "card" else ("announce", Queue.CHAT)
    args: dict[str, str | int] = {"incident": number, "platform": platform}
    uow.jobs.enqueue(JobSpec(task, queue, args, f"inc{number}:{platform}:{what}", incident=number))


def renamed(uow: UnitOfWork, platform: str, room: str, name: str) -> None:
    """Somebody gave a war room another name: links and lists follow. Idempotent."""
    number = uow.rooms.incident_in(platform, room)
    if number is None:
        return
    uow.incidents.lock(number, SYSTEM)
    for known in uow.rooms.of(number):
        if (known.platform, known.id) == (platform, room) and known.name != name:
            uow.rooms.add(number, replace(known, name=name))
            words = f"Renamed by hand from {known.name} to {name}"
            record(uow, number, BOT, Kind.ROOM, words, {"platform": platform})
            changed(uow, number)


def caught_up(uow: UnitOfWork, number: IncidentId, platform: str, room: str) -> None:
    """A room that opened late begins with what happened so far."""
    incident = uow.incidents.get(number, SYSTEM)
    if uow.now - incident.declared_at < LATE or not incident.is_open:
        return
    what = f"late:{room}"
    args: dict[str, str | int] = {"incident": number, "platform": platform, "what": what}
    lane = f"inc{number}:{platform}:{what}"
    uow.jobs.enqueue(JobSpec("say", Queue.CHAT, args, lane, incident=number))

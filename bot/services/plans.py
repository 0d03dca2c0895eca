"""How an incident's plan goes: steps done, steps in trouble, and repair by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from bot.chat import MessageRef, Room, Secrecy
from bot.domain.errors import NotFound
from bot.domain.incident import IncidentId, Visibility
from bot.domain.people import BOT, SYSTEM, Actor, PersonId, Standing, Viewer
from bot.domain.policy import Action, may
from bot.domain.timeline import Kind
from bot.ports import Job, JobSpec, Nudged, PlanStep, Queue, Remembered, UnitOfWork
from bot.services.hiding import blank
from bot.services.paging import refresh_notices
from bot.services.reaching import addresses
from bot.services.reactions import STEPS, TASK_OF_STEP, Event
from bot.services.recording import changed, follow, message_key, record
from bot.views.card import StepState

_OTHER_STEPS = {"seal_room": "Closing the room"}
STEP_OF_TASK = {task: step for step, task in TASK_OF_STEP.items()}


def done(uow: UnitOfWork, number: IncidentId, platform: str, step: str) -> None:
    """Mark a step done; when that ends a trouble that the cards showed, they follow."""
    if uow.plans.done(number, platform, step):
        changed(uow, number)


def _state(uow: UnitOfWork, number: IncidentId, platform: str, step: str) -> StepState | None:
    for known in uow.plans.of(number):
        if (known.platform, known.step) == (platform, step):
            return known.state
    return None


def troubled(uow: UnitOfWork, job: Job, why: str, fix: str) -> None:
    """A step failed: for now (no ``fix``) or for good; the cards show it, and a person is told."""
    number, platform = IncidentId(int(job.args["incident"])), str(job.args["platform"])
    step = STEP_OF_TASK.get(job.task, "")
    state = StepState.FAILED if fix else StepState.RETRYING
    before = _state(uow, number, platform, step)
    if step:
        uow.plans.mark(PlanStep(number, platform, step, state, why))
    if fix:
        text = f"{STEPS.get(step, _OTHER_STEPS.get(job.task, job.task))} on {platform} failed: {why}. {_to_do(fix)}"
        data = {"platform": platform, "step": step}
        record(uow, number, BOT, Kind.TROUBLE, text, data)
        _tell_reporter(uow, number, text)
        if "admin" in fix.casefold():
            _tell_admins(uow, number, why, text)
    if before is not state or fix:
        changed(uow, number)


def left_out(uow: UnitOfWork, number: IncidentId, platform: str, natives: Sequence[str]) -> None:
    """The platform would not let these people be invited: they are named, and the lead is told, once."""
    people = [(uow.people.by_identity(platform, native), native) for native in natives]
    names = ", ".join(person.name if person else native for person, native in people)
    if not _first(uow, number, f"out:{platform}:{names}"):
        return
    text = (
        f"Could not be invited on {platform}: {names}. Invite them by hand, or tell them elsewhere."
    )
    record(uow, number, BOT, Kind.TROUBLE, text, {"platform": platform, "step": "invite"})
    _tell_reporter(uow, number, text)


def stayed(uow: UnitOfWork, job: Job, why: str, fix: str) -> None:
    """Somebody who left a private incident cannot be taken out of its room: a person has to do it."""
    if fix:
        number, platform = IncidentId(int(job.args["incident"])), str(job.args["platform"])
        name = uow.people.name(PersonId(str(job.args["person"])))
        text = f"{name} left and still reads the room on {platform}: {why}. Take them out by hand."
        record(uow, number, BOT, Kind.TROUBLE, text, {"platform": platform})
        _tell_reporter(uow, number, text)


def _tell_admins(uow: UnitOfWork, number: IncidentId, why: str, text: str) -> None:
    """What only an admin can mend reaches every admin, once for each incident and cause."""
    if not _first(uow, number, f"admin:{why}"):
        return
    incident = uow.incidents.get(number, SYSTEM)
    told = incident.lead or incident.reporter
    for person in uow.org.people.values():
        admin = person.standing is Standing.ADMIN and person.id != told
        if admin and _may_know(uow, number, person.id):
            whisper(uow, person.id, number, "trouble", {"text": text})


def _may_know(uow: UnitOfWork, number: IncidentId, person: PersonId) -> bool:
    try:
        uow.incidents.get(number, Viewer(person))
    except NotFound:
        return False
    return True


def _first(uow: UnitOfWork, number: IncidentId, what: str) -> bool:
    """Whether this is the first time that ``what`` is to be told of the incident."""
    cause = f"told:{hashlib.sha256(what.encode()).hexdigest()[:12]}"
    if uow.nudges.get(number, cause).count:
        return False
    uow.nudges.put(number, cause, Nudged(1))
    return True


def _to_do(fix: str) -> str:
    return "Then: /incident repair" if fix == "given up" else f"{fix} Then: /incident repair"


def _tell_reporter(uow: UnitOfWork, number: IncidentId, text: str) -> None:
    incident = uow.incidents.get(number, SYSTEM)
    whisper(uow, incident.lead or incident.reporter, number, "trouble", {"text": text})


def whisper(
    uow: UnitOfWork, person: str, number: IncidentId, what: str, args: dict[str, str | int]
) -> None:
    """Tell one person privately, on every platform where they can be told."""
    for platform in addresses(uow, PersonId(person)):
        uow.jobs.enqueue(
            JobSpec(
                "whisper",
                Queue.CHAT,
                {"incident": number, "platform": platform, "person": person, "what": what, **args},
                lane=f"inc{number}:{platform}:whisper:{person}",
                incident=number,
            )
        )


def room_opened(
    uow: UnitOfWork, number: IncidentId, room: Room, secrecy: Secrecy = Secrecy.INVITED
) -> None:
    """The room exists: everything that needed it follows, and open pages get its link."""
    incident = uow.incidents.lock(number, SYSTEM)
    uow.rooms.add(number, room)
    record(uow, number, BOT, Kind.ROOM, room.name, {"platform": room.platform}, url=room.url)
    done(uow, number, room.platform, "room")
    follow(uow, Event.ROOM_OPENED, incident.id, (room.platform,))
    # What is posted from now on is read after this; what stands already is to show the new room.
    again = uow.rooms.recall(message_key(number, room.platform, "announcement"))
    standing = (known.platform for known in uow.rooms.of(number))
    stale = tuple(name for name in standing if again or name != room.platform)
    follow(uow, Event.CHANGED, number, stale)
    if secrecy is Secrecy.OPEN and incident.visibility is Visibility.PRIVATE:
        follow(uow, Event.HIDDEN, number, (room.platform,))  # it became private meanwhile
    for page in uow.pages.of(number):
        refresh_notices(uow, page)


def posted(
    uow: UnitOfWork, number: IncidentId, what: str, ref: MessageRef, digest: str, mark: str = ""
) -> None:
    """A card or an announcement is out: remember it, so that it is edited from now on."""
    key = message_key(number, ref.platform, what)
    uow.rooms.remember(Remembered(key, ref, number, uow.now, digest, mark))
    done(uow, number, ref.platform, what)
    if what == "card":
        follow(uow, Event.CARD_POSTED, number, (ref.platform,))
    elif uow.incidents.get(number, SYSTEM).visibility is Visibility.PRIVATE:
        blank(uow, number, ref.platform, key)  # it became private meanwhile


def edited(uow: UnitOfWork, key: str, digest: str) -> None:
    known = uow.rooms.recall(key)
    if known is not None:
        uow.rooms.remember(replace(known, sent_at=uow.now, digest=digest))


def repair(uow: UnitOfWork, actor: Actor, number: IncidentId) -> int:
    """Run again what failed for good. Returns how many jobs start again. Idempotent."""
    may(actor, Action.REPAIR)
    uow.incidents.lock(number, actor.viewer)
    dead = uow.jobs.dead(number)
    for found in dead:
        step = STEP_OF_TASK.get(found.job.task)
        if step:
            platform = str(found.job.args["platform"])
            uow.plans.mark(PlanStep(number, platform, step, StepState.RETRYING, found.error))
    return uow.jobs.replay(found.job.id for found in dead)

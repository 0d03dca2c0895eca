"""How an incident's plan goes: steps done, steps in trouble, and repair by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.chat.card import StepState
from bot.core.chat.remembered import Remembered
from bot.core.chat.vocabulary import MessageRef, Room, Secrecy
from bot.core.events.base import Said, Word
from bot.core.incident import IncidentId
from bot.core.people import BOT, SYSTEM, Actor, PersonId
from bot.core.permissions import Action, may
from bot.core.ports.jobs import Job
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.plan import STEPS, TASK_OF_STEP, PlanStep
from bot.messages.keys import message_key
from bot.messages.service import first
from bot.warrooms.events import (
    LivingMessage,
    MessageNotSent,
    MessagePosted,
    PeopleLeftOut,
    PersonStayed,
    RoomOpened,
    StepDone,
    StepFailed,
    StepRetrying,
    StepsRepaired,
)

_OTHER_STEPS = {"seal_room": "Closing the room"}
STEP_OF_TASK = {task: step for step, task in TASK_OF_STEP.items()}


def done(uow: UnitOfWork, number: IncidentId, platform: str, step: str) -> None:
    """Mark a step done; when that ends a trouble that the cards showed, they follow."""
    if uow.plans.done(number, platform, step):
        incident = uow.incidents.get(number, SYSTEM)
        uow.happened(StepDone(uow.now, BOT, incident, Word(platform), Word(step)))


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
    about = (uow.now, BOT, uow.incidents.get(number, SYSTEM), Word(platform), Word(step))
    if fix:
        name = STEPS.get(step, _OTHER_STEPS.get(job.task, job.task))
        text = f"{name} on {platform} failed: {why}. {_to_do(fix)}"
        admins = "admin" in fix.casefold()
        uow.happened(StepFailed(*about, Said(why), Said(text), for_admins=admins))
    elif before is not state:
        uow.happened(StepRetrying(*about))


def left_out(uow: UnitOfWork, number: IncidentId, platform: str, natives: Sequence[str]) -> None:
    """The platform would not let these people be invited: they are named, and the lead is told, once."""
    people = [(uow.people.by_identity(platform, native), native) for native in natives]
    names = ", ".join(person.name if person else native for person, native in people)
    if not first(uow, number, f"out:{platform}:{names}"):
        return
    text = Said(
        f"Could not be invited on {platform}: {names}. Invite them by hand, or tell them elsewhere."
    )
    incident = uow.incidents.get(number, SYSTEM)
    uow.happened(PeopleLeftOut(uow.now, BOT, incident, Word(platform), text))


def stayed(uow: UnitOfWork, job: Job, why: str, fix: str) -> None:
    """Somebody who left a private incident cannot be taken out of its room: a person has to do it."""
    if fix:
        number, platform = IncidentId(int(job.args["incident"])), Word(str(job.args["platform"]))
        person = PersonId(str(job.args["person"]))
        name = uow.people.name(person)
        text = f"{name} left and still reads the room on {platform}: {why}. Take them out by hand."
        incident = uow.incidents.get(number, SYSTEM)
        uow.happened(PersonStayed(uow.now, BOT, incident, platform, person, Said(text)))


def unsent(uow: UnitOfWork, job: Job, why: str, fix: str) -> None:
    """A message too small for the plan: it stays among the dead rows, and on the timeline."""
    if fix and job.incident is not None:
        incident = uow.incidents.get(job.incident, SYSTEM)
        platform = Word(str(job.args["platform"]))
        uow.happened(MessageNotSent(uow.now, BOT, incident, platform, Said(why)))


def _to_do(fix: str) -> str:
    return "Then: /incident repair" if fix == "given up" else f"{fix} Then: /incident repair"


def room_opened(
    uow: UnitOfWork, number: IncidentId, room: Room, secrecy: Secrecy = Secrecy.INVITED
) -> None:
    """The room exists: everything that needed it follows, and open pages get its link."""
    incident = uow.incidents.lock(number, SYSTEM)
    uow.rooms.add(number, room)
    done(uow, number, room.platform, "room")
    uow.happened(RoomOpened(uow.now, BOT, incident, room, secrecy))


def posted(
    uow: UnitOfWork, number: IncidentId, what: str, ref: MessageRef, digest: str, mark: str = ""
) -> None:
    """A card or an announcement is out: remember it, so that it is edited from now on."""
    key = message_key(number, ref.platform, what)
    uow.rooms.remember(Remembered(key, ref, number, uow.now, digest, mark))
    done(uow, number, ref.platform, what)
    incident = uow.incidents.get(number, SYSTEM)
    uow.happened(MessagePosted(uow.now, BOT, incident, Word(ref.platform), LivingMessage(what)))


def edited(uow: UnitOfWork, key: str, digest: str) -> None:
    known = uow.rooms.recall(key)
    if known is not None:
        uow.rooms.remember(replace(known, sent_at=uow.now, digest=digest))


def repair(uow: UnitOfWork, actor: Actor, number: IncidentId) -> int:
    """Run again what failed for good. Returns how many jobs start again. Idempotent."""
    may(actor, Action.REPAIR)
    incident = uow.incidents.lock(number, actor.viewer)
    dead = uow.jobs.dead(number)
    for found in dead:
        step = STEP_OF_TASK.get(found.job.task)
        if step:
            platform = str(found.job.args["platform"])
            uow.plans.mark(PlanStep(number, platform, step, StepState.RETRYING, found.error))
    started = uow.jobs.replay(found.job.id for found in dead)
    if started:
        uow.happened(StepsRepaired(uow.now, actor, incident, started))
    return started

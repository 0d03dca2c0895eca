"""Settles what the bot has asked for, or asks again when it is taken back; sets the timer of a promised update."""

from __future__ import annotations

from bot.core.bus import Handler, on
from bot.core.incident import IncidentId, Role
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.events import Declared, MajorChanged, PromiseChanged, RoleGiven, SeverityChanged
from bot.incidents.nudge import Cause
from bot.incidents.nudges.promises import remind

# The roles that the room is asked for while nobody has them.
_ASKED_FOR = {Role.COMMANDER: Cause.LEAD, Role.COMMUNICATIONS: Cause.ROLE}


def severity_is_said(uow: UnitOfWork, event: SeverityChanged) -> None:
    """Answers "How bad is it?"."""
    _answered(uow, event.incident.id, Cause.SEVERITY)


def role_is_given(uow: UnitOfWork, event: RoleGiven) -> None:
    """Answers who leads and who has communications."""
    if event.role in _ASKED_FOR:
        _answered(uow, event.incident.id, _ASKED_FOR[event.role])


def role_is_needed(uow: UnitOfWork, event: MajorChanged) -> None:
    """A major incident needs communications; of others the bot does not ask it."""
    _answered(uow, event.incident.id, Cause.ROLE)


def _answered(uow: UnitOfWork, number: IncidentId, cause: Cause) -> None:
    """The messages that asked for it say what is there now, and lose their buttons; where it was taken back they
    ask again."""
    asked = uow.nudges.get(number, cause).count
    for platform in (room.platform for room in uow.rooms.of(number) if asked):
        for what in (f"{cause}:{nth}" for nth in range(asked)):
            key = f"inc{number}:{platform}:{what}"
            values: dict[str, str | int] = {"incident": number, "platform": platform, "what": what}
            uow.jobs.enqueue(JobSpec("refresh_said", Queue.CHAT, values, key, incident=number))


def keep_the_promise(uow: UnitOfWork, event: Declared | PromiseChanged) -> None:
    """The timer of what is promised now."""
    remind(uow, event.incident)


HANDLERS: tuple[Handler, ...] = (
    on(SeverityChanged, run=severity_is_said),
    on(RoleGiven, run=role_is_given),
    on(MajorChanged, run=role_is_needed),
    on(Declared, PromiseChanged, run=keep_the_promise),
)

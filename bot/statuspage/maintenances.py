"""Planned maintenance: announced after a preview; begun and ended by hand, or by itself when its time comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.chat.title import clean_title, shortened
from bot.core.errors import Invalid
from bot.core.people import BOT, Actor, PersonId, ServiceId
from bot.core.permissions import Action, may
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.times.when import Period
from bot.statuspage import maintenance as moves
from bot.statuspage.events import MaintenanceChanged, MaintenanceEnding
from bot.statuspage.maintenance import Maintenance, MaintenanceId, Phase, Told, sentence
from bot.statuspage.service import TITLE_LIMIT, new_id

# How long before the planned end whoever planned it is asked whether it holds.
NOTICE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned. ``title`` is as typed, and customers read it."""

    title: str
    services: tuple[ServiceId, ...]
    hours: Period


def preview(uow: UnitOfWork, actor: Actor, plan: Plan) -> Maintenance:
    """What customers would read, and nothing changed. Raises ``Invalid``."""
    may(actor, Action.MAINTENANCE)
    if plan.hours.end <= uow.now:
        raise Invalid("That time is past. Say when: /incident maintenance … fri 22:00-23:00")
    components = _components(uow, plan.services)
    planned = Maintenance(
        MaintenanceId(0), new_id(), shortened(clean_title(plan.title), TITLE_LIMIT), components,
        plan.hours.start, plan.hours.end, actor.id, uow.now,
    )  # fmt: skip
    return moves.announced(planned, _told(uow, planned, Phase.SCHEDULED))


def _components(uow: UnitOfWork, services: tuple[ServiceId, ...]) -> tuple[str, ...]:
    """The public components of the services. Raises ``Invalid`` for a service that customers do not see."""
    found = [(name, uow.org.services[name].component) for name in services]
    unseen = [f"#{name}" for name, component in found if component not in uow.org.components]
    if unseen:
        raise Invalid(
            f"Customers do not see {', '.join(unseen)} on the status page. Name other services, or none."
        )
    return tuple(dict.fromkeys(str(component) for _, component in found))


def plan(uow: UnitOfWork, actor: Actor, wanted: Plan) -> Maintenance:
    """Announce it to customers. Not idempotent: see deliveries. What has begun begins at once."""
    made = uow.maintenances.add(preview(uow, actor, wanted))
    _happened(uow, actor, None, made)
    if made.begins <= uow.now:
        began = moves.begun(made, actor.id, _told(uow, made, Phase.IN_PROGRESS))
        return _saved(uow, actor, made, began)
    return made


def begin(uow: UnitOfWork, actor: Actor, number: MaintenanceId) -> Maintenance:
    """Now, before its time. Raises ``NotFound`` or ``IllegalMove``, as the three below."""
    found = _held(uow, actor, number)
    done = moves.begun(found, actor.id, _told(uow, found, Phase.IN_PROGRESS))
    return _saved(uow, actor, found, done)


def complete(uow: UnitOfWork, actor: Actor, number: MaintenanceId) -> Maintenance:
    """Now, before its time."""
    found = _held(uow, actor, number)
    done = moves.completed(found, actor.id, _told(uow, found, Phase.COMPLETED))
    return _saved(uow, actor, found, done)


def cancel(uow: UnitOfWork, actor: Actor, number: MaintenanceId) -> Maintenance:
    """It does not take place; customers who read of it are told so."""
    found = _held(uow, actor, number)
    done = moves.cancelled(found, actor.id, _told(uow, found, Phase.CANCELLED))
    return _saved(uow, actor, found, done)


def extend(uow: UnitOfWork, actor: Actor, number: MaintenanceId, length: timedelta) -> Maintenance:
    """It ends ``length`` later than planned."""
    found = _held(uow, actor, number)
    until = found.ends + length
    words = f"It takes longer than planned: until {until:%d %B, %H:%M} UTC."
    told = Told(new_id(), found.phase, words, uow.now)
    return _saved(uow, actor, found, moves.longer(found, actor.id, until, told))


def turn(uow: UnitOfWork, number: MaintenanceId, due: int) -> None:
    """A moment of its plan has come: it begins, it is asked about, it ends, if that still applies. One that
    is no longer than the notice is not asked about: it has only just begun."""
    found = uow.maintenances.lock(number)
    if found.phase is Phase.SCHEDULED and found.begins <= uow.now:
        began = moves.begun(found, None, _told(uow, found, Phase.IN_PROGRESS))
        found = _saved(uow, BOT, found, began)
    if found.phase is Phase.IN_PROGRESS and found.ends <= uow.now:
        done = moves.completed(found, None, _told(uow, found, Phase.COMPLETED))
        _saved(uow, BOT, found, done)
    elif found.phase is Phase.IN_PROGRESS and due == _stamp(found.ends - NOTICE) > _stamp(
        found.begins
    ):
        uow.happened(MaintenanceEnding(uow.now, BOT, found))


def _held(uow: UnitOfWork, actor: Actor, number: MaintenanceId) -> Maintenance:
    may(actor, Action.MAINTENANCE)
    return uow.maintenances.lock(number)


def _saved(uow: UnitOfWork, actor: Actor, before: Maintenance, after: Maintenance) -> Maintenance:
    uow.maintenances.save(after)
    _happened(uow, actor, before.phase, after)
    return after


def _happened(uow: UnitOfWork, actor: Actor, before: Phase | None, after: Maintenance) -> None:
    by_itself = actor == BOT
    uow.happened(MaintenanceChanged(uow.now, actor, after, before, after.phase, by_itself))


def _told(uow: UnitOfWork, found: Maintenance, phase: Phase) -> Told:
    return Told(new_id(), phase, sentence(phase, names_of(uow, found), found.ends), uow.now)


def arm(uow: UnitOfWork, found: Maintenance) -> None:
    """A timer for each moment that is still to come; when due they look whether they still apply."""
    for at in (found.begins, found.ends - NOTICE, found.ends):
        if at > uow.now:
            args: dict[str, str | int] = {"maintenance": found.number, "at": _stamp(at)}
            once = f"maintenance:{found.number}:{_stamp(at)}"
            uow.jobs.enqueue(
                JobSpec("maintenance", Queue.TIMER, args, run_at=at, queueing_lock=once)
            )


def _stamp(at: datetime) -> int:
    return int(at.timestamp())


def names_of(uow: UnitOfWork, found: Maintenance) -> tuple[str, ...]:
    """The components' public names."""
    return tuple(uow.org.components[c].name for c in found.components if c in uow.org.components)


def planner(uow: UnitOfWork, actor: Actor, number: MaintenanceId) -> tuple[PersonId, str]:
    """Whoever planned it, and how they are called. Raises ``NotFound``."""
    found = _held(uow, actor, number)
    return found.made_by, uow.people.name(found.made_by)

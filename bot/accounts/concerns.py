"""What concerns one person."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.incident import Filter
from bot.core.people import Actor
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.cards import Facts
from bot.incidents.reads import listed
from bot.oncall.engine.coverage import on_call
from bot.oncall.schedules import schedule_of
from bot.tasks.model import Task


@dataclass(frozen=True, slots=True)
class Concerning:
    """What concerns one person; ``on_call`` names schedules."""

    incidents: tuple[Facts, ...]
    tasks: tuple[Task, ...]
    on_call: tuple[str, ...]


def concerning(uow: UnitOfWork, actor: Actor) -> Concerning:
    """The person's open incidents, unfinished tasks and present turns on call."""
    mine = Filter(open_only=True, member=actor.id)
    tasks = tuple(uow.tasks.owned_by(actor.id, actor.viewer))
    turns = (
        name for name in uow.org.schedules if actor.id in on_call(schedule_of(uow, name), uow.now)
    )
    return Concerning(listed(uow, mine, actor.viewer), tasks, tuple(sorted(turns)))

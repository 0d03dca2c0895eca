"""What the incident pages show: lists with filters, one incident with everything, tasks, who is on call.

Every read takes a viewer; names come along, so that a page asks once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.incident import Filter, Incident, IncidentId
from bot.core.people import PersonId, Viewer
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.cards import PageFact
from bot.incidents.facts import page_fact
from bot.incidents.plan import PlanStep
from bot.incidents.reads import member_names
from bot.oncall.engine.coverage import on_call, shifts
from bot.oncall.schedules import schedule_of
from bot.statuspage.model import Publication
from bot.tasks.model import Horizon, Task
from bot.timeline.reads import Story, story

PAGE = 50
AHEAD = timedelta(days=14)
SHIFTS = 10


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of incidents, newest first; ``older`` is where the next one begins, or None."""

    incidents: tuple[Incident, ...]
    names: dict[PersonId, str]
    older: IncidentId | None


def page_of(uow: UnitOfWork, wanted: Filter, viewer: Viewer) -> Listed:
    """``wanted.limit`` rows; one more is asked for, to know whether there are older ones."""
    asked = Filter(
        wanted.open_only, wanted.member, wanted.words, wanted.status, wanted.severity,
        wanted.service, wanted.before, wanted.limit + 1,
    )  # fmt: skip
    found = uow.incidents.find(asked, viewer)
    shown = tuple(found[: wanted.limit])
    older = shown[-1].id if len(found) > len(shown) else None
    return Listed(shown, _names(uow, (i.lead for i in shown)), older)


@dataclass(frozen=True, slots=True)
class FullIncident:
    """One incident with everything about it."""

    story: Story
    people: dict[PersonId, str]
    names: dict[PersonId, str]
    tasks: tuple[Task, ...]
    plan: tuple[PlanStep, ...]
    pages: tuple[PageFact, ...]
    rooms: tuple[tuple[str, str], ...]
    stuck: tuple[tuple[str, str, datetime], ...]
    published: Publication | None


def full_incident(uow: UnitOfWork, number: IncidentId, viewer: Viewer) -> FullIncident:
    """Raises ``NotFound`` for what the viewer may not see."""
    told = story(uow, number, viewer)
    tasks = tuple(uow.tasks.of(number))
    pages = tuple(page_fact(uow, page) for page in uow.pages.of(number))
    people = member_names(uow, number)
    named = {*people, *(t.owner for t in tasks), *told.incident.roles.values()}
    named |= {who for page in pages for who in (*page.who, page.by)} | {told.incident.reporter}
    return FullIncident(
        told,
        people,
        _names(uow, named),
        tasks,
        tuple(uow.plans.of(number)),
        pages,
        tuple((f"{r.platform}: #{r.name}", r.url) for r in uow.rooms.of(number)),
        tuple((dead.job.task, dead.error, dead.at) for dead in uow.jobs.dead(number)),
        uow.status.of(number),
    )


@dataclass(frozen=True, slots=True)
class ToDo:
    """Unfinished tasks or follow-ups, the newest first, with the titles of their incidents."""

    tasks: tuple[Task, ...]
    titles: dict[IncidentId, str]
    names: dict[PersonId, str]


def to_do(uow: UnitOfWork, viewer: Viewer, horizon: Horizon, owner: PersonId | None) -> ToDo:
    """Of one owner, or everybody's."""
    tasks = tuple(uow.tasks.unfinished(viewer, horizon, owner, 200))
    incidents = {t.incident: uow.incidents.get(t.incident, viewer) for t in tasks}
    titles = {number: incident.title for number, incident in incidents.items()}
    return ToDo(tasks, titles, _names(uow, (t.owner for t in tasks)))


@dataclass(frozen=True, slots=True)
class Duty:
    """A schedule: who is on call now, and the changes of the next two weeks."""

    name: str
    timezone: str
    now: tuple[str, ...]
    coming: tuple[tuple[datetime, datetime, str], ...]


def duties(uow: UnitOfWork) -> list[Duty]:
    """Every schedule as it stands, by name, what was changed in chat included."""
    return [_duty(uow, name) for name in sorted(uow.org.schedules)]


def _duty(uow: UnitOfWork, name: str) -> Duty:
    schedule = schedule_of(uow, name)
    now = tuple(uow.people.name(who) for who in sorted(on_call(schedule, uow.now)))
    ahead = shifts(schedule, uow.now, uow.now + AHEAD)[:SHIFTS]
    coming = tuple((s.start, s.end, uow.people.name(s.person)) for s in ahead)
    return Duty(name, schedule.timezone, now, coming)


def _names(uow: UnitOfWork, people: Iterable[PersonId | None] | Sequence[PersonId]) -> dict[PersonId, str]:  # fmt: skip
    return {person: uow.people.name(person) for person in sorted({p for p in people if p})}

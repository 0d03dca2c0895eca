"""The whole record of one incident, for an export: everything kept of it that its reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.core.chat.vocabulary import Room
from bot.core.escalation import Notice, Page
from bot.core.incident import Incident, IncidentId, Membership
from bot.core.people import PersonId, Viewer
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Entry
from bot.incidents.plan import PlanStep
from bot.statuspage.model import Publication
from bot.tasks.model import Task
from bot.timeline.reads import redact_merge_target


@dataclass(frozen=True, slots=True)
class Paged:
    """A page, and who was told of it on which platform."""

    page: Page
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """``timeline`` is unfolded, as it was appended; ``names`` are of everybody who occurs."""

    incident: Incident
    timeline: tuple[Entry, ...]
    members: Mapping[PersonId, Membership]
    subscribers: tuple[PersonId, ...]
    tasks: tuple[Task, ...]
    pages: tuple[Paged, ...]
    rooms: tuple[Room, ...]
    plan: tuple[PlanStep, ...]
    publication: Publication | None
    names: Mapping[PersonId, str]


def record_of(uow: UnitOfWork, number: IncidentId, viewer: Viewer) -> Record:
    """Equal memory gives an equal record, whichever database keeps it. Raises ``NotFound``."""
    known = uow.incidents.get(number, viewer)
    incident = redact_merge_target(uow, known, viewer)
    entries = tuple(uow.timeline.of(number, viewer))
    if incident.merged_into != known.merged_into:
        entries = tuple(_unnamed(entry) for entry in entries)
    members = uow.incidents.members(number)
    pages = tuple(Paged(page, _notices(uow, page)) for page in uow.pages.of(number))
    tasks = tuple(uow.tasks.of(number))
    people = {incident.reporter, *incident.roles.values(), *members}
    people |= {entry.author for entry in entries if entry.author}
    people |= {notice.person for paged in pages for notice in paged.notices}
    people |= {who for task in tasks for who in (task.created_by, task.owner, task.done_by) if who}
    return Record(
        incident,
        entries,
        dict(sorted(members.items())),
        tuple(sorted(uow.incidents.subscribers(number))),
        tasks,
        pages,
        tuple(sorted(uow.rooms.of(number), key=lambda room: (room.platform, room.id))),
        tuple(sorted(uow.plans.of(number), key=lambda step: (step.platform, step.step))),
        uow.status.of(number),
        {person: uow.people.name(person) for person in sorted(people)},
    )


def _unnamed(entry: Entry) -> Entry:
    """Without the number of what it was merged into."""
    return replace(entry, data={key: said for key, said in entry.data.items() if key != "into"})


def _notices(uow: UnitOfWork, page: Page) -> tuple[Notice, ...]:
    found = uow.pages.notices(page.id)
    return tuple(sorted(found, key=lambda n: (n.level, n.person, n.platform)))

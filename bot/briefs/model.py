"""Briefs made from the timeline by rules alone: the same log gives the same brief.

A brief is headings with statements; a statement is text with, perhaps, the instant it is about. Views
decide how instants are shown: to people inside in their own zone, to customers in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.incident import Incident, Status
from bot.core.people import PersonId
from bot.core.timeline import Entry, Kind
from bot.statuspage.model import PublicUpdate, proposal, public_status
from bot.tasks.model import Horizon, Task


class Audience(StrEnum):
    EXEC = "exec"
    TACTICAL = "tactical"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Statement:
    """One line. ``at`` is UTC; ``who`` the person it is about."""

    text: str
    at: datetime | None = None
    who: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    title: str
    sections: tuple[Section, ...]


# What somebody who comes back wants to know; chatter and the bot's own doings are left out.
_NEWS = (
    Kind.STATUS, Kind.SEVERITY, Kind.MAJOR, Kind.ROLE, Kind.UPDATE, Kind.DECISION, Kind.NOTE, Kind.IMPACT,
    Kind.SUMMARY, Kind.TITLE, Kind.PUBLISHED, Kind.PAUSED, Kind.RESUMED, Kind.MERGED, Kind.UNREACHED,
    Kind.MESSAGE, Kind.TASK_DONE,
)  # fmt: skip
_NEWS_AT_MOST = 12
_FEW = 5


def since_left(entries: Iterable[Entry], reader: PersonId) -> datetime | None:
    """When the reader last did anything in the incident; None for somebody who never did."""
    return max((e.recorded_at for e in entries if e.author == reader), default=None)


def news(entries: Sequence[Entry], since: datetime | None) -> list[Entry]:
    """What happened since, oldest first; the most recent dozen."""
    later = [e for e in entries if e.kind in _NEWS and (since is None or e.recorded_at > since)]
    return later[-_NEWS_AT_MOST:]


def exec_brief(incident: Incident, entries: Sequence[Entry], tasks: Sequence[Task]) -> Brief:
    """Status, overview, next steps: for those who decide."""
    standing = [Statement(_standing(incident)), *_lead(incident)]
    began = incident.times.get(Status.INVESTIGATING, incident.declared_at)
    overview = [Statement("Began", began)]
    overview += [Statement(words) for words in (incident.summary, incident.impact) if words]
    overview += _last(entries, Kind.UPDATE, 1)
    steps = [Statement(task.text, task.due_at, task.owner) for task in _open(tasks)[:_FEW]]
    if incident.next_update_at and incident.is_open:
        steps.append(Statement("Next update", incident.next_update_at))
    return Brief(f"{incident.reference}: {incident.title}", (
        Section("Status", tuple(standing)),
        Section("Overview", tuple(overview)),
        Section("Next steps", tuple(steps) or (Statement("None recorded."),)),
    ))  # fmt: skip


def tactical_brief(incident: Incident, entries: Sequence[Entry], tasks: Sequence[Task]) -> Brief:
    """Conditions, actions, needs: for those who come to work on it."""
    conditions = [Statement(_standing(incident)), *_lead(incident)]
    conditions += [Statement(incident.impact)] if incident.impact else []
    conditions += _last(entries, Kind.NOTE, _FEW)
    actions = [*_last(entries, Kind.DECISION, _FEW), *_last(entries, Kind.TASK_DONE, _FEW)]
    needs = [Statement(t.text, t.due_at, t.owner) for t in _open(tasks)]
    needs += [Statement("A lead")] if incident.lead is None and incident.is_open else []
    return Brief(f"{incident.reference}: {incident.title}", (
        Section("Conditions", tuple(conditions)),
        Section("Actions", tuple(sorted(actions, key=_moment)) or (Statement("None recorded."),)),
        Section("Needs", tuple(needs) or (Statement("Nothing recorded."),)),
    ))  # fmt: skip


def customer_brief(
    incident: Incident, components: Sequence[str], updates: Sequence[PublicUpdate]
) -> Brief:
    """What customers may read: public names of components, the status, what was published. Nothing that
    somebody typed inside stands here, so no name, no service and no person can."""
    began = incident.times.get(Status.INVESTIGATING, incident.declared_at)
    status = public_status(incident.status)
    said = [Statement(proposal(status, components)), Statement("Began", began)]
    resolved = incident.times.get(Status.RESOLVED)
    if resolved is not None and not incident.is_open:
        said.append(Statement("Resolved", resolved))
    told = [Statement(update.body, update.at) for update in updates[-_FEW:]]
    sections = [Section("Now", tuple(said))]
    sections += [Section("Updates so far", tuple(told))] if told else []
    names = ", ".join(components) or "our service"
    return Brief(f"Problem with {names}", tuple(sections))


def _standing(incident: Incident) -> str:
    severity = incident.severity.label if incident.severity else "severity not set"
    status = "paused" if incident.paused_at else incident.status.value
    reason = f" ({incident.pause_reason})" if incident.pause_reason else ""
    major = ", major" if incident.is_major else ""
    return f"{status.capitalize()}{reason}, {severity}{major}."


def _lead(incident: Incident) -> list[Statement]:
    return [Statement("Lead", who=incident.lead)] if incident.lead else []


def _last(entries: Sequence[Entry], kind: Kind, count: int) -> list[Statement]:
    found = [e for e in entries if e.kind is kind][-count:]
    return [Statement(e.text, e.happened_at) for e in found]


def _open(tasks: Sequence[Task]) -> list[Task]:
    """Tasks before follow-ups, each by number."""
    left = [t for t in tasks if t.done_at is None]
    return sorted(left, key=lambda t: (t.horizon is Horizon.FOLLOWUP, t.number))


def _moment(statement: Statement) -> float:
    return statement.at.timestamp() if statement.at else 0.0

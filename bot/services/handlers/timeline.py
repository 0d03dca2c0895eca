"""The timeline writes down what it hears: one line an event, or the reason why it has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.bus import Handler, on
from bot.domain.incident import Status
from bot.domain.tasks import Horizon
from bot.domain.timeline import Kind
from bot.events import incidents as facts
from bot.events import paging, public, warrooms, working
from bot.events.base import IncidentEvent
from bot.events.incidents import Description, Way
from bot.ports import UnitOfWork
from bot.services.recording import entered

# An update's words; who reads the timeline finds there what was said, to whom.
INTERNAL, PUBLIC = "internal", "public"


@dataclass(frozen=True, slots=True)
class Line:
    """What an event comes to on the timeline."""

    kind: Kind
    text: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    source: str = ""


def _declared(event: facts.Declared) -> Line:
    incident = event.incident
    data = {"severity": incident.severity.label} if incident.severity else {}
    if incident.services:
        data["services"] = ", ".join(incident.services)
    if incident.lead:
        data["lead"] = incident.lead
    return Line(Kind.DECLARED, incident.title, data)


def _status(event: facts.StatusChanged) -> Line:
    data = {"from": event.before.value, "to": event.after.value}
    if event.after is Status.MERGED:
        data["into"] = str(event.incident.merged_into)
    return Line(Kind.STATUS, "" if event.in_update else event.why, data)


def _severity(event: facts.SeverityChanged) -> Line:
    labels = [severity.label if severity else "" for severity in (event.before, event.after)]
    return Line(Kind.SEVERITY, "", dict(zip(("from", "to"), labels, strict=True)))


def _major(event: facts.MajorChanged) -> Line | None:
    if event.by_severity:
        return None  # the severity's line says it
    return Line(Kind.MAJOR, "", {"to": "yes" if event.after else "no"})


_DESCRIBES = {
    Description.TITLE: Kind.TITLE,
    Description.SUMMARY: Kind.SUMMARY,
    Description.IMPACT: Kind.IMPACT,
}


def _services(event: facts.ServicesChanged) -> Line:
    new = [service for service in event.after if service not in event.before]
    return Line(Kind.SERVICES, ", ".join(new), {"services": ", ".join(event.after)})


def _time(event: facts.TimeCorrected) -> Line:
    at = {"at": event.after.isoformat(), "from": event.before.isoformat()}
    return Line(Kind.TIME, "", {"status": event.status.value, **at})


def _role(event: facts.RoleGiven) -> Line:
    data = {"role": event.role.value, "person": event.after or "", "from": event.before or ""}
    return Line(Kind.ROLE, "", data)


def _people(event: facts.PeopleAdded) -> Line | None:
    match event.way:
        case Way.JOINED:
            return Line(Kind.JOINED)
        case Way.INVITED:
            return Line(Kind.INVITED, "", {"people": ", ".join(event.people)})
        case _:
            return None  # the role, the merge, the page or its answer has a line of its own


def _task(event: working.TaskAdded) -> Line:
    data = {"number": str(event.number)}
    if event.owner:
        data["owner"] = event.owner
    if event.due:
        data["due"] = event.due.isoformat()
    kind = Kind.TASK if event.horizon is Horizon.TASK else Kind.FOLLOWUP
    return Line(kind, event.text, data, source=event.source)


def _confirmed(event: working.FixConfirmed) -> Line:
    return Line(Kind.CONFIRMED, "", {"for": event.requester} if event.requester else {})


_ON_PAGE = {
    paging.Why.UNANSWERED: "Nobody acknowledged",
    paging.Why.BY_HAND: "by hand",
    paging.Why.NO_SECOND_SIGN: "No second sign from {who}; the page opens again",
    paging.Why.SNOOZE_OVER: "The snooze is over",
    paging.Why.HANDED: "handed to {who}",
}


def _ids(event: paging.PageEvent, level: int) -> dict[str, str]:
    return {"page": str(event.page.id), "level": str(level)}


def _escalated(event: paging.PageEscalated) -> Line:
    data = _ids(event, event.level)
    if event.direction is not None:
        data["direction"] = event.direction.value
    return Line(Kind.ESCALATED, _ON_PAGE[event.why].replace("{who}", event.who), data)


def _passed_over(event: paging.StepPassedOver) -> Line:
    return Line(Kind.ESCALATED, f"{event.targets} reaches nobody", _ids(event, event.level))


def _paged(event: paging.PersonPaged) -> Line:
    return Line(Kind.PAGED, event.page.text, {**_ids(event, event.level), "person": event.person})


def _catch_all(event: paging.CatchAllTold) -> Line:
    data = {**_ids(event, event.level), "people": ", ".join(event.people)}
    return Line(Kind.UNREACHED, f"Catch-all told: {event.names}", data)


def _snoozed(event: paging.PageSnoozed) -> Line:
    words = f"Snoozed the page for {event.minutes} min"
    return Line(Kind.NOTE, words, _ids(event, event.page.level))


def _unsent(event: paging.NoticeFailed) -> Line:
    data = {**_ids(event, event.level), "person": event.person, "platform": event.platform}
    return Line(Kind.TROUBLE, f"Page not sent: {event.why}", data)


def _trouble(event: Any, step: str = "") -> Line:
    data = {"platform": event.platform, "step": step} if step else {"platform": event.platform}
    return Line(Kind.TROUBLE, event.words, data)


def _deleted(event: warrooms.MessageDeleted) -> Line:
    words = f"The {event.what} on {event.platform} was deleted by hand. It is posted again."
    return Line(Kind.TROUBLE, words, {"platform": event.platform, "step": event.what})


def _renamed(event: warrooms.RoomRenamed) -> Line:
    words = f"Renamed by hand from {event.before} to {event.after}"
    return Line(Kind.ROOM, words, {"platform": event.platform})


def _filed(event: warrooms.RoomFiled) -> Line:
    words = f"The room on {event.platform} was written down and removed, to make place"
    return Line(Kind.ROOM, words, {"platform": event.platform}, event.url)


# How an event is written down, or why it is not.
Lines = Mapping[type[IncidentEvent], Callable[[Any], Line | None] | str]

# What happens to an incident itself.
INCIDENT_LINES: Lines = {
    facts.Declared: _declared,
    facts.StatusChanged: _status,
    facts.SeverityChanged: _severity,
    facts.MajorChanged: _major,
    facts.ServicesChanged: _services,
    facts.DescriptionChanged: lambda e: Line(_DESCRIBES[e.what], e.after, {"from": e.before}),
    facts.TimeCorrected: _time,
    facts.Paused: lambda e: Line(Kind.PAUSED, e.why),
    facts.Resumed: lambda e: None if e.by_status else Line(Kind.RESUMED),
    facts.PromiseChanged: "The next update is promised by what has its own line.",
    facts.PromiseBroken: "The card shows it, and the room is told.",
    facts.MergedInto: "The status's line names where the work goes on.",
    facts.TookOver: lambda e: Line(Kind.MERGED, f"INC-{e.source}", {"source": str(e.source)}),
    facts.SeparatedFrom: "The line that named the other is struck out.",
    facts.VisibilityChanged: lambda e: Line(Kind.VISIBILITY, e.seen, {"to": e.after.value}),
    facts.RoleGiven: _role,
    facts.PeopleAdded: _people,
    facts.PersonLeft: lambda e: Line(Kind.LEFT),
    facts.SubscriptionChanged: "Who listens is nobody's business but theirs.",
    facts.EntryWritten: "The fact is the entry itself.",
    facts.EntryAmended: "The fact is the entry that supersedes.",
    facts.ActUndone: "The facts are the entries that strike out.",
    facts.EntryRedacted: "The fact is the entry that says so.",
    facts.WordsForgotten: lambda e: Line(
        Kind.NOTE, f"The words of this incident were forgotten: it was over for {e.days} days."
    ),
    working.FixConfirmed: _confirmed,
    working.PostmortemSettled: lambda e: Line(Kind.POSTMORTEM, e.why, {"to": e.outcome.value}),
    working.NudgeSnoozed: "What nobody is asked for is no part of the story.",
}

# Updates.
UPDATE_LINES: Lines = {
    working.UpdatePosted: lambda e: Line(
        Kind.UPDATE, e.words, {"audience": INTERNAL, "status": e.status.value}
    ),
}

# Tasks and follow-ups.
TASK_LINES: Lines = {
    working.TaskAdded: _task,
    working.TaskFinished: lambda e: Line(Kind.TASK_DONE, e.text, {"number": str(e.number)}),
    working.TaskReopened: "The line that said it was done is struck out.",
    working.TaskRemoved: "The line that added it is struck out.",
}

# What comes after the end.
REVIEW_LINES: Lines = {
    working.DebriefSet: lambda e: Line(Kind.DEBRIEF, "", {"at": e.meets.isoformat()}),
}

# Drills.
DRILL_LINES: Lines = {
    working.DrillBegun: "A drill begins with its declare.",
}

# Pages.
PAGE_LINES: Lines = {
    paging.PageStarted: "Whoever is told has a line.",
    paging.StepPassedOver: _passed_over,
    paging.PersonPaged: _paged,
    paging.CatchAllTold: _catch_all,
    paging.PageEscalated: _escalated,
    paging.PageAcknowledged: lambda e: Line(Kind.ACKNOWLEDGED, "", {"page": str(e.page.id)}),
    paging.SecondSignGiven: "The first sign has its line.",
    paging.PageSnoozed: _snoozed,
    paging.PageReopened: "Why it asks again has a line.",
    paging.PageExpired: lambda e: Line(
        Kind.UNREACHED, "The page has expired", _ids(e, e.page.level)
    ),
    paging.PageStopped: lambda e: Line(Kind.NOTE, "Stopped the page", {"page": str(e.page.id)}),
    paging.PageEnded: "The end of the incident has a line.",
    paging.PageMoved: "What moved it has a line.",
    paging.NoticeSent: "Who is paged has a line already.",
    paging.NoticeFailed: _unsent,
}

# War rooms.
ROOM_LINES: Lines = {
    warrooms.RoomOpened: lambda e: Line(
        Kind.ROOM, e.room.name, {"platform": e.room.platform}, e.room.url
    ),
    warrooms.RoomLost: lambda e: _trouble(e, "room"),
    warrooms.RoomRenamed: _renamed,
    warrooms.RoomFiled: _filed,
    warrooms.MessagePosted: "The card is where the timeline is read.",
    warrooms.MessageDeleted: _deleted,
    warrooms.MessageNotSent: lambda e: Line(
        Kind.TROUBLE, f"Message not sent on {e.platform}: {e.why}"
    ),
    warrooms.StepDone: "The card's checklist shows it.",
    warrooms.StepRetrying: "The card's checklist shows it; it may pass.",
    warrooms.StepFailed: lambda e: Line(
        Kind.TROUBLE, e.words, {"platform": e.platform, "step": e.step}
    ),
    warrooms.StepsRepaired: "What comes of it has lines of its own.",
    warrooms.PeopleLeftOut: lambda e: _trouble(e, "invite"),
    warrooms.PersonStayed: _trouble,
    warrooms.SlotFilled: "The card shows it.",
}

# What customers are told.
PUBLIC_LINES: Lines = {
    public.IncidentPublished: lambda e: Line(
        Kind.PUBLISHED, e.body, {"audience": PUBLIC, "status": e.status.value}
    ),
}


def written_by(lines: Lines) -> tuple[Handler, ...]:
    """The handler that writes ``lines`` down, for the events that have one."""

    def write_down(uow: UnitOfWork, event: IncidentEvent) -> None:
        """The event's line, with what undoes the act where it is the act's first. What comes of taking an act back
        is said by what is struck out."""
        made = lines[type(event)]
        line = None if isinstance(made, str) or event.undoing else made(event)
        if line is None:
            return
        data, number = {**line.data, **event.undo}, event.incident.id
        entered(
            uow, number, event.actor, line.kind, line.text, data, source=line.source, url=line.url
        )

    return (
        on(*(kind for kind, line in lines.items() if not isinstance(line, str)), run=write_down),
    )

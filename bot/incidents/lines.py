"""What the timeline says of what happens to an incident itself."""

from __future__ import annotations

from bot.core.incident import Status
from bot.core.timeline import MAJOR_STORED, Kind, Line, Lines
from bot.incidents import events
from bot.incidents.events import Description, Way


def _declared(event: events.Declared) -> Line:
    incident = event.incident
    data = {"severity": incident.severity.label} if incident.severity else {}
    if incident.services:
        data["services"] = ", ".join(incident.services)
    if incident.lead:
        data["lead"] = incident.lead
    return Line(Kind.DECLARED, incident.title, data)


def _status(event: events.StatusChanged) -> Line:
    data = {"from": event.before.value, "to": event.after.value}
    if event.after is Status.MERGED:
        data["into"] = str(event.incident.merged_into)
    return Line(Kind.STATUS, "" if event.in_update else event.why, data)


def _severity(event: events.SeverityChanged) -> Line:
    labels = [severity.label if severity else "" for severity in (event.before, event.after)]
    return Line(Kind.SEVERITY, "", dict(zip(("from", "to"), labels, strict=True)))


def _major(event: events.MajorChanged) -> Line | None:
    if event.by_severity:
        return None  # the severity's line says it
    return Line(Kind.MAJOR, "", {"to": MAJOR_STORED[event.after]})


_DESCRIBES = {
    Description.TITLE: Kind.TITLE,
    Description.SUMMARY: Kind.SUMMARY,
    Description.IMPACT: Kind.IMPACT,
}


def _services(event: events.ServicesChanged) -> Line:
    new = [service for service in event.after if service not in event.before]
    return Line(Kind.SERVICES, ", ".join(new), {"services": ", ".join(event.after)})


def _time(event: events.TimeCorrected) -> Line:
    at = {"at": event.after.isoformat(), "from": event.before.isoformat()}
    return Line(Kind.TIME, "", {"status": event.status.value, **at})


def _role(event: events.RoleGiven) -> Line:
    data = {"role": event.role.value, "person": event.after or "", "from": event.before or ""}
    return Line(Kind.ROLE, "", data)


def _people(event: events.PeopleAdded) -> Line | None:
    match event.way:
        case Way.JOINED:
            return Line(Kind.JOINED)
        case Way.INVITED:
            return Line(Kind.INVITED, "", {"people": ", ".join(event.people)})
        case _:
            return None  # the role, the merge, the page or its answer has its own line


def _confirmed(event: events.FixConfirmed) -> Line:
    return Line(Kind.CONFIRMED, "", {"for": event.requester} if event.requester else {})


INCIDENT_LINES: Lines = {
    events.Declared: _declared,
    events.StatusChanged: _status,
    events.SeverityChanged: _severity,
    events.MajorChanged: _major,
    events.ServicesChanged: _services,
    events.DescriptionChanged: lambda e: Line(_DESCRIBES[e.what], e.after, {"from": e.before}),
    events.TimeCorrected: _time,
    events.Paused: lambda e: Line(Kind.PAUSED, e.why),
    events.Resumed: lambda e: None if e.by_status else Line(Kind.RESUMED),
    events.PromiseChanged: "The next update is promised by what has its own line.",
    events.PromiseBroken: "The card shows it, and the room is told.",
    events.MergedInto: "The status's line names where the work goes on.",
    events.TookOver: lambda e: Line(Kind.MERGED, f"INC-{e.source}", {"source": str(e.source)}),
    events.SeparatedFrom: "The line that named the other is struck out.",
    events.VisibilityChanged: lambda e: Line(Kind.VISIBILITY, e.seen, {"to": e.after.value}),
    events.RoleGiven: _role,
    events.PeopleAdded: _people,
    events.PersonLeft: lambda e: Line(Kind.LEFT),
    events.SubscriptionChanged: "Who listens is nobody's business but theirs.",
    events.EntryWritten: "The fact is the entry itself.",
    events.EntryAmended: "The fact is the entry that supersedes.",
    events.ActUndone: "The facts are the entries that strike out.",
    events.EntryRedacted: "The fact is the entry that says so.",
    events.WordsForgotten: lambda e: Line(
        Kind.NOTE, f"The words of this incident were forgotten: it was over for {e.days} days."
    ),
    events.FixConfirmed: _confirmed,
    events.PostmortemSettled: lambda e: Line(Kind.POSTMORTEM, e.why, {"to": e.outcome.value}),
    events.NudgeSnoozed: "What nobody is asked for is no part of the story.",
}

"""What the timeline says of what happens to an incident itself."""

from __future__ import annotations

from bot.core.incident import Status
from bot.core.timeline import MAJOR_STORED, Kind, Line, Lines
from bot.incidents import events
from bot.incidents import events as facts
from bot.incidents.events import Description, Way


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
    return Line(Kind.MAJOR, "", {"to": MAJOR_STORED[event.after]})


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
            return None  # the role, the merge, the page or its answer has its own line


def _confirmed(event: events.FixConfirmed) -> Line:
    return Line(Kind.CONFIRMED, "", {"for": event.requester} if event.requester else {})


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
    events.FixConfirmed: _confirmed,
    events.PostmortemSettled: lambda e: Line(Kind.POSTMORTEM, e.why, {"to": e.outcome.value}),
    events.NudgeSnoozed: "What nobody is asked for is no part of the story.",
}

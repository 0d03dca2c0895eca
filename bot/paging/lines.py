"""What the timeline says of pages."""

from __future__ import annotations

from bot.core.timeline import Kind, Line, Lines
from bot.paging import events

_ON_PAGE = {
    events.Why.UNANSWERED: "Nobody acknowledged",
    events.Why.BY_HAND: "by hand",
    events.Why.NO_SECOND_SIGN: "No second sign from {who}; the page opens again",
    events.Why.SNOOZE_OVER: "The snooze is over",
    events.Why.HANDED: "handed to {who}",
}


def _ids(event: events.PageEvent, level: int) -> dict[str, str]:
    return {"page": str(event.page.id), "level": str(level)}


def _escalated(event: events.PageEscalated) -> Line:
    data = _ids(event, event.level)
    if event.direction is not None:
        data["direction"] = event.direction.value
    return Line(Kind.ESCALATED, _ON_PAGE[event.why].replace("{who}", event.who), data)


def _passed_over(event: events.StepPassedOver) -> Line:
    return Line(Kind.ESCALATED, f"{event.targets} reaches nobody", _ids(event, event.level))


def _paged(event: events.PersonPaged) -> Line:
    return Line(Kind.PAGED, event.page.text, {**_ids(event, event.level), "person": event.person})


def _catch_all(event: events.CatchAllTold) -> Line:
    data = {**_ids(event, event.level), "people": ", ".join(event.people)}
    return Line(Kind.UNREACHED, f"Catch-all told: {event.names}", data)


def _snoozed(event: events.PageSnoozed) -> Line:
    words = f"Snoozed the page for {event.minutes} min"
    return Line(Kind.NOTE, words, _ids(event, event.page.level))


def _unsent(event: events.NoticeFailed) -> Line:
    data = {**_ids(event, event.level), "person": event.person, "platform": event.platform}
    return Line(Kind.TROUBLE, f"Page not sent: {event.why}", data)


PAGE_LINES: Lines = {
    events.PageStarted: "Whoever is told has a line.",
    events.StepPassedOver: _passed_over,
    events.PersonPaged: _paged,
    events.CatchAllTold: _catch_all,
    events.PageEscalated: _escalated,
    events.PageAcknowledged: lambda e: Line(Kind.ACKNOWLEDGED, "", {"page": str(e.page.id)}),
    events.SecondSignGiven: "The first sign has its line.",
    events.PageSnoozed: _snoozed,
    events.PageReopened: "Why it asks again has a line.",
    events.PageExpired: lambda e: Line(
        Kind.UNREACHED, "The page has expired", _ids(e, e.page.level)
    ),
    events.PageStopped: lambda e: Line(Kind.NOTE, "Stopped the page", {"page": str(e.page.id)}),
    events.PageEnded: "The end of the incident has a line.",
    events.PageMoved: "What moved it has a line.",
    events.NoticeSent: "Who is paged has a line already.",
    events.NoticeFailed: _unsent,
}

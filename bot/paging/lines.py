"""What the timeline says of pages."""

from __future__ import annotations

from bot.core.timeline import Kind, Line, Lines
from bot.paging import events as paging

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

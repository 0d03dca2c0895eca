"""A page as people see it: the message to who is paged, and what its room is told when nobody answers."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.core.chat.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Clock,
    Line,
    Link,
    Plain,
    Span,
    Strong,
    Style,
    Text,
    Tone,
    When,
    context,
    line,
    text,
)
from bot.core.chat.title import isolate, shortened
from bot.core.incident import Visibility
from bot.core.times.wallclock import reading
from bot.incidents.cards import Facts, PageFact, lead_line, person, rooms_line, severity_of

# What a page's first line may hold; telephones show that much without unlocking.
PAGE_TITLE = 100
# A platform sets its mark of the tone before the title, in at most so many characters.
_MARK = 4
# So much of the incident's title is always read.
_TITLE_AT_LEAST = 20
_OPEN = ("pending", "triggered", "unreached", "failed")


def page_card(
    facts: Facts, number: int, words: str, page: PageFact, *, repeat: str = "", zone: str = ""
) -> Card:
    """A page by direct message. A telephone's notice shows the title and may show nothing else: it says
    what is broken, how bad, since when on the clock of ``zone`` and who leads, in ``PAGE_TITLE`` characters.

    A private incident's page carries its reference and a link, nothing else.
    """
    incident = facts.incident
    front = f"📟 {repeat} " if repeat else "📟 "
    state = Tone.BAD if page.state in _OPEN and not page.by else Tone.GOOD
    foot = _page_foot(facts, number, page)
    if incident.visibility is Visibility.PRIVATE:
        return Card(f"{front}{incident.reference} (private)", (*_hidden_rooms(facts), foot), state)
    title = front + headline(facts, zone, PAGE_TITLE - _MARK - len(front))
    since = When(incident.declared_at, Clock.RELATIVE)
    blocks: list[Block] = [text("Since ", since, ". Lead: ", *lead_line(facts), ".")]
    if facts.rooms:
        blocks.append(Text(rooms_line(facts)))
    if incident.title not in title:
        blocks.append(text(incident.title))
    if words:
        blocks.append(text(words))
    if page.state == "unreached":
        blocks.append(text("Nobody has acknowledged: the catch-all is paged."))
    return Card(title, (*blocks, foot), state)


def headline(facts: Facts, zone: str, limit: int) -> str:
    """What is broken, how bad, which incident, since when and who leads, in at most ``limit`` characters. The title
    gives way, but keeps ``_TITLE_AT_LEAST`` of them: the lead is left out first, since the page's text names them.

    Without a ``zone``, as in a room of many people, the hour is UTC and says so.
    """
    incident = facts.incident
    lead = facts.names.get(incident.lead, "") if incident.lead else "nobody"
    since = f"{reading(incident.declared_at, ZoneInfo(zone or 'UTC')):%a %H:%M}"
    hour = since if zone else f"{since} UTC"
    rest = f" · {severity_of(incident)} · {incident.reference} · since {hour}"
    led = f" · lead {shortened(lead, 14)}"
    needed = min(len(incident.title), _TITLE_AT_LEAST)
    rest += led if len(rest) + len(led) + needed <= limit else ""
    return isolate(shortened(incident.title, limit - len(rest))) + rest


def _hidden_rooms(facts: Facts) -> list[Block]:
    """Where it is, by addresses alone: a platform would show a room's name, and that is made of the title."""
    spans: list[Span] = []
    for room in facts.rooms:
        called = f"{facts.incident.reference} on {room.platform}"
        spans += [Plain(" · ") if spans else Plain("Room: ")]
        spans.append(Link(called, room.url) if room.url else Plain(called))
    return [Text(tuple(spans))] if spans else []


def page_text(
    facts: Facts, words: str, zone: str, base_url: str, front: str = ""
) -> tuple[str, str]:
    """(title, body) of a page outside chat: the title as in chat after ``front``, the body what else
    there is. A private incident's say its reference and a link.
    """
    incident = facts.incident
    link = f"{base_url}/incidents/{incident.reference}"
    if incident.visibility is Visibility.PRIVATE:
        return f"{front}{incident.reference} (private)", link
    title = front + headline(facts, zone, PAGE_TITLE - len(front))
    full = [incident.title] if incident.title not in title else []
    return title, "\n".join([*full, *([words] if words else []), link])


def _page_foot(facts: Facts, number: int, page: PageFact) -> Block:
    if page.by:
        return context("Acknowledged by ", person(facts, page.by), ".")
    if page.state in _OPEN:
        return Buttons(
            (
                Button("Acknowledge", f"ack {number}", Style.PRIMARY),
                Button("Reassign", f"/oncall reassign {number}"),
                Button("Escalate", f"escalate {facts.incident.reference}"),
                Button("Snooze 30 min", f"/oncall snooze {number} 30m"),
            )
        )
    return context(f"This page is {page.state}.")


def unheard(people: Sequence[tuple[str, str]], page: PageFact) -> Card:
    """No message of a step could be delivered: somebody in the room has to telephone."""
    rows = tuple(line(Strong(name), f" {phone or 'no number known'}") for name, phone in people)
    return Card(
        "The page could not be delivered: please telephone",
        (
            Bullets(rows),
            context("Every channel failed. The next step is being paged."),
            Buttons((Button("Acknowledge", f"ack {page.number}", Style.PRIMARY),)),
        ),
        Tone.BAD,
    )


def expired(facts: Facts, page: PageFact) -> Card:
    """A day after the catch-all: nobody is told any more."""
    words = (
        "Nobody acknowledged it in 24 hours. Paging has stopped: page again if it still matters."
    )
    again = Button("Page", f"page {facts.incident.reference}")
    return Card(f"Page {page.number} has expired", (text(words), Buttons((again,))), Tone.BAD)


def _told(facts: Facts, page: PageFact) -> Line:
    names: list[Span] = []
    for who in page.who:
        names += [Plain(", ") if names else Plain(""), person(facts, who)]
    return line("Catch-all told: ", *names)


def unreached(facts: Facts, page: PageFact) -> Card:
    """The loud card: a page went through its whole policy and nobody acknowledged."""
    return Card(
        "Nobody has acknowledged the page",
        (
            Text(_told(facts, page)),
            Buttons((Button("Acknowledge", f"ack {page.number}", Style.PRIMARY),)),
        ),
        Tone.BAD,
    )

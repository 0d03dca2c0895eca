"""A page as people see it: the message that wakes, the line on the card, and the loud one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.domain.incident import Incident, Visibility
from bot.domain.wallclock import reading
from bot.views.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Clock,
    Strong,
    Style,
    Text,
    Tone,
    When,
    context,
    line,
    text,
)
from bot.views.incident import Facts, PageFact, lead_line, page_line, person, rooms_line

# What a page's first line may hold; telephones show that much without unlocking.
PAGE_TITLE = 100
_TITLE = 30


def page_card(facts: Facts, number: int, words: str, page: PageFact, *, repeat: str = "") -> Card:
    """A page by direct message: what is broken, since when, who leads and where, at the front.

    A private incident's page carries its reference and a link, nothing else.
    """
    incident = facts.incident
    again = f"{repeat} " if repeat else ""
    state = Tone.BAD if page.state in _OPEN and not page.by else Tone.GOOD
    foot = _page_foot(facts, number, page)
    if incident.visibility is Visibility.PRIVATE:
        return Card(
            f"📟 {again}{incident.reference} (private)", (*_hidden_rooms(facts), foot), state
        )
    short = shortened(incident.title, _TITLE)
    title = f"📟 {again}{incident.reference} · {_how_bad(incident)} · {short}"
    since = When(incident.declared_at, Clock.RELATIVE)
    blocks: list[Block] = [text("Since ", since, ". Lead: ", *lead_line(facts), ".")]
    if facts.rooms:
        blocks.append(Text(rooms_line(facts)))
    if short != incident.title:
        blocks.append(text(incident.title))
    if words:
        blocks.append(text(words))
    return Card(title, (*blocks, foot), state)


def _hidden_rooms(facts: Facts) -> list[Block]:
    """Where it is, without the room's name: that is made of the title."""
    named = tuple(replace(room, name=facts.incident.reference) for room in facts.rooms)
    return [Text(rooms_line(replace(facts, rooms=named)))] if named else []


def _how_bad(incident: Incident) -> str:
    return incident.severity.label if incident.severity else "no severity"


def shortened(words: str, limit: int) -> str:
    """At most ``limit`` characters, cut between words where there are any."""
    if len(words) <= limit:
        return words
    cut = words[: limit - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[limit // 2 :] else cut}…"


def page_text(facts: Facts, words: str, zone: str, base_url: str) -> tuple[str, str]:
    """(title, body) of a page outside chat: at most 100 characters say what is broken, since when, who
    leads and where; the body what else there is. A private incident's say its reference and a link.
    """
    incident = facts.incident
    link = f"{base_url}/incidents/{incident.reference}"
    if incident.visibility is Visibility.PRIVATE:
        return f"{incident.reference} (private)", link
    lead = facts.names.get(incident.lead, "") if incident.lead else "nobody"
    where = facts.rooms[0].name if facts.rooms else incident.reference
    since = reading(incident.declared_at, ZoneInfo(zone))
    rest = f" since {since:%H:%M}, lead {shortened(lead, 16)}, in {shortened(where, 18)}"
    before = f"{_how_bad(incident)} "
    title = f"{before}{shortened(incident.title, PAGE_TITLE - len(before) - len(rest))}{rest}"
    full = [incident.title] if incident.title not in title else []
    return title, "\n".join([*full, *([words] if words else []), link])


def _page_foot(facts: Facts, number: int, page: PageFact) -> Block:
    if page.by:
        return context("Acknowledged by ", person(facts, page.by), ".")
    if page.state in _OPEN:
        return Buttons(
            (
                Button("Acknowledge", f"ack {number}", Style.PRIMARY),
                Button("Pass on", f"escalate {facts.incident.reference}"),
                Button("Snooze 30 min", f"/oncall snooze {number} 30m"),
            )
        )
    return context(f"This page is {page.state}.")


_OPEN = ("pending", "triggered", "unreached", "failed")


def unheard(people: Sequence[tuple[str, str]], page: PageFact) -> Card:
    """No message of a step could be delivered: somebody in the room has to telephone."""
    rows = tuple(line(Strong(name), f" {phone or 'no number known'}") for name, phone in people)
    return Card(
        "The page could not be delivered: please telephone",
        (
            Bullets(rows),
            context("Every channel failed. The next step is being paged."),
            Buttons((Button("I have it", f"ack {page.number}", Style.PRIMARY),)),
        ),
        Tone.BAD,
    )


def expired(facts: Facts, page: PageFact) -> Card:
    """A day after the catch-all: nobody is told any more."""
    words = "Nobody has acknowledged it for a day. Nobody is told any more: page again if it still matters."
    again = Button("Page", f"page {facts.incident.reference}")
    return Card(f"Page {page.number} has expired", (text(words), Buttons((again,))), Tone.BAD)


def unreached(facts: Facts, page: PageFact) -> Card:
    """The loud card: a page went through its whole policy and nobody acknowledged."""
    return Card(
        "Nobody has acknowledged the page",
        (
            Text(page_line(facts, page)),
            Buttons((Button("I have it", f"ack {page.number}", Style.PRIMARY),)),
        ),
        Tone.BAD,
    )

"""A page as people see it: the message that wakes, the line on the card, and the loud one."""

from __future__ import annotations

from bot.domain.incident import Visibility
from bot.views.card import (
    Block,
    Button,
    Buttons,
    Card,
    Clock,
    Style,
    Text,
    Tone,
    When,
    context,
    text,
)
from bot.views.incident import Facts, PageFact, headline, lead_line, page_line, person, rooms_line


def page_card(facts: Facts, number: int, words: str, page: PageFact, *, repeat: str = "") -> Card:
    """A page by direct message: what is broken, since when, who leads and where, at the front.

    A private incident's page carries its reference and a link, nothing else.
    """
    incident = facts.incident
    again = f" {repeat}" if repeat else ""
    hidden = incident.visibility is Visibility.PRIVATE
    title = f"📟 {incident.reference} (private)" if hidden else f"📟 {headline(incident)}"
    blocks: list[Block] = []
    if words and not hidden:
        blocks.append(text(words))
    if not hidden:
        since = When(incident.declared_at, Clock.RELATIVE)
        blocks.append(text("Since ", since, ". Lead: ", *lead_line(facts), "."))
    if facts.rooms:
        blocks.append(Text(rooms_line(facts)))
    blocks.append(_page_foot(facts, number, page))
    state = Tone.BAD if page.state == "triggered" and not page.by else Tone.GOOD
    return Card(f"{title}{again}", tuple(blocks), state)


def _page_foot(facts: Facts, number: int, page: PageFact) -> Block:
    if page.by:
        return context("Acknowledged by ", person(facts, page.by), ".")
    if page.state in ("triggered", "unreached"):
        return Buttons((Button("Acknowledge", f"ack {number}", Style.PRIMARY),))
    return context(f"This page is {page.state}.")


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

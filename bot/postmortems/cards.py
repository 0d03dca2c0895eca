"""The debrief and the export as cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.chat.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Link,
    Text,
    Tone,
    When,
    line,
    text,
)
from bot.core.incident import Incident

_FORMATS = (("Page", "html"), ("Markdown", "md"), ("JSON", "json"))


@dataclass(frozen=True, slots=True)
class Debrief:
    """``at`` is UTC, or None while no time is set; ``questions`` are those that the log leaves open."""

    incident: Incident
    at: datetime | None
    questions: tuple[str, ...]
    url: str


def debrief_card(found: Debrief) -> Card:
    """When it is, and what the log leaves open."""
    when = (
        text("It is at ", When(found.at), ".")
        if found.at
        else text("No time is set: /incident debrief fri 14:00")
    )
    blocks: list[Block] = [when]
    if found.questions:
        blocks += [text("To ask there:"), Bullets(tuple(line(each) for each in found.questions))]
    blocks.append(text(Link("The draft", found.url)))
    return Card(f"Debrief of {found.incident.reference}", tuple(blocks))


def set_card(incident: Incident, at: datetime) -> Card:
    words = line(f"Debrief of {incident.reference}: ", When(at), ". The room is told.")
    return Card("", (Text(words),), Tone.GOOD)


def debrief_in_room(incident: Incident, at: datetime, url: str) -> Card:
    """To the room."""
    agenda = Buttons((Button("Agenda", f"debrief {incident.reference}"),))
    draft = (text(Link("The draft", url)),) if url else ()
    return Card("", (text("Debrief: ", When(at), "."), *draft, agenda))


def export_card(incident: Incident, base: str) -> Card:
    """Where the record is: the pages ask who reads them."""
    ref = incident.reference
    buttons = tuple(
        Button(name, url=f"{base}/incidents/{ref}/record.{ending}") for name, ending in _FORMATS
    )
    return Card(f"The record of {ref}", (text("Everything you may see of it."), Buttons(buttons)))

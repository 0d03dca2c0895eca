"""Lists of incidents, and the answer to whoever declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.chat.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Code,
    Line,
    Plain,
    RoomLink,
    Span,
    Strong,
    Text,
    line,
    text,
)
from bot.core.incident import Head, Mode
from bot.incidents.cards import Facts, headline, tone

_RECORDED = {
    Mode.STANDARD: "Declared. Paging on call and opening the room.",
    Mode.TEST: "Declared as a test. Paging on call and opening the room.",
    Mode.RETROSPECTIVE: "Recorded afterwards; nobody is paged. Opening the room.",
}


@dataclass(frozen=True, slots=True)
class Alike:
    """An open incident that is like another."""

    reference: str
    title: str
    severity: int | None = None


def alike_card(reference: str, found: Sequence[Alike]) -> Card:
    """Open incidents like this one, and a button to merge it into each."""
    title = f"Similar to {reference}"
    if not found:
        return Card(title, (text("No open incident is similar."),))
    return Card(title, (_alike(found), Buttons(tuple(_merges(reference, found)))))


def _alike(found: Sequence[Alike]) -> Bullets:
    return Bullets(
        tuple(
            line(
                Strong(each.reference),
                f" SEV{each.severity}" if each.severity else "",
                f" {each.title}",
            )
            for each in found
        )
    )


def _merges(reference: str, found: Sequence[Alike]) -> list[Button]:
    return [
        Button(f"Merge into {each.reference}", f"merge {reference} {each.reference}")
        for each in found[:3]
    ]


def declared(facts: Facts, alike: Sequence[Alike] = ()) -> Card:
    """What the declarer reads in the same second, privately; with open incidents that are alike."""
    incident = facts.incident
    blocks: list[Block] = [text(_RECORDED[incident.mode])]
    if alike:
        blocks += [text(Strong("Similar incidents:")), _alike(alike)]
    hints: list[Button] = []
    ref = incident.reference
    if incident.severity is None and incident.is_open:
        hints += [Button(f"SEV{n}", f"sev {ref} {n}") for n in (1, 2, 3)]
    if incident.lead is None and incident.mode is not Mode.RETROSPECTIVE:
        hints.append(Button("Take the lead", f"lead {ref}"))
    hints += _merges(ref, alike)
    if hints:
        blocks.append(Buttons(tuple(hints)))
    return Card(headline(incident), tuple(blocks), tone(incident))


def listing(found: tuple[Facts, ...], title: str) -> Card:
    """A list of incidents, newest first."""
    if not found:
        empty = line("None. ", Code("/incident declare <title>"), " opens one.")
        return Card(title, (Text(empty),))
    return Card(title, (Bullets(tuple(_row(facts) for facts in found)),))


def _row(facts: Facts) -> Line:
    incident = facts.incident
    severity = f" {incident.severity.label}" if incident.severity else ""
    spans: list[Span] = [Strong(incident.reference), Plain(f"{severity} {incident.title} — ")]
    spans.append(Plain(incident.status.value))
    if facts.goes_on:
        spans.append(Plain(f" into {facts.goes_on}"))
    for room in facts.rooms[:1]:
        spans += [Plain(" · "), RoomLink(room.platform, room.room, room.name, room.url)]
    return tuple(spans)


def alike_of(head: Head) -> Alike:
    return Alike(head.reference, head.title, head.severity)

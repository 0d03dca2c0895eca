"""The incident as people see it: the living card, the announcement, the list, private replies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.incident import Incident, Mode, Role, Status, Visibility
from bot.domain.people import PersonId
from bot.views.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Checklist,
    Clock,
    Code,
    Field,
    Fields,
    Line,
    Link,
    Mention,
    Plain,
    RoomLink,
    Span,
    Step,
    StepState,
    Strong,
    Style,
    Text,
    Tone,
    When,
    context,
    line,
    text,
)


@dataclass(frozen=True, slots=True)
class RoomFact:
    platform: str
    room: str
    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class PageFact:
    """``who`` are those told last; ``by`` acknowledged."""

    number: int
    state: str
    who: tuple[PersonId, ...] = ()
    by: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a view of an incident may show; ``names`` by person id."""

    incident: Incident
    names: Mapping[PersonId, str] = field(default_factory=dict)
    services: tuple[str, ...] = ()
    rooms: tuple[RoomFact, ...] = ()
    pages: tuple[PageFact, ...] = ()
    open_tasks: int = 0
    plan: tuple[Step, ...] = ()
    last_update: str = ""
    last_update_by: PersonId | None = None
    overdue: str = ""
    published: str = ""
    draft_url: str = ""


def tone(incident: Incident) -> Tone:
    """Green when over, red for SEV1 and SEV2, amber for the rest."""
    if not incident.is_open:
        return Tone.GOOD
    urgent = incident.severity is not None and incident.severity <= 2
    return Tone.BAD if urgent else Tone.WARNING


def headline(incident: Incident) -> str:
    """One line that says which, how bad, what: INC-42 · SEV1 · Checkout is down."""
    severity = incident.severity.label if incident.severity else "no severity"
    return f"{incident.reference} · {severity} · {incident.title}"


def person(facts: Facts, who: PersonId) -> Mention:
    return Mention(who, facts.names.get(who, who))


def room_card(facts: Facts) -> Card:
    """The pinned card of the war room, edited in place."""
    incident = facts.incident
    return Card(
        headline(incident),
        tuple(_room_blocks(facts)),
        tone(incident),
    )


def _room_blocks(facts: Facts) -> list[Block]:
    blocks: list[Block] = []
    if facts.incident.mode is Mode.TEST:
        blocks.append(text(Strong("This is a test."), " Nobody outside is told."))
    blocks.append(Fields(tuple(_fields(facts))))
    if facts.incident.summary:
        blocks.append(text(Strong("Summary "), facts.incident.summary))
    if facts.incident.impact:
        blocks.append(text(Strong("Impact "), facts.incident.impact))
    if facts.last_update:
        blocks.append(text(Strong("Last update "), facts.last_update))
    blocks += [Text(_page_line(facts, page)) for page in facts.pages]
    trouble = tuple(s for s in facts.plan if s.state in (StepState.RETRYING, StepState.FAILED))
    if trouble:
        blocks.append(Checklist(facts.plan))
    if any(step.state is StepState.FAILED for step in facts.plan):
        blocks.append(Buttons((Button("Repair", f"repair {facts.incident.reference}"),)))
    blocks.append(Buttons(_buttons(facts)))
    return blocks


def _fields(facts: Facts) -> list[Field]:
    incident = facts.incident
    status = "paused" if incident.paused_at else incident.status.value
    fields = [Field("Status", line(status)), Field("Lead", _lead(facts))]
    fields += [
        Field(role.value.capitalize(), (person(facts, who),))
        for role, who in incident.roles.items()
        if role is not Role.COMMANDER
    ]
    if incident.services:
        fields.append(Field("Services", line(", ".join(facts.services))))
    began = incident.times.get(Status.INVESTIGATING, incident.declared_at)
    fields.append(
        Field("Since", (When(began), Plain(" ("), When(began, Clock.RELATIVE), Plain(")")))
    )
    if incident.next_update_at and incident.is_open:
        due = When(incident.next_update_at, Clock.RELATIVE)
        late: Line = (Strong("overdue "), due) if facts.overdue else (due,)
        fields.append(Field("Next update", late))
    if facts.open_tasks:
        fields.append(Field("Open tasks", line(str(facts.open_tasks))))
    if incident.call and incident.is_open:
        fields.append(Field("Call", (Link("join the call", incident.call),)))
    if facts.published:
        fields.append(Field("Status page", line(facts.published)))
    if facts.draft_url:
        fields.append(Field("Postmortem", (Link("draft", facts.draft_url),)))
    return fields


def _lead(facts: Facts) -> Line:
    lead = facts.incident.lead
    return (person(facts, lead),) if lead else (Strong("nobody yet"),)


def _page_line(facts: Facts, page: PageFact) -> Line:
    people: list[Span] = []
    for who in page.who:
        people += [Plain(", ") if people else Plain(""), person(facts, who)]
    if page.by:
        return line("📟 Page acknowledged by ", person(facts, page.by))
    if page.state == "unreached":
        return line("📟 ", Strong("Nobody acknowledged."), " Catch-all told: ", *people)
    if page.state == "triggered":
        return line("📟 Paging ", *people, " …")
    return line("📟 Page ", page.state)


def _buttons(facts: Facts) -> tuple[Button, ...]:
    ref = facts.incident.reference
    if facts.incident.status is Status.RESOLVED:
        return (
            Button("Close", f"close {ref}", Style.PRIMARY),
            Button("Still broken", f"reopen {ref}"),
            Button("Timeline", f"timeline {ref}"),
        )
    if not facts.incident.is_open:
        return (Button("Reopen", f"reopen {ref}"), Button("Timeline", f"timeline {ref}"))
    lead = () if facts.incident.lead else (Button("Take the lead", f"lead {ref}", Style.PRIMARY),)
    return (
        *lead,
        Button("Update", f"update {ref}"),
        Button("Task", f"task {ref}"),
        Button("Page", f"page {ref}"),
        Button("Publish", f"publish {ref}"),
        Button("Resolve", f"resolved {ref}", confirm="Is it fixed for everyone?"),
    )


def announcement(facts: Facts) -> Card:
    """One per incident in the announcement channel, edited in place."""
    incident = facts.incident
    blocks: list[Block] = [Fields(tuple(_short_fields(facts)))]
    if facts.last_update:
        blocks.append(text(facts.last_update))
    if facts.rooms:
        blocks.append(Text(rooms_line(facts)))
    if incident.is_open:
        ref = incident.reference
        blocks.append(Buttons((Button("Join", f"join {ref}", Style.PRIMARY),)))
    return Card(headline(incident), tuple(blocks), tone(incident))


def _short_fields(facts: Facts) -> list[Field]:
    shown = {"Status", "Lead", "Services", "Since", "Next update"}
    return [item for item in _fields(facts) if item.label in shown]


def rooms_line(facts: Facts) -> Line:
    spans: list[Span] = []
    for room in facts.rooms:
        spans += [Plain(" · ") if spans else Plain("Room: ")]
        spans.append(RoomLink(room.platform, room.room, room.name, room.url))
    return tuple(spans)


def declared(facts: Facts) -> Card:
    """What the declarer reads in the same second, privately."""
    incident = facts.incident
    blocks: list[Block] = [text("Recorded. Paging and the room are on their way.")]
    hints: list[Button] = []
    ref = incident.reference
    if incident.severity is None:
        hints += [Button(f"SEV{n}", f"sev {ref} {n}") for n in (1, 2, 3)]
    if incident.lead is None:
        hints.append(Button("Take the lead", f"lead {ref}"))
    if hints:
        blocks.append(Buttons(tuple(hints)))
    return Card(headline(incident), tuple(blocks), tone(incident))


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
        blocks.append(text("Since ", since, ". Lead: ", *_lead(facts), "."))
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
            Text(_page_line(facts, page)),
            Buttons((Button("I have it", f"ack {page.number}", Style.PRIMARY),)),
        ),
        Tone.BAD,
    )


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
    for room in facts.rooms[:1]:
        spans += [Plain(" · "), RoomLink(room.platform, room.room, room.name, room.url)]
    return tuple(spans)

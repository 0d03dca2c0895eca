"""An incident as people see it: the card of its war room, the announcement, and the lines that both share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.chat.card import (
    Block,
    Button,
    Buttons,
    Card,
    Checklist,
    Clock,
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
    line,
    text,
)
from bot.core.incident import Incident, Mode, Role, Status
from bot.core.people import PersonId
from bot.core.severity import Severity


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
    """Everything that a view of an incident may show; ``names`` by person id. ``header`` and ``more`` are what other
    packages put on the room's card: among its first fields, and before its buttons."""

    incident: Incident
    names: Mapping[PersonId, str] = field(default_factory=dict)
    services: tuple[str, ...] = ()
    rooms: tuple[RoomFact, ...] = ()
    pages: tuple[PageFact, ...] = ()
    open_tasks: int = 0
    plan: tuple[Step, ...] = ()
    last_update: str = ""
    last_update_by: PersonId | None = None
    overdue: bool = False
    published: str = ""
    draft_url: str = ""
    goes_on: str = ""
    goes_on_rooms: tuple[RoomFact, ...] = ()
    header: tuple[Field, ...] = ()
    more: tuple[Block, ...] = ()


def tone(incident: Incident) -> Tone:
    """Green when over, red for SEV1 and SEV2, amber for the rest."""
    if not incident.is_open:
        return Tone.GOOD
    urgent = incident.severity is not None and incident.severity <= 2
    return Tone.BAD if urgent else Tone.WARNING


def headline(incident: Incident) -> str:
    """One line that says which, how bad, what: INC-42 · SEV1 · Checkout is down."""
    return f"{incident.reference} · {severity_of(incident)} · {incident.title}"


def severity_of(incident: Incident) -> str:
    return incident.severity.label if incident.severity else "severity not set"


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
    blocks += [Text(page_line(facts, page)) for page in facts.pages]
    trouble = tuple(s for s in facts.plan if s.state in (StepState.RETRYING, StepState.FAILED))
    if trouble:
        blocks.append(Checklist(facts.plan))
    if any(step.state is StepState.FAILED for step in facts.plan):
        blocks.append(Buttons((Button("Repair", f"repair {facts.incident.reference}"),)))
    return [*blocks, *facts.more, Buttons(_buttons(facts))]


def _fields(facts: Facts) -> list[Field]:
    fields = [
        Field("Status", line(_status(facts))),
        Field("Lead", lead_line(facts)),
        *_roles(facts),
    ]
    if facts.services:
        fields.append(Field("Services", line(", ".join(facts.services))))
    fields.append(_since(facts))
    return [*fields, *facts.header, *_due(facts), *_links(facts)]


def _status(facts: Facts) -> str:
    incident = facts.incident
    if facts.goes_on:
        return f"merged into {facts.goes_on}"
    if incident.paused_at:
        return f"paused: {incident.pause_reason}" if incident.pause_reason else "paused"
    major = incident.is_major and incident.severity is not Severity.SEV1
    return f"{incident.status.value}, major" if major else incident.status.value


def _roles(facts: Facts) -> list[Field]:
    """Who has which; what a major incident requires is named while nobody has it."""
    incident = facts.incident
    held = [
        Field(role.word.capitalize(), (person(facts, who),))
        for role, who in incident.roles.items()
        if role is not Role.COMMANDER
    ]
    if incident.is_major and incident.is_open and Role.COMMUNICATIONS not in incident.roles:
        held.append(Field("Communications", (Strong("nobody yet"),)))
    return held


def _since(facts: Facts) -> Field:
    incident = facts.incident
    began = incident.times.get(Status.INVESTIGATING, incident.declared_at)
    return Field("Since", (When(began), Plain(" ("), When(began, Clock.RELATIVE), Plain(")")))


def _due(facts: Facts) -> list[Field]:
    incident, fields = facts.incident, []
    if incident.next_update_at and incident.is_open:
        due = When(incident.next_update_at, Clock.RELATIVE)
        late: Line = (Strong("overdue "), due) if facts.overdue else (due,)
        fields.append(Field("Next update", late))
    if facts.open_tasks:
        fields.append(Field("Open tasks", line(str(facts.open_tasks))))
    return fields


def _links(facts: Facts) -> list[Field]:
    incident, fields = facts.incident, []
    if incident.call and incident.is_open:
        fields.append(Field("Call", (Link("join the call", incident.call),)))
    if facts.published:
        fields.append(Field("Status page", line(facts.published)))
    if facts.draft_url:
        fields.append(Field("Postmortem", (Link("draft", facts.draft_url),)))
    return fields


def lead_line(facts: Facts) -> Line:
    lead = facts.incident.lead
    return (person(facts, lead),) if lead else (Strong("nobody yet"),)


def page_line(facts: Facts, page: PageFact) -> Line:
    people: list[Span] = []
    for who in page.who:
        people += [Plain(", ") if people else Plain(""), person(facts, who)]
    if page.by:
        return line("📟 Page acknowledged by ", person(facts, page.by))
    if page.state == "unreached":
        return line("📟 ", Strong("Nobody acknowledged."), " Catch-all told: ", *people)
    if page.state == "triggered":
        return line("📟 Paging ", *people, " …")
    if page.state == "pending":
        return line("📟 ", *people, " will be told when their quiet hours end")
    return line("📟 Page ", page.state)


def _buttons(facts: Facts) -> tuple[Button, ...]:
    """What can be done next, the likeliest first."""
    ref, incident = facts.incident.reference, facts.incident
    if incident.paused_at:
        return (Button("Resume", f"resume {ref}", Style.PRIMARY),)
    if incident.status is Status.TRIAGE:
        return (
            Button("Accept", f"accept {ref}", Style.PRIMARY),
            Button("Decline", f"decline {ref}"),
            Button("Similar", f"similar {ref}"),
        )
    if not incident.is_open:
        return _buttons_after(incident)
    lead = () if incident.lead else (Button("Take the lead", f"lead {ref}", Style.PRIMARY),)
    return (
        *lead,
        Button("Update", f"update {ref}"),
        Button("Task", f"task {ref}"),
        Button("Page", f"page {ref}"),
        Button("Publish", f"publish {ref}"),
        Button("Resolve", f"resolved {ref}", confirm="Is it fixed for everyone?"),
    )


def _buttons_after(incident: Incident) -> tuple[Button, ...]:
    ref = incident.reference
    timeline = Button("Timeline", f"timeline {ref}")
    match incident.status:
        case Status.RESOLVED:
            close = Button("Close", f"close {ref}", Style.PRIMARY)
            return (close, Button("Still broken", f"reopen {ref}"), timeline)
        case Status.MERGED:
            return (timeline,)
        case _:
            return (Button("Reopen", f"reopen {ref}"), timeline)


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
        join = Button("Join", f"join {ref}", Style.PRIMARY)
        blocks.append(Buttons((join, Button("Subscribe", f"subscribe {ref}"))))
    return Card(headline(incident), tuple(blocks), tone(incident))


def _short_fields(facts: Facts) -> list[Field]:
    shown = {"Status", "Lead", "Services", "Since", "Next update"}
    return [item for item in _fields(facts) if item.label in shown]


def rooms_line(facts: Facts, called: str = "") -> Line:
    """Links to the rooms by their names, or by what they are to be ``called``."""
    spans: list[Span] = []
    for room in facts.rooms:
        spans += [Plain(" · ") if spans else Plain("Room: ")]
        spans.append(RoomLink(room.platform, room.room, called or room.name, room.url))
    return tuple(spans)


def goes_on_line(facts: Facts) -> Line:
    """Where the work goes on, for the room of what was merged."""
    spans: list[Span] = [Strong(f"Merged into {facts.goes_on}."), Plain(" Go on there")]
    for room in facts.goes_on_rooms:
        spans += [Plain(": "), RoomLink(room.platform, room.room, room.name, room.url)]
    return (*spans, Plain("."))

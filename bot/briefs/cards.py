"""Briefs and catch-ups as cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.briefs.model import Audience, Brief, Section, Statement
from bot.core.chat.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Clock,
    Line,
    Mention,
    Plain,
    Span,
    Strong,
    Text,
    When,
    context,
    line,
    text,
)
from bot.core.people import PersonId
from bot.core.timeline import Entry
from bot.incidents.cards import Facts, headline, tone
from bot.timeline.cards import author, sentence

Names = Mapping[PersonId, str]


def brief_card(brief: Brief, audience: Audience, names: Names) -> Card:
    """A brief to be copied on; for customers with instants in UTC, since who reads it is not known."""
    blocks: list[Block] = []
    for section in brief.sections:
        blocks.append(text(Strong(section.heading)))
        blocks.append(Bullets(_rows(section, audience, names)))
    if audience is Audience.CUSTOMER:
        blocks.append(
            context("Nothing internal is in this. /incident publish puts it on the page.")
        )
    return Card(brief.title, tuple(blocks))


def _rows(section: Section, audience: Audience, names: Names) -> tuple[Line, ...]:
    return tuple(_row(statement, audience, names) for statement in section.statements)


def _row(statement: Statement, audience: Audience, names: Names) -> Line:
    spans: list[Span] = [Plain(statement.text)]
    if statement.who is not None:
        spans += [Plain(": " if statement.text == "Lead" else " — "), _who(statement.who, names)]
    if statement.at is not None:
        spans += [Plain(" · "), _moment(statement.at, audience)]
    return tuple(spans)


def _who(person: PersonId, names: Names) -> Span:
    return Mention(person, names.get(person, person))


def _moment(at: datetime, audience: Audience) -> Span:
    if audience is Audience.CUSTOMER:
        return Plain(f"{at:%d %b %H:%M} UTC")
    return When(at)


def catchup_card(facts: Facts, entries: Sequence[Entry], since: datetime | None) -> Card:
    """Where it stands, and what happened since the reader was last there."""
    standing = [Plain(f"{facts.incident.status.value.capitalize()}. Lead: "), *_lead(facts)]
    if facts.open_tasks:
        standing.append(Plain(f". Open tasks: {facts.open_tasks}"))
    blocks: list[Block] = [Text((*standing, Plain(".")))]
    if since is not None:
        blocks.append(text("Since you were last here, ", When(since, Clock.RELATIVE), ":"))
    rows = tuple(_news(entry, facts.names) for entry in entries)
    blocks.append(Bullets(rows) if rows else text("Nothing new."))
    ref = facts.incident.reference
    blocks.append(Buttons((Button("Join", f"join {ref}"), Button("Timeline", f"timeline {ref}"))))
    return Card(headline(facts.incident), tuple(blocks), tone(facts.incident))


def _lead(facts: Facts) -> Line:
    lead = facts.incident.lead
    return (_who(lead, facts.names),) if lead else (Plain("nobody yet"),)


def _news(entry: Entry, names: Names) -> Line:
    return line(
        When(entry.happened_at), " ", Strong(author(entry, names)), " ", sentence(entry, names)
    )


def late_card(facts: Facts, entries: Sequence[Entry]) -> Card:
    """To a room that opened late: where it stands, and the last ten things that happened."""
    standing = text(f"{facts.incident.status.value.capitalize()}. What happened before this room:")
    rows = tuple(_news(entry, facts.names) for entry in entries[-10:])
    return Card("This room opened late", (standing, Bullets(rows)), tone(facts.incident))

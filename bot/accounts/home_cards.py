"""What one person finds when they look at the bot itself: their incidents, their tasks, their turns on call."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.chat.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Clock,
    Line,
    Plain,
    RoomLink,
    Span,
    Strong,
    Style,
    When,
    line,
    text,
)
from bot.incidents.cards import Facts, headline
from bot.tasks.model import Task

MOST = 10


def home_card(
    incidents: Sequence[Facts],
    tasks: Sequence[Task],
    on_call: Sequence[str],
    others: Sequence[Block] = (),
) -> Card:
    """``on_call`` names the schedules on which the person is on call now. At most ten of each are shown; ``others`` is
    what other packages add."""
    now = ", ".join(on_call)
    blocks: list[Block] = [
        Buttons((Button("Declare an incident", "declare", Style.PRIMARY),)),
        text(Strong("On call now: "), now) if now else text("You are not on call now."),
        text(Strong("Your open incidents")) if incidents else text("You are in no open incident."),
    ]
    if incidents:
        blocks.append(Bullets(tuple(_incident(each) for each in incidents[:MOST])))
    if tasks:
        blocks += [text(Strong("Your tasks")), Bullets(tuple(_task(task) for task in tasks[:MOST]))]
        blocks.append(Buttons(tuple(_done(task) for task in tasks[:MOST])))
    more = max(0, len(incidents) - MOST) + max(0, len(tasks) - MOST)
    if more:
        blocks.append(text(f"And {more} more: /incident list --mine"))
    return Card("Tocsin", (*blocks, *others))


def _incident(facts: Facts) -> Line:
    spans: list[Span] = [Plain(f"{headline(facts.incident)} · {facts.incident.status}")]
    for room in facts.rooms:
        spans += [Plain(" · "), RoomLink(room.platform, room.room, room.name, room.url)]
    return tuple(spans)


def _task(task: Task) -> Line:
    words = f"INC-{task.incident} {task.number}. {task.text}"
    return line(words, " · due ", When(task.due_at, Clock.RELATIVE)) if task.due_at else line(words)


def _done(task: Task) -> Button:
    return Button(
        f"Done: INC-{task.incident} {task.number}", f"done INC-{task.incident} {task.number}"
    )

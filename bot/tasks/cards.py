"""Lists of an incident's tasks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.core.chat.card import (
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
    line,
    plain,
)
from bot.core.incident import Incident
from bot.core.people import PersonId
from bot.tasks.model import Horizon, Task

_BUTTONS = 5


def tasks_card(incident: Incident, tasks: Iterable[Task], names: Mapping[PersonId, str]) -> Card:
    """Open ones first, with a button to finish each of the first few."""
    found = sorted(tasks, key=lambda task: (task.done_at is not None, task.number))
    if not found:
        return Card(f"Tasks of {incident.reference}", (Text(plain("None yet.")),))
    rows = tuple(_row(task, names) for task in found)
    open_ones = [task for task in found if task.done_at is None][:_BUTTONS]
    buttons = tuple(
        Button(f"Done {task.number}", f"done {incident.reference} {task.number}")
        for task in open_ones
    )
    blocks = (Bullets(rows), *((Buttons(buttons),) if buttons else ()))
    return Card(f"Tasks of {incident.reference}", blocks)


def _row(task: Task, names: Mapping[PersonId, str]) -> Line:
    mark = "✓ " if task.done_at else ""
    kind = "follow-up: " if task.horizon is Horizon.FOLLOWUP else ""
    spans: list[Span] = [Strong(f"{mark}{task.number} "), Plain(f"{kind}{task.text}")]
    if task.owner:
        spans += [Plain(" — "), Mention(task.owner, names.get(task.owner, task.owner))]
    if task.due_at and not task.done_at:
        spans += [Plain(", due "), When(task.due_at, Clock.RELATIVE)]
    return tuple(spans)


def one_line(words: str) -> Line:
    return line(words)

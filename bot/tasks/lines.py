"""What the timeline says of tasks."""

from __future__ import annotations

from bot.core.timeline import Kind, Line, Lines
from bot.tasks import events
from bot.tasks.model import Horizon


def _task(event: events.TaskAdded) -> Line:
    data = {"number": str(event.number)}
    if event.owner:
        data["owner"] = event.owner
    if event.due:
        data["due"] = event.due.isoformat()
    kind = Kind.TASK if event.horizon is Horizon.TASK else Kind.FOLLOWUP
    return Line(kind, event.text, data, source=event.source)


TASK_LINES: Lines = {
    events.TaskAdded: _task,
    events.TaskFinished: lambda e: Line(Kind.TASK_DONE, e.text, {"number": str(e.number)}),
    events.TaskReopened: "The line that said it was done is struck out.",
    events.TaskRemoved: "The line that added it is struck out.",
}

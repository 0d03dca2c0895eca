"""Writes the timeline: one line an event. An event without a line has a written reason."""

from __future__ import annotations

from bot.core.bus import Handler, on
from bot.core.events.base import IncidentEvent
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Lines
from bot.incidents.recording.amending import entered


def written_by(lines: Lines) -> tuple[Handler, ...]:
    """The handler that writes ``lines`` down, for the events that have one."""

    def write_down(uow: UnitOfWork, event: IncidentEvent) -> None:
        """The event's line, with what undoes the act where it is the act's first. What comes of taking an act back
        is said by what is struck out."""
        made = lines[type(event)]
        line = None if isinstance(made, str) or event.undoing else made(event)
        if line is None:
            return
        data, number = {**line.data, **event.undo}, event.incident.id
        entered(
            uow, number, event.actor, line.kind, line.text, data, source=line.source, url=line.url
        )

    return (
        on(*(kind for kind, line in lines.items() if not isinstance(line, str)), run=write_down),
    )

"""Subscribers hear of updates and of a change of status, without being in the room."""

from __future__ import annotations

from bot.core.bus import Handler, on
from bot.core.incident import Incident, Status, Visibility
from bot.core.people import SYSTEM, PersonId
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.events import StatusChanged
from bot.messages.service import may_know, whisper
from bot.updates.events import UpdatePosted

_LIMIT = 1000


def tell_the_update(uow: UnitOfWork, event: UpdatePosted) -> None:
    """In the words of the update."""
    _tell(uow, event.incident, event.actor.id, event.words)


def tell_the_status(uow: UnitOfWork, event: StatusChanged) -> None:
    """With why; an update tells it in words of its own, and what is taken back was hardly read."""
    if event.in_update or event.undoing:
        return
    words = f"{event.after.capitalize()}. {event.why}".strip()
    if event.after is Status.MERGED:
        words = f"Merged.{_goes_on(uow, event.incident)}"
    _tell(uow, event.incident, event.actor.id, words)


def _goes_on(uow: UnitOfWork, incident: Incident) -> str:
    """Where, if everybody may know it."""
    if incident.merged_into is None:
        return ""
    target = uow.incidents.get(incident.merged_into, SYSTEM)
    return f" Work goes on in {target.reference}." if target.visibility is Visibility.PUBLIC else ""


def _tell(uow: UnitOfWork, incident: Incident, by: PersonId, words: str) -> None:
    """Each of them, but whoever says it and who may not see it any more."""
    for person in uow.incidents.subscribers(incident.id):
        if person != by and may_know(uow, incident.id, person):
            whisper(uow, person, incident.id, "news", {"text": words[:_LIMIT]})


HANDLERS: tuple[Handler, ...] = (
    on(UpdatePosted, run=tell_the_update),
    on(StatusChanged, run=tell_the_status),
)

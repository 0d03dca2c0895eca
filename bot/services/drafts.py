"""The postmortem draft of an incident, made from its log whenever it is read: so it is always there."""

from __future__ import annotations

from bot.domain.incident import IncidentId
from bot.domain.people import PersonId, Viewer
from bot.domain.postmortem import Postmortem, draft
from bot.ports import UnitOfWork
from bot.views.postmortem import html, markdown


def draft_of(uow: UnitOfWork, number: IncidentId, viewer: Viewer) -> Postmortem:
    """Raises ``NotFound`` for what the viewer may not see."""
    incident = uow.incidents.get(number, viewer)
    entries = uow.timeline.of(number, viewer)
    people = {entry.author for entry in entries if entry.author}
    people |= {PersonId(e.data[k]) for e in entries for k in ("person", "owner") if e.data.get(k)}
    names = {person: uow.people.get(person).name for person in sorted(people)}
    return draft(incident.reference, entries, names)


def draft_html(uow: UnitOfWork, number: IncidentId, viewer: Viewer) -> str:
    return html(draft_of(uow, number, viewer), f"/incidents/INC-{number}")


def draft_markdown(uow: UnitOfWork, number: IncidentId, viewer: Viewer, base_url: str) -> str:
    """Links are whole addresses, since Markdown is sent around."""
    return markdown(draft_of(uow, number, viewer), f"{base_url}/incidents/INC-{number}")

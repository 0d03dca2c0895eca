"""What the page behind a signed link shows: enough to decide, and of a private incident its reference only."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.errors import NotFound
from bot.core.escalation import OPEN_STATES, PageId, PageState
from bot.core.incident import Visibility
from bot.core.links import Grant, Purpose
from bot.core.people import Viewer
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.facts import facts_of
from bot.messages.addresses import exists
from bot.paging.cards import page_text


@dataclass(frozen=True, slots=True)
class Shown:
    """``can`` is what the button says; empty when there is nothing to press."""

    title: str
    name: str
    lines: tuple[str, ...] = ()
    can: str = ""


def shown(uow: UnitOfWork, grant: Grant) -> Shown:
    """Reads only. Raises ``NotFound`` for somebody who has left, and for what is not there or not for
    them any more: whoever is paged is in the incident until they leave it."""
    if not exists(uow, grant.person):
        raise NotFound("The person this link was for has left the organisation. Ask an admin.")
    person = uow.people.get(grant.person)
    if grant.purpose is Purpose.SEEN:
        return Shown("A test page", person.name, ("Nothing is broken.",), "It has arrived")
    page = uow.pages.get(PageId(grant.number))
    incident = uow.incidents.get(page.incident, Viewer(grant.person))
    title, _ = page_text(facts_of(uow, incident), "", person.timezone, "")
    hidden = incident.visibility is Visibility.PRIVATE
    lines = [] if hidden else [words for words in (incident.title, page.text) if words]
    if page.acknowledged_by:
        lines.append(f"{uow.people.name(page.acknowledged_by)} has acknowledged it.")
    elif page.state not in OPEN_STATES:
        lines.append(f"This page is {page.state}.")
    can = "Acknowledge" if page.state in (*OPEN_STATES, PageState.SNOOZED) else ""
    return Shown(title, person.name, tuple(lines), can)

"""The debrief: when people come together over what happened, and what is to be asked there."""

from __future__ import annotations

from datetime import datetime

from bot.core.chat.card import Card
from bot.core.errors import IllegalMove, Invalid
from bot.core.incident import ENDED, Incident, IncidentId
from bot.core.people import Actor, Viewer
from bot.core.permissions import Action, may
from bot.core.ports.jobs import Args
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Kind, fold
from bot.incidents.facts import DRAFTED, draft_url
from bot.postmortems.cards import Debrief, debrief_in_room
from bot.postmortems.events import DebriefSet
from bot.postmortems.model import Placeholder
from bot.postmortems.service import draft_of

_ASKED = 8


def debrief(uow: UnitOfWork, number: IncidentId, viewer: Viewer) -> Debrief:
    """When it is, by the last word on it, and its agenda."""
    incident = uow.incidents.get(number, viewer)
    told = [e for e in fold(uow.timeline.of(number, viewer)) if e.kind is Kind.DEBRIEF]
    at = datetime.fromisoformat(told[-1].data["at"]) if told else None
    made = draft_of(uow, number, viewer)
    holes = [i.question for s in made.sections for i in s.items if isinstance(i, Placeholder)]
    return Debrief(incident, at, tuple(holes[:_ASKED]), draft_url(uow.internal_url, incident))


def set_debrief(uow: UnitOfWork, actor: Actor, number: IncidentId, at: datetime) -> Incident:
    """Say when; the room is told. Said again, the last word holds. Raises ``IllegalMove`` for what came
    to nothing, ``Invalid`` for a time that is over."""
    may(actor, Action.POSTMORTEM)
    incident = uow.incidents.lock(number, actor.viewer)
    if incident.status in ENDED:
        raise IllegalMove(
            f"{incident.reference} status is {incident.status}: nothing to debrief. /incident list --all shows others."
        )
    if at <= uow.now:
        raise Invalid("That time is past. Say when: /incident debrief fri 14:00")
    uow.happened(DebriefSet(uow.now, actor, incident, at))
    return incident


def debrief_words(uow: UnitOfWork, incident: Incident, what: str, args: Args) -> tuple[Card, ...]:
    """To the room: when it is talked over."""
    if not what.startswith("debrief"):
        return ()
    url = draft_url(uow.internal_url, incident) if incident.status in DRAFTED else ""
    return (debrief_in_room(incident, datetime.fromisoformat(str(args["at"])), url),)

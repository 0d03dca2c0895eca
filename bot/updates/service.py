"""Updates: what is said about an incident, and when the next one is promised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.errors import Invalid
from bot.core.events.base import Said
from bot.core.incident import Incident, IncidentId, Status
from bot.core.people import Actor
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.severity import Severity
from bot.incidents.lifecycle.service import moved
from bot.incidents.nudges.promises import promised
from bot.incidents.recording.amending import amend
from bot.updates.events import UpdatePosted

TEXT_LIMIT = 4000
NO_CHANGE = "No change; still working on it."


@dataclass(frozen=True, slots=True)
class Update:
    """The one form: text, and perhaps status, severity and when the next one comes."""

    text: str
    status: Status | None = None
    severity: Severity | None = None
    next_at: datetime | None = None


def post(uow: UnitOfWork, actor: Actor, number: IncidentId, update: Update) -> Incident:
    """Record an update with the changes it carries; the next one is promised by cadence if not by hand."""
    may(actor, Action.UPDATE)
    words = update.text.strip()[:TEXT_LIMIT]
    if not words:
        raise Invalid('An update needs words: /incident update "text"')
    before = uow.incidents.lock(number, actor.viewer)
    after = before
    if update.status is not None and update.status is not before.status:
        after = moved(uow, after, update.status)
    if update.severity is not None:
        after = replace(after, severity=update.severity)
    after = promised(uow, after, update.next_at)
    said = UpdatePosted(uow.now, actor, after, Said(words), after.status)
    return amend(uow, actor, before, after, said)


def heartbeat(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Incident:
    """The one-click update that nothing has changed."""
    return post(uow, actor, number, Update(NO_CHANGE))

"""Updates: what is said about an incident, and when the next one is promised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.errors import Invalid
from bot.domain.incident import Incident, IncidentId, Status, move
from bot.domain.people import Actor
from bot.domain.policy import Action, may
from bot.domain.priority import Severity
from bot.domain.timeline import Kind
from bot.ports import UnitOfWork
from bot.services.closing import ready
from bot.services.following import tell_subscribers
from bot.services.incidents import consequences
from bot.services.promises import promised, remind
from bot.services.recording import apply, record

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
    after, beside = before, []
    if update.status is not None and update.status is not before.status:
        ready(uow, before, update.status)
        after = move(after, update.status, uow.now)
        data = {"from": before.status.value, "to": update.status.value}
        beside.append(record(uow, number, actor, Kind.STATUS, "", data))
    if update.severity is not None and update.severity is not before.severity:
        old = before.severity.label if before.severity else ""
        after = replace(after, severity=update.severity)
        data = {"from": old, "to": update.severity.label}
        beside.append(record(uow, number, actor, Kind.SEVERITY, "", data))
    data = {"audience": "internal", "status": after.status.value}
    data["with"] = ",".join(str(entry.id) for entry in beside)
    after = promised(uow, after, update.next_at)
    saved = apply(uow, actor, before, after, Kind.UPDATE, words, data)
    consequences(uow, actor, before, saved)
    remind(uow, saved)
    tell_subscribers(uow, actor, number, words)
    return saved


def heartbeat(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Incident:
    """The one-click update that nothing has changed."""
    return post(uow, actor, number, Update(NO_CHANGE))

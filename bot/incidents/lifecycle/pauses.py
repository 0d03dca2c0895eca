"""Pause and resume: nothing can be done for now, and nobody is nudged meanwhile."""

from __future__ import annotations

from bot.core.incident import Incident, IncidentId, pause, resume
from bot.core.people import Actor
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.nudges.promises import sooner
from bot.incidents.recording.amending import amend

TEXT_LIMIT = 500


def pause_incident(uow: UnitOfWork, actor: Actor, number: IncidentId, why: str) -> Incident:
    """Pause it. Raises ``IllegalMove``."""
    may(actor, Action.PAUSE)
    before = uow.incidents.lock(number, actor.viewer)
    words = why.strip()[:TEXT_LIMIT]
    return amend(uow, actor, before, pause(before, words, uow.now))


def resume_incident(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Incident:
    """Resume it: the nudges start anew. Raises ``IllegalMove``."""
    may(actor, Action.PAUSE)
    before = uow.incidents.lock(number, actor.viewer)
    return amend(uow, actor, before, sooner(uow, resume(before)))

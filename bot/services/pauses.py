"""Pause and resume: nothing can be done for now, and nobody is nudged meanwhile."""

from __future__ import annotations

from bot.domain.incident import Incident, IncidentId, pause, resume
from bot.domain.people import Actor
from bot.domain.policy import Action, may
from bot.ports import UnitOfWork
from bot.services.promises import sooner
from bot.services.recording import amend

TEXT_LIMIT = 500


def put_aside(uow: UnitOfWork, actor: Actor, number: IncidentId, why: str) -> Incident:
    """Pause it. Raises ``IllegalMove``."""
    may(actor, Action.PAUSE)
    before = uow.incidents.lock(number, actor.viewer)
    words = why.strip()[:TEXT_LIMIT]
    return amend(uow, actor, before, pause(before, words, uow.now))


def go_on(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Incident:
    """Resume it: the nudges start anew. Raises ``IllegalMove``."""
    may(actor, Action.PAUSE)
    before = uow.incidents.lock(number, actor.viewer)
    return amend(uow, actor, before, sooner(uow, resume(before)))

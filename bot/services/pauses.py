"""Pause and resume: nothing can be done for now, and nobody is nudged meanwhile."""

from __future__ import annotations

from bot.domain.incident import Incident, IncidentId, pause, resume
from bot.domain.people import Actor
from bot.domain.policy import Action, may
from bot.domain.timeline import Kind
from bot.ports import UnitOfWork
from bot.services.promises import remind, sooner
from bot.services.reactions import Event
from bot.services.recording import apply, follow

TEXT_LIMIT = 500


def put_aside(uow: UnitOfWork, actor: Actor, number: IncidentId, why: str) -> Incident:
    """Pause it. Raises ``IllegalMove``."""
    may(actor, Action.PAUSE)
    before = uow.incidents.lock(number, actor.viewer)
    words = why.strip()[:TEXT_LIMIT]
    return apply(uow, actor, before, pause(before, words, uow.now), Kind.PAUSED, words)


def go_on(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Incident:
    """Resume it: the nudges start anew. Raises ``IllegalMove``."""
    may(actor, Action.PAUSE)
    before = uow.incidents.lock(number, actor.viewer)
    saved = apply(uow, actor, before, sooner(uow, resume(before)), Kind.RESUMED)
    remind(uow, saved)
    follow(uow, Event.RESUMED, number)
    return saved

"""Undo: one's own last action in an incident is taken back, within a minute, where it can be.

An entry that changed the incident carries, under ``undo``, the fields it changed as they were and as
they became; it is undone only while they still are what it made of them.
"""

from __future__ import annotations

from datetime import timedelta

from bot.domain.errors import Invalid, NotFound
from bot.domain.incident import Incident, IncidentId, Status
from bot.domain.nudge import Cause
from bot.domain.people import Actor
from bot.domain.policy import Action, may
from bot.domain.timeline import Entry, EntryId, Kind, fold
from bot.ports import UnitOfWork
from bot.services.answering import take_up
from bot.services.incidents import consequences
from bot.services.nudges import answered
from bot.services.recording import change, changed, record
from bot.services.snapshots import UNDO, restored

UNDO_WITHIN = timedelta(minutes=1)
_WORDS_ALONE = (
    Kind.NOTE,
    Kind.DECISION,
    Kind.MESSAGE,
    Kind.UPDATE,
    Kind.LINK,
    Kind.CONFIRMED,
    Kind.POSTMORTEM,
    Kind.DEBRIEF,
)
# What a close waited for.
_CLOSES = (Kind.CONFIRMED, Kind.POSTMORTEM)
_RECENT = 50
_HOW = {
    Kind.DECLARED: "/incident cancel",
    Kind.JOINED: "/incident leave",
    Kind.LEFT: "/incident join",
    Kind.PAGED: "/incident unpage",
    Kind.VISIBILITY: "nothing: what is private stays private",
    Kind.PUBLISHED: "publish a correction: /incident publish",
}


def undo(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Entry:
    """Take back one's own last action in this incident. Raises ``NotFound`` and ``Invalid``."""
    may(actor, Action.UNDO)
    incident = uow.incidents.lock(number, actor.viewer)
    last = _last_action(uow, actor, number)
    if last.kind in _CLOSES and incident.status is Status.CLOSED:
        raise Invalid(f"{incident.reference} was closed on it. /incident reopen first.")
    if UNDO in last.data:
        _restore(uow, actor, incident, last)
        for cause in (Cause.LEAD, Cause.ROLE, Cause.SEVERITY):
            answered(uow, number, cause)
    elif last.kind in (Kind.TASK, Kind.FOLLOWUP, Kind.TASK_DONE):
        _untask(uow, number, last)
    elif last.kind not in _WORDS_ALONE:
        how = _HOW.get(last.kind, "change it back")
        raise Invalid(f"That cannot be undone. Instead: {how}")
    for entry in (*_beside(last), last.id):
        record(uow, number, actor, Kind.UNDONE, source=last.source, supersedes=entry)
    changed(uow, number)
    _unname(uow, actor, last)
    return last


def _unname(uow: UnitOfWork, actor: Actor, last: Entry) -> None:
    """A merge that is taken back is named no more where work would have gone on."""
    if last.data.get("named"):
        into, named = IncidentId(int(last.data["into"])), EntryId(int(last.data["named"]))
        record(uow, into, actor, Kind.UNDONE, supersedes=named)
        changed(uow, into)


def _last_action(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Entry:
    entries = fold(uow.timeline.recent(number, _RECENT, actor.viewer))
    mine = [
        e
        for e in entries
        if actor.id in (e.author, e.data.get("captured_by"))
        and uow.now - e.recorded_at <= UNDO_WITHIN
    ]
    last = max(mine, key=lambda e: e.id, default=None)
    if last is None:
        raise NotFound(
            "Nothing of yours from the last minute can be undone here. Set it to what it should be."
        )
    return last


def _beside(last: Entry) -> tuple[EntryId, ...]:
    """Entries that the same action wrote."""
    return tuple(EntryId(int(n)) for n in last.data.get("with", "").split(",") if n)


def _restore(uow: UnitOfWork, actor: Actor, incident: Incident, last: Entry) -> None:
    saved = change(uow, restored(incident, last.data))
    consequences(uow, actor, incident, saved)
    if saved.is_open and not incident.is_open:
        take_up(uow, saved)


def _untask(uow: UnitOfWork, number: IncidentId, last: Entry) -> None:
    which = int(last.data["number"])
    if last.kind is Kind.TASK_DONE:
        uow.tasks.reopen(number, which)
    else:
        uow.tasks.remove(number, which)

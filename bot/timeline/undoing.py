"""Undo: one's own last act in an incident is taken back, within a minute, where it can be.

The first entry of an act that changed the incident carries, under ``undo``, the fields it changed as they were and
as they became; it is undone only while they still are what it made of them.
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.errors import Invalid, NotFound
from bot.core.incident import Incident, IncidentId, Status
from bot.core.people import SYSTEM, Actor
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Entry, Kind, fold
from bot.incidents.events import ActUndone, SeparatedFrom
from bot.incidents.recording.amending import amend, entered
from bot.incidents.recording.snapshots import UNDO, restored
from bot.tasks.events import TaskRemoved, TaskReopened

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
_TASKS = (Kind.TASK, Kind.FOLLOWUP, Kind.TASK_DONE)
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
    """Take back one's own last act in this incident: all that it changed. Returns the last of what was struck. Raises
    ``NotFound`` and ``Invalid``."""
    may(actor, Action.UNDO)
    incident = uow.incidents.lock(number, actor.viewer)
    found = _last_act(uow, actor, number)
    # Whoever joined to do it stays; only what they did is taken back.
    led = next((entry for entry in found if entry.kind is not Kind.JOINED), found[0])
    if not _can_be_undone(led):
        how = "/incident page" if "page" in led.data else _HOW.get(led.kind, "change it back")
        raise Invalid(f"That cannot be undone. Instead: {how}")
    if led.kind in _CLOSES and incident.status is Status.CLOSED:
        raise Invalid(f"{incident.reference} was closed on it. /incident reopen first.")
    for entry in found:
        _take_back(uow, actor, incident, entry)
    struck = [entry for entry in found if entry.kind not in _HOW]
    _strike(uow, actor, incident, struck)
    _unname(uow, actor, found)
    return struck[-1]


def _can_be_undone(entry: Entry) -> bool:
    # An answer to a page is more than its entry: the page has changed.
    words = entry.kind in _WORDS_ALONE and "page" not in entry.data
    return UNDO in entry.data or entry.kind in _TASKS or words


def _take_back(uow: UnitOfWork, actor: Actor, incident: Incident, entry: Entry) -> None:
    if UNDO in entry.data:
        amend(uow, actor, incident, restored(incident, entry.data), undoing=True)
    elif entry.kind in _TASKS:
        _untask(uow, actor, incident, entry)


def _strike(uow: UnitOfWork, actor: Actor, incident: Incident, entries: list[Entry]) -> None:
    """The entries that say that these hold no more."""
    for entry in entries:
        entered(uow, incident.id, actor, Kind.UNDONE, source=entry.source, supersedes=entry.id)
    struck = tuple(entry.id for entry in entries)
    uow.happened(ActUndone(uow.now, actor, incident, struck))


def _unname(uow: UnitOfWork, actor: Actor, found: list[Entry]) -> None:
    """A merge that is taken back is named no more where work would have gone on."""
    into = next((e.data["into"] for e in found if e.data.get("into")), "")
    if not into:
        return
    target = uow.incidents.lock(IncidentId(int(into)), SYSTEM)
    there = uow.timeline.recent(target.id, _RECENT, SYSTEM)
    for named in (e for e in fold(there) if e.kind is Kind.MERGED and e.act == found[0].act):
        entered(uow, target.id, actor, Kind.UNDONE, supersedes=named.id)
        source = found[0].incident
        uow.happened(SeparatedFrom(uow.now, actor, target, source))


def _last_act(uow: UnitOfWork, actor: Actor, number: IncidentId) -> list[Entry]:
    """The entries of one's own last act, by id."""
    recent = uow.timeline.recent(number, _RECENT, actor.viewer)
    # What customers were told because something was taken back is no act of its own, nor is what is left of an act
    # that was taken back.
    undone = [e for e in recent if e.kind is Kind.UNDONE]
    struck = {e.supersedes for e in undone}
    taken_back = {e.act for e in [*undone, *(e for e in recent if e.id in struck)] if e.act}
    mine = sorted(
        (
            e
            for e in fold(recent)
            if actor.id in (e.author, e.data.get("captured_by"))
            and uow.now - e.recorded_at <= UNDO_WITHIN
            and e.act not in taken_back
        ),
        key=lambda e: e.id,
    )
    if not mine:
        raise NotFound(
            "Nothing of yours from the last minute can be undone here. /incident help says how to change it."
        )
    return [e for e in mine if e.act == mine[-1].act] if mine[-1].act else mine[-1:]


def _untask(uow: UnitOfWork, actor: Actor, incident: Incident, entry: Entry) -> None:
    which = int(entry.data["number"])
    if entry.kind is Kind.TASK_DONE:
        uow.tasks.reopen(incident.id, which)
        uow.happened(TaskReopened(uow.now, actor, incident, which))
    else:
        uow.tasks.remove(incident.id, which)
        uow.happened(TaskRemoved(uow.now, actor, incident, which))

"""The policy table: which jobs follow from which event. Pure data.

Every task named here is registered with the worker; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.core.chat.vocabulary import Secrecy
from bot.core.events.base import Event, IncidentEvent
from bot.core.incident import ENDED, OPEN, Mode, Status, Visibility
from bot.core.ports.jobs import Queue
from bot.incidents import events as incidents
from bot.paging import events as paging
from bot.postmortems import events as postmortems
from bot.statuspage import events as statuspage
from bot.tasks import events as tasks
from bot.updates import events as updates
from bot.warrooms import events as warrooms
from bot.warrooms.reacting import INVITE, Per, Reaction

_ROOM, _CHAT, _TIMER, _ALARM = Queue.ROOM, Queue.CHAT, Queue.TIMER, Queue.ALARM
_MINUTE = timedelta(minutes=1)


# --- when ------------------------------------------------------------------------------------------


def going_on(event: incidents.Declared) -> bool:
    """Nobody is woken for what is over."""
    return event.incident.mode is not Mode.RETROSPECTIVE


def declared_major(event: incidents.Declared) -> bool:
    """It began as a major one."""
    return event.incident.is_major


def became_major(event: incidents.MajorChanged) -> bool:
    """It is one from now on."""
    return event.after


def resolved(event: incidents.StatusChanged) -> bool:
    """It is fixed."""
    return event.after is Status.RESOLVED


def reopened(event: incidents.StatusChanged) -> bool:
    """It goes on after all."""
    return event.before not in OPEN and event.after in OPEN


def over_or_back(event: incidents.StatusChanged) -> bool:
    """How it stands at the top of the room is not true any more."""
    ended = event.after in ENDED and event.before not in ENDED
    return resolved(event) or reopened(event) or ended


def at_once(event: incidents.PeopleAdded) -> bool:
    """The room lets them in now."""
    return event.later is None


def became_private_meanwhile(event: warrooms.RoomOpened) -> bool:
    """The room was asked for while everybody might read."""
    return event.secrecy is Secrecy.OPEN and event.incident.visibility is Visibility.PRIVATE


def of_card(event: warrooms.MessagePosted | warrooms.MessageDeleted) -> bool:
    """It is the room's card."""
    return event.what is warrooms.LivingMessage.CARD


def of_announcement(event: warrooms.MessageDeleted) -> bool:
    """It is the announcement."""
    return not of_card(event)


# --- the table -------------------------------------------------------------------------------------

_SEAL = Reaction("seal_room", _ROOM, lane="room")
_ROLE = Reaction("nudge_role", _TIMER, Per.INCIDENT, once="nudge:role", after=15 * _MINUTE)
_NUDGES_ANEW = (
    Reaction("nudge_lead", _TIMER, Per.INCIDENT, once="nudge:lead", after=2 * _MINUTE),
    Reaction("nudge_severity", _TIMER, Per.INCIDENT, once="nudge:severity", after=5 * _MINUTE),
    _ROLE,
    Reaction("nudge_quiet", _TIMER, Per.INCIDENT, once="nudge:quiet", after=120 * _MINUTE),
)

REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {
    incidents.Declared: (
        Reaction("page_on_call", _ALARM, Per.INCIDENT, when=going_on),
        Reaction("open_room", _ROOM, lane="room"),
        Reaction("nudge_lead", _TIMER, Per.INCIDENT, after=2 * _MINUTE, when=going_on),
        Reaction("nudge_severity", _TIMER, Per.INCIDENT, after=5 * _MINUTE, when=going_on),
        Reaction("nudge_quiet", _TIMER, Per.INCIDENT, after=120 * _MINUTE, when=going_on),
        replace(_ROLE, when=declared_major),
    ),
    warrooms.RoomOpened: (
        Reaction("post_card", _ROOM, lane="card"),  # first: the pin follows from it
        INVITE,
        Reaction("set_topic", _ROOM, lane="topic", once="topic"),
        Reaction("bookmark", _CHAT, lane="bookmarks"),
        Reaction("announce", _CHAT, lane="announcement"),
        replace(_SEAL, when=became_private_meanwhile),
    ),
    warrooms.RoomLost: (Reaction("open_room", _ROOM, lane="room"),),
    warrooms.MessagePosted: (Reaction("pin_card", _ROOM, lane="pin", when=of_card),),
    warrooms.MessageDeleted: (
        Reaction("post_card", _ROOM, lane="card", when=of_card),
        Reaction("announce", _CHAT, lane="announcement", when=of_announcement),
    ),
    incidents.PeopleAdded: (replace(INVITE, when=at_once),),
    incidents.PersonLeft: (Reaction("remove", _ROOM, lane="invite"),),
    incidents.VisibilityChanged: (_SEAL,),
    incidents.MajorChanged: (replace(_ROLE, when=became_major),),
    incidents.StatusChanged: (
        Reaction("set_topic", _CHAT, lane="topic", once="topic", when=over_or_back),
        Reaction("send_draft", _TIMER, Per.INCIDENT, when=resolved),
        Reaction("ask_reporter", _TIMER, Per.INCIDENT, when=resolved),
        *(replace(nudge, when=reopened) for nudge in _NUDGES_ANEW),
    ),
    incidents.Resumed: _NUDGES_ANEW,
}

# What card and announcement show: each follows, once an act.
SHOWN: tuple[type[IncidentEvent], ...] = (
    incidents.StatusChanged, incidents.SeverityChanged, incidents.MajorChanged, incidents.ServicesChanged,
    incidents.DescriptionChanged, incidents.TimeCorrected, incidents.Paused, incidents.Resumed, incidents.PromiseChanged,
    incidents.PromiseBroken, incidents.MergedInto, incidents.TookOver, incidents.SeparatedFrom, incidents.VisibilityChanged, incidents.RoleGiven,
    incidents.PersonLeft, incidents.EntryAmended, incidents.ActUndone, incidents.EntryRedacted,
    updates.UpdatePosted, tasks.TaskAdded, tasks.TaskFinished, tasks.TaskReopened,
    tasks.TaskRemoved, incidents.FixConfirmed, incidents.PostmortemSettled, postmortems.DebriefSet,
    paging.PageStarted, paging.PageEscalated, paging.CatchAllTold, paging.PageAcknowledged, paging.PageSnoozed,
    paging.PageReopened, paging.PageExpired, paging.PageStopped, paging.PageEnded,
    paging.NoticeFailed, statuspage.IncidentPublished,
    warrooms.RoomLost, warrooms.RoomRenamed, warrooms.StepDone, warrooms.StepRetrying,
    warrooms.StepFailed, warrooms.SlotFilled,
)  # fmt: skip

"""What pages do when their incident changes: they end with it, and begin again when its end is taken back. Messages
that were sent show the page's present state."""

from __future__ import annotations

from bot.core.bus import Handler, on
from bot.core.escalation import OPEN_STATES, Page, PageState
from bot.core.events.base import IncidentEvent
from bot.core.incident import OPEN
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.events import EntryRedacted, PeopleAdded, StatusChanged, VisibilityChanged
from bot.messages.service import say_when_open
from bot.paging import events
from bot.paging.service import FIRES, again, end, refresh_notice
from bot.warrooms.events import RoomOpened

_ASKING = (*OPEN_STATES, PageState.SNOOZED)


def follow_the_incident(uow: UnitOfWork, event: StatusChanged) -> None:
    """It is over: open pages stop. Its end was taken back: those that it stopped unanswered begin anew."""
    incident = event.incident
    if event.after not in OPEN and event.before in OPEN:
        for page in uow.pages.of(incident.id):
            if page.state in _ASKING:
                end(uow, page, incident)
    elif event.undoing and event.after in OPEN and event.before not in OPEN:
        for page in uow.pages.of(incident.id):
            if page.state is PageState.RESOLVED and page.acknowledged_by is None:
                again(uow, event.actor, uow.pages.lock(page.id), incident)


def show(uow: UnitOfWork, event: events.PageEvent) -> None:
    """Every message of the page is edited to how it stands now."""
    _refresh(uow, event.page)


def show_all(uow: UnitOfWork, event: IncidentEvent) -> None:
    """Every message of every page of the incident."""
    for page in uow.pages.of(event.incident.id):
        _refresh(uow, page)


def show_by_hand(uow: UnitOfWork, event: events.PageEscalated) -> None:
    """Those who did not answer see that somebody went on to others."""
    if event.why is events.Why.BY_HAND:
        _refresh(uow, event.page)


def _refresh(uow: UnitOfWork, page: Page) -> None:
    for notice in uow.pages.notices(page.id):
        refresh_notice(uow, page, notice.person, notice.platform, notice.level)


def say_that_nobody_answers(
    uow: UnitOfWork, event: events.CatchAllTold | events.PageExpired | events.NoticeFailed
) -> None:
    """Loudly, in the room."""
    page = event.page.id
    if isinstance(event, events.CatchAllTold):
        what = f"unreached:{page}:{event.level}"
    elif isinstance(event, events.PageExpired):
        what = f"expired:{page}"
    elif event.last:
        what = f"unheard:{page}:{event.level}"
    else:
        return
    say_when_open(uow, event.incident.id, what, {"page": page})


def bring_in_later(uow: UnitOfWork, event: PeopleAdded) -> None:
    """Whoever was told late is let in when the room has had less of the bot."""
    if event.later is not None:
        number = event.incident.id
        args: dict[str, str | int] = {"incident": number}
        key = f"inc{number}:bring_in"
        spec = JobSpec("bring_in", Queue.TIMER, args, None, key, event.later, number)
        uow.jobs.enqueue(spec)


HANDLERS: tuple[Handler, ...] = (
    on(StatusChanged, run=follow_the_incident, records=(events.PageEnded, *FIRES)),
    on(
        events.PageAcknowledged, events.PageSnoozed, events.PageExpired, events.PageStopped,
        events.PageReopened, events.PageEnded,
        run=show,
    ),
    on(events.PageEscalated, run=show_by_hand),
    on(RoomOpened, VisibilityChanged, EntryRedacted, run=show_all),
    on(events.CatchAllTold, events.PageExpired, events.NoticeFailed, run=say_that_nobody_answers),
    on(PeopleAdded, run=bring_in_later),
)  # fmt: skip

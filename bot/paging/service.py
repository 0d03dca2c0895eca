"""Paging: start, tell, escalate. A page is never dropped: a step that reaches nobody is passed over, and
at the end of the policy the catch-all is told, loudly. How people answer a page is in ``answering``."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.errors import IllegalMove
from bot.core.escalation import (
    EXPIRES_AFTER,
    OPEN_STATES,
    Notice,
    NoticeState,
    Page,
    PageId,
    PageState,
    Policy,
    Step,
    Target,
    step_at,
    wait_after,
)
from bot.core.events.base import Event, Said, Word
from bot.core.incident import OPEN, Incident, IncidentId, Membership, Visibility
from bot.core.people import BOT, SYSTEM, Actor, PersonId
from bot.core.permissions import Action, may
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.reaching import Send, urgency_of
from bot.incidents.events import PeopleAdded, Way
from bot.incidents.nudges.service import may_be_said
from bot.incidents.roles.service import add_people
from bot.messages.addresses import ROOM, sends_to
from bot.paging import events
from bot.paging.targets import reachable, reached, rooms_told, take_turn


def start(uow: UnitOfWork, number: IncidentId) -> Page | None:
    """Page whoever the incident's services escalate to. Needs nothing but the database."""
    incident = uow.incidents.lock(number, SYSTEM)
    if incident.status not in OPEN:
        return None
    policy = uow.org.policy_for(incident.services)
    return begin(uow, BOT, incident, policy or Policy("catch-all", (), 1), "")


def begin(uow: UnitOfWork, actor: Actor, incident: Incident, policy: Policy, text: str) -> Page:
    """Open a page with a snapshot of ``policy`` and fire its first step."""
    by = None if actor == BOT else actor.id
    page = uow.pages.add(incident.id, policy, text, by)
    uow.happened(events.PageStarted(uow.now, actor, incident, page))
    fire(uow, page, incident, 0)
    return page


def page_people(
    uow: UnitOfWork, actor: Actor, number: IncidentId, targets: tuple[Target, ...], text: str
) -> Page:
    """Page somebody by hand: one step, then the catch-all."""
    may(actor, Action.PAGE)
    incident = going_on(uow, actor, number)
    return begin(uow, actor, incident, Policy("by hand", (Step(targets),), 1), text)


def going_on(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Incident:
    """The incident, held. Raises ``IllegalMove``: nobody is woken for what is over."""
    incident = uow.incidents.lock(number, actor.viewer)
    if not incident.is_open:
        hint = "" if incident.merged_into else " /incident reopen first."
        raise IllegalMove(
            f"{incident.reference} is not open (status: {incident.status}); nobody is paged for it.{hint}"
        )
    return incident


def fire(uow: UnitOfWork, page: Page, incident: Incident, level: int) -> None:
    """Fire the step at ``level``, or the first after it that reaches anybody, or the catch-all.

    A step that is not for this severity, or for nobody at this hour, is passed over in silence. A channel
    hears nothing of a private incident: who reads it nobody knows.
    """
    while (step := step_at(page.policy, level - page.origin)) is not None:
        if step.concerns(incident.severity):
            found = reached(uow, page.policy, step, uow.now)
            rooms = rooms_told(uow, step) if incident.visibility is Visibility.PUBLIC else ()
            if found.people or rooms:
                take_turn(uow, found)
                begins = _tell(uow, page, incident, level, found.people, rooms)
                wait = wait_after(page.policy, level - page.origin)
                timer(uow, "escalate", page, begins + wait, level)
                return
            if not found.outside_hours:
                names = Said(", ".join(str(target) for target in step.notify))
                uow.happened(
                    events.StepPassedOver(uow.now, BOT, incident, page, level=level, targets=names)
                )
        level += 1
    _catch_all(uow, page, incident)


def timer(uow: UnitOfWork, task: str, page: Page, at: datetime, stamp: int) -> None:
    """A timer of a page; ``stamp`` tells it, when due, whether it still applies."""
    args: dict[str, str | int] = {"page": page.id, "level": stamp, "incident": page.incident}
    uow.jobs.enqueue(JobSpec(task, Queue.ALARM, args, run_at=at, incident=page.incident))


def _tell(
    uow: UnitOfWork,
    page: Page,
    incident: Incident,
    level: int,
    people: tuple[PersonId, ...],
    rooms: tuple[tuple[str, str], ...] = (),
) -> datetime:
    """Tell them by their own rules. Returns when the first of them hears it: after quiet hours, maybe."""
    first: list[datetime] = [uow.now] if rooms else []
    for platform, room in rooms:
        _send(uow, page, PersonId(f"{ROOM}{room}"), Send(platform, uow.now), level)
    for person in people:
        uow.happened(events.PersonPaged(uow.now, BOT, incident, page, level=level, person=person))
        planned = sends_to(uow, person, urgency_of(incident.severity), uow.now)
        for send in planned:
            _send(uow, page, person, send, level)
        first += [send.at for send in planned[:1]]
    begins = min(first, default=uow.now)
    state = PageState.PENDING if begins > uow.now else PageState.TRIGGERED
    moved = replace(page, level=level, state=state)
    uow.pages.save(moved)
    uow.happened(events.PageMoved(uow.now, BOT, incident, moved, state=state))
    later = _let_in(uow, incident, level)
    add_people(uow, BOT, incident, people, Membership.INVITED, Way.PAGE, later)
    return begins


def _let_in(uow: UnitOfWork, incident: Incident, level: int) -> datetime | None:
    """When those who are new come into the room: those of the first step at once (None); who is told later when the
    room has had less of the bot, unless it is hidden from them. Who acknowledges is brought in then."""
    if level == 0 or incident.visibility is Visibility.PRIVATE:
        return None
    # What the bot will soon have to ask is not to wait an hour for a notice that people came in.
    to_come = (incident.next_update_at is not None) + (incident.severity is None)
    moment = may_be_said(uow, incident.id, spare=to_come)
    return None if moment <= uow.now else moment


def _send(uow: UnitOfWork, page: Page, person: PersonId, send: Send, level: int) -> None:
    notice = Notice(page.id, person, send.channel, level, NoticeState.QUEUED, send.at)
    if not uow.pages.notice(notice):
        return
    key = notice_key(page.id, person, send.channel, level)
    args = _notice_args(page.id, person, send.channel, level)
    outside = send.channel in uow.org.channels and send.channel not in uow.platforms
    task = "notify_outside" if outside else "notify"
    at = send.at if send.at > uow.now else None
    spec = JobSpec(task, Queue.PAGE, args, lane=key, run_at=at, incident=page.incident)
    uow.jobs.enqueue(spec)


def notice_key(page: PageId, person: PersonId, platform: str, level: int) -> str:
    """The lane and the remembered message of one person's page on one platform, for one step."""
    return f"page{page}.{level}:{platform}:{person}"


def _notice_args(page: PageId, person: PersonId, platform: str, level: int) -> dict[str, str | int]:
    return {"page": page, "person": person, "platform": platform, "level": level}


def _catch_all(uow: UnitOfWork, page: Page, incident: Incident) -> None:
    """Nobody acknowledged, or nobody was there: everybody of the catch-all, and the room hears it."""
    people = reachable(uow, uow.org.catch_all)
    names = ", ".join(uow.people.name(person) for person in people) or "nobody"
    level = page.origin + page.policy.length
    about = (uow.now, BOT, incident, page)
    uow.happened(events.CatchAllTold(*about, level=level, people=people, names=Said(names)))
    _tell(uow, page, incident, level, people)
    timer(uow, "expire_page", page, uow.now + EXPIRES_AFTER, level)


def escalate(uow: UnitOfWork, page_id: PageId, level: int) -> None:
    """When due: if still nobody acknowledged on that level, fire the next one."""
    page = uow.pages.lock(page_id)
    if page.state not in OPEN_STATES or page.level != level:
        return
    incident = uow.incidents.lock(page.incident, SYSTEM)
    if incident.status not in OPEN:
        end(uow, page, incident)
        return
    following = step_at(page.policy, level + 1 - page.origin)
    if following is not None:
        why, way = events.Why.UNANSWERED, following.direction
        about = (uow.now, BOT, incident, page)
        uow.happened(events.PageEscalated(*about, level=level + 1, why=why, direction=way))
    fire(uow, page, incident, level + 1)


def end(uow: UnitOfWork, page: Page, incident: Incident) -> None:
    """The incident is over: the page asks no more."""
    done = replace(page, state=PageState.RESOLVED)
    uow.pages.save(done)
    uow.happened(events.PageEnded(uow.now, BOT, incident, done))


def again(uow: UnitOfWork, actor: Actor, page: Page, incident: Incident) -> None:
    """The page opens once more and its policy begins anew. The caller holds page and incident."""
    level = page.level + 1
    opened = replace(
        page,
        state=PageState.TRIGGERED,
        level=level,
        origin=level,
        acknowledged_by=None,
        acknowledged_at=None,
        snoozed_until=None,
    )
    uow.pages.save(opened)
    fire(uow, opened, incident, level)
    uow.happened(events.PageReopened(uow.now, actor, incident, opened, level=level))


# What firing a step may record.
FIRES: tuple[type[Event], ...] = (
    events.StepPassedOver,
    events.PersonPaged,
    events.PageMoved,
    events.CatchAllTold,
    events.PageReopened,
    PeopleAdded,
)


def refresh_notice(
    uow: UnitOfWork, page: Page, person: PersonId, platform: str, level: int
) -> None:
    key = notice_key(page.id, person, platform, level)
    args = _notice_args(page.id, person, platform, level)
    uow.jobs.enqueue(JobSpec("refresh_notice", Queue.CHAT, args, key, key, incident=page.incident))


def sent(
    uow: UnitOfWork, page_id: PageId, person: PersonId, platform: str, level: int, mark: str
) -> None:
    """The message is out; ``mark`` says that it may be the second one, and stays through its edits."""
    uow.pages.notice(Notice(page_id, person, platform, level, NoticeState.SENT, uow.now, mark))
    page = uow.pages.get(page_id)
    if page.state is PageState.PENDING:
        page = replace(page, state=PageState.TRIGGERED)
        uow.pages.save(page)
    _noticed(uow, page, person, platform, level, spared=False)


def spared(uow: UnitOfWork, page: PageId, person: PersonId, platform: str, level: int) -> None:
    """It was to be sent later, and by then there was no more need."""
    uow.pages.notice(Notice(page, person, platform, level, NoticeState.SPARED, uow.now))
    _noticed(uow, uow.pages.get(page), person, platform, level, spared=True)


def _noticed(
    uow: UnitOfWork, page: Page, person: PersonId, platform: str, level: int, *, spared: bool
) -> None:
    incident = uow.incidents.get(page.incident, SYSTEM)
    told = (person, Word(platform), level, spared)
    uow.happened(events.NoticeSent(uow.now, BOT, incident, page, *told))


def not_sent(
    uow: UnitOfWork, page_id: PageId, person: PersonId, platform: str, level: int, why: str
) -> None:
    """A message could not be sent for good. If that was the last hope of its step, go on at once."""
    page = uow.pages.lock(page_id)
    uow.pages.notice(Notice(page_id, person, platform, level, NoticeState.FAILED, uow.now, why))
    states = [n.state for n in uow.pages.notices(page_id) if n.level == level]
    unheard = page.level == level and page.state in OPEN_STATES
    last = unheard and all(state is NoticeState.FAILED for state in states)
    incident = uow.incidents.get(page.incident, SYSTEM)
    uow.happened(
        events.NoticeFailed(
            uow.now, BOT, incident, page,
            person=person, platform=Word(platform), level=level, why=Said(why), last=last,
        )
    )  # fmt: skip
    if last:
        escalate(uow, page_id, level)

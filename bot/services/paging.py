"""Paging: start, tell, escalate, acknowledge. A page is never dropped: who reaches nobody goes on,
and at the end of the policy the catch-all is told, loudly."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.errors import NotFound
from bot.domain.escalation import (
    Page,
    PageId,
    PageState,
    Policy,
    Step,
    Target,
    step_at,
    wait_after,
)
from bot.domain.incident import OPEN, Incident, IncidentId
from bot.domain.people import BOT, SYSTEM, Actor, PersonId
from bot.domain.policy import Action, may
from bot.domain.timeline import Kind
from bot.ports import JobSpec, Membership, Notice, NoticeState, Queue, UnitOfWork
from bot.services.reaching import addresses, reachable
from bot.services.reactions import Event
from bot.services.recording import changed, follow, record, room_platforms

CATCH_ALL = -1


def start(uow: UnitOfWork, number: IncidentId) -> Page | None:
    """Page whoever the incident's services escalate to. Needs nothing but memory."""
    incident = uow.incidents.lock(number, SYSTEM)
    if incident.status not in OPEN:
        return None
    policy = uow.org.policy_for(incident.services)
    return begin(uow, BOT, incident, policy or Policy("catch-all", (), 1), "")


def begin(uow: UnitOfWork, actor: Actor, incident: Incident, policy: Policy, text: str) -> Page:
    """Open a page with a snapshot of ``policy`` and fire its first step."""
    by = None if actor == BOT else actor.id
    page = uow.pages.add(incident.id, policy, text, by)
    _fire(uow, page, 0)
    changed(uow, incident.id)
    return page


def page_people(
    uow: UnitOfWork, actor: Actor, number: IncidentId, targets: tuple[Target, ...], text: str
) -> Page:
    """Page somebody by hand: one step, then the catch-all."""
    may(actor, Action.PAGE)
    incident = uow.incidents.lock(number, actor.viewer)
    return begin(uow, actor, incident, Policy("by hand", (Step(targets),), 1), text)


def _fire(uow: UnitOfWork, page: Page, level: int) -> None:
    """Fire the step at ``level``, or the first after it that reaches anybody, or the catch-all."""
    while (step := step_at(page.policy, level)) is not None:
        people = reachable(uow, step.notify)
        if people:
            _tell(uow, page, level, people)
            wait = wait_after(page.policy, level)
            _timer(uow, page, level, wait.total_seconds())
            return
        names = ", ".join(str(target) for target in step.notify)
        record(
            uow, page.incident, BOT, Kind.ESCALATED, f"{names} reaches nobody", _ids(page, level)
        )
        level += 1
    _catch_all(uow, page)


def _timer(uow: UnitOfWork, page: Page, level: int, seconds: float) -> None:
    uow.jobs.enqueue(
        JobSpec(
            "escalate",
            Queue.TIMER,
            {"page": page.id, "level": level, "incident": page.incident},
            run_at=uow.now + timedelta(seconds=seconds),
            incident=page.incident,
        )
    )


def _tell(uow: UnitOfWork, page: Page, level: int, people: tuple[PersonId, ...]) -> None:
    uow.pages.save(replace(page, level=level))
    for person in people:
        data = {**_ids(page, level), "person": person}
        record(uow, page.incident, BOT, Kind.PAGED, page.text, data)
        for platform in addresses(uow, person):
            _send(uow, page, person, platform, level)
    new = [p for p in people if uow.incidents.join(page.incident, p, Membership.INVITED)]
    if new:
        follow(uow, Event.PEOPLE_ADDED, page.incident)


def _send(uow: UnitOfWork, page: Page, person: PersonId, platform: str, level: int) -> None:
    notice = Notice(page.id, person, platform, level, NoticeState.QUEUED, uow.now)
    if not uow.pages.notice(notice):
        return
    key = notice_key(page.id, person, platform, level)
    args: dict[str, str | int] = _notice_args(page.id, person, platform, level)
    uow.jobs.enqueue(JobSpec("notify", Queue.PAGE, args, lane=key, incident=page.incident))


def notice_key(page: PageId, person: PersonId, platform: str, level: int) -> str:
    """The lane and the remembered message of one person's page on one platform, for one step."""
    return f"page{page}.{level}:{platform}:{person}"


def _notice_args(page: PageId, person: PersonId, platform: str, level: int) -> dict[str, str | int]:
    return {"page": page, "person": person, "platform": platform, "level": level}


def _ids(page: Page, level: int) -> dict[str, str]:
    return {"page": str(page.id), "level": str(level)}


def _catch_all(uow: UnitOfWork, page: Page) -> None:
    """Nobody acknowledged, or nobody was there: everybody of the catch-all, and the room hears it."""
    people = reachable(uow, uow.org.catch_all)
    names = ", ".join(uow.people.get(person).name for person in people) or "nobody"
    level = len(page.policy.steps) * max(1, page.policy.repeat)
    data = {**_ids(page, level), "people": ", ".join(people)}
    record(uow, page.incident, BOT, Kind.UNREACHED, f"Catch-all told: {names}", data)
    _tell(uow, page, level, people)
    _say(uow, page.incident, f"unreached:{page.id}", {"page": page.id})


def _say(uow: UnitOfWork, incident: IncidentId, what: str, args: dict[str, str | int]) -> None:
    for platform in room_platforms(uow):
        uow.jobs.enqueue(
            JobSpec(
                "say",
                Queue.CHAT,
                {"incident": incident, "platform": platform, "what": what, **args},
                lane=f"inc{incident}:{platform}:{what}",
                incident=incident,
            )
        )


def escalate(uow: UnitOfWork, page_id: PageId, level: int) -> None:
    """When due: if still nobody acknowledged on that level, fire the next one."""
    page = uow.pages.lock(page_id)
    if page.state is not PageState.TRIGGERED or page.level != level:
        return
    incident = uow.incidents.lock(page.incident, SYSTEM)
    if incident.status not in OPEN:
        uow.pages.save(replace(page, state=PageState.RESOLVED))
        return
    following = step_at(page.policy, level + 1)
    if following is not None:
        data = {**_ids(page, level + 1), "direction": following.direction.value}
        record(uow, page.incident, BOT, Kind.ESCALATED, "Nobody acknowledged", data)
    _fire(uow, page, level + 1)
    changed(uow, page.incident)


def acknowledge(uow: UnitOfWork, actor: Actor, page_id: PageId) -> tuple[Page, str]:
    """Stop the page. Returns it and who had acknowledged before, if anybody. Idempotent."""
    may(actor, Action.ACKNOWLEDGE)
    found = uow.pages.get(page_id)
    incident = uow.incidents.lock(found.incident, actor.viewer)
    page = uow.pages.lock(page_id)
    if page.state is not PageState.TRIGGERED:
        return page, page.acknowledged_by or page.state
    done = replace(
        page,
        state=PageState.ACKNOWLEDGED,
        acknowledged_by=actor.id,
        acknowledged_at=uow.now,
    )
    uow.pages.save(done)
    record(uow, incident.id, actor, Kind.ACKNOWLEDGED, "", {"page": str(page.id)})
    if uow.incidents.join(incident.id, actor.id, Membership.JOINED):
        follow(uow, Event.PEOPLE_ADDED, incident.id)
    refresh_notices(uow, done)
    changed(uow, incident.id)
    return done, ""


def escalate_now(uow: UnitOfWork, actor: Actor, number: IncidentId) -> None:
    """Fire the next step of the incident's latest page at once. Raises ``NotFound`` without one."""
    may(actor, Action.PAGE)
    uow.incidents.lock(number, actor.viewer)
    pages = uow.pages.of(number)
    if not pages:
        raise NotFound("Nobody is being paged here. /incident page wakes somebody.")
    page = uow.pages.lock(pages[-1].id)
    if page.state is not PageState.TRIGGERED:
        page = replace(page, state=PageState.TRIGGERED, acknowledged_by=None, acknowledged_at=None)
        uow.pages.save(page)
    record(uow, number, actor, Kind.ESCALATED, "by hand", _ids(page, page.level + 1))
    _fire(uow, page, page.level + 1)
    changed(uow, number)


def stop_page(uow: UnitOfWork, actor: Actor, number: IncidentId) -> int:
    """Cancel the incident's open pages. Returns how many. Idempotent."""
    may(actor, Action.PAGE)
    uow.incidents.lock(number, actor.viewer)
    open_ones = [page for page in uow.pages.of(number) if page.state is PageState.TRIGGERED]
    for page in open_ones:
        done = replace(page, state=PageState.CANCELLED)
        uow.pages.save(done)
        record(uow, number, actor, Kind.NOTE, "Stopped the page", {"page": str(page.id)})
        refresh_notices(uow, done)
    if open_ones:
        changed(uow, number)
    return len(open_ones)


def refresh_notices(uow: UnitOfWork, page: Page) -> None:
    """Have every message of a page edited to how it stands now."""
    for notice in uow.pages.notices(page.id):
        refresh_notice(uow, page, notice.person, notice.platform, notice.level)


def refresh_notice(
    uow: UnitOfWork, page: Page, person: PersonId, platform: str, level: int
) -> None:
    key = notice_key(page.id, person, platform, level)
    args = _notice_args(page.id, person, platform, level)
    uow.jobs.enqueue(JobSpec("refresh_notice", Queue.CHAT, args, key, key, incident=page.incident))


def settle_pages(uow: UnitOfWork, actor: Actor, incident: IncidentId) -> None:
    """The incident is over: open pages stop."""
    for page in uow.pages.of(incident):
        if page.state is PageState.TRIGGERED:
            done = replace(page, state=PageState.RESOLVED)
            uow.pages.save(done)
            refresh_notices(uow, done)


def my_page(uow: UnitOfWork, actor: Actor, incident: IncidentId | None) -> list[Page]:
    """The pages a bare ``ack`` can mean: those this person was told of, in this room's incident first."""
    told = uow.pages.open_for(actor.id)
    here = [page for page in told if page.incident == incident]
    return here or told


def sent(
    uow: UnitOfWork, page_id: PageId, person: PersonId, platform: str, level: int, mark: str
) -> None:
    """The message is out; ``mark`` says that it may be the second one, and stays through its edits."""
    uow.pages.notice(Notice(page_id, person, platform, level, NoticeState.SENT, uow.now, mark))


def not_sent(
    uow: UnitOfWork, page_id: PageId, person: PersonId, platform: str, level: int, why: str
) -> None:
    """A message could not be sent for good. If that was the last hope of its step, go on at once."""
    page = uow.pages.lock(page_id)
    uow.pages.notice(Notice(page_id, person, platform, level, NoticeState.FAILED, uow.now, why))
    data = {**_ids(page, level), "person": person, "platform": platform}
    record(uow, page.incident, BOT, Kind.TROUBLE, f"Page not sent: {why}", data)
    states = [n.state for n in uow.pages.notices(page_id) if n.level == level]
    if page.level == level and all(state is NoticeState.FAILED for state in states):
        escalate(uow, page_id, level)
    changed(uow, page.incident)


def only(pages: list[Page]) -> Page:
    """The one page meant. Raises ``NotFound`` when there is none."""
    if not pages:
        raise NotFound("No open page is yours. /incident list shows open incidents.")
    return pages[0]

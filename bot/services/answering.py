"""Answering a page: acknowledge, snooze, hand to somebody else, escalate now, stop; and what comes due
when nobody does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import NotFound
from bot.domain.escalation import LIVE_STATES, OPEN_STATES, Page, PageId, PageState, Step, Target
from bot.domain.incident import OPEN, Incident, IncidentId
from bot.domain.people import BOT, SYSTEM, Actor
from bot.domain.policy import Action, may
from bot.domain.timeline import Kind
from bot.ports import Membership, UnitOfWork
from bot.services.paging import again, fire, going_on, ids, refresh_notices, say, timer
from bot.services.reaching import reachable
from bot.services.reactions import Event
from bot.services.recording import changed, follow, record


def _stamp(at: datetime) -> int:
    """What a timer remembers an instant by."""
    return int(at.timestamp() * 1000)


def _about(uow: UnitOfWork, actor: Actor, page_id: PageId) -> Incident:
    """The page's incident. A page about what the actor may not see answers as one that does not exist."""
    try:
        return uow.incidents.lock(uow.pages.get(page_id).incident, actor.viewer)
    except NotFound:
        raise NotFound(f"There is no page {page_id}. /incident list shows what is open.") from None


def acknowledge(uow: UnitOfWork, actor: Actor, page_id: PageId) -> tuple[Page, str]:
    """Stop the page. Returns it and who had acknowledged before, if anybody else. Idempotent.

    Done again by the same person it is the sign of life that the policy's ack timeout waits for.
    """
    may(actor, Action.ACKNOWLEDGE)
    incident = _about(uow, actor, page_id)
    page = uow.pages.lock(page_id)
    mine = page.state is PageState.ACKNOWLEDGED and page.acknowledged_by == actor.id
    if page.state not in (*OPEN_STATES, PageState.SNOOZED) and not mine:
        return page, page.acknowledged_by or page.state
    done = replace(
        page,
        state=PageState.ACKNOWLEDGED,
        acknowledged_by=actor.id,
        acknowledged_at=uow.now,
        snoozed_until=None,
    )
    uow.pages.save(done)
    if page.policy.ack_timeout is not None:
        timer(uow, "ack_timeout", done, uow.now + page.policy.ack_timeout, _stamp(uow.now))
    if mine:
        return done, ""
    record(uow, incident.id, actor, Kind.ACKNOWLEDGED, "", {"page": str(page.id)})
    if uow.incidents.join(incident.id, actor.id, Membership.JOINED):
        follow(uow, Event.PEOPLE_ADDED, incident.id, args={"asked": "yes"})
    refresh_notices(uow, done)
    changed(uow, incident.id)
    return done, ""


def ack_timed_out(uow: UnitOfWork, page_id: PageId, stamp: int) -> None:
    """When due: no second sign since, and the incident goes on, so the page opens again."""
    page = uow.pages.lock(page_id)
    at = page.acknowledged_at
    if page.state is not PageState.ACKNOWLEDGED or at is None or _stamp(at) != stamp:
        return
    incident = uow.incidents.lock(page.incident, SYSTEM)
    if incident.status not in OPEN:
        return
    who = uow.people.name(page.acknowledged_by or BOT.id)
    words = f"No second sign from {who}; the page opens again"
    record(uow, incident.id, BOT, Kind.ESCALATED, words, ids(page, page.level + 1))
    again(uow, page, incident)


def snooze(uow: UnitOfWork, actor: Actor, page_id: PageId, length: timedelta) -> Page:
    """Nobody is told for ``length``; then the page begins anew by itself."""
    may(actor, Action.ACKNOWLEDGE)
    incident = _about(uow, actor, page_id)
    page = _live(uow.pages.lock(page_id))
    until = uow.now + length
    done = replace(page, state=PageState.SNOOZED, snoozed_until=until)
    uow.pages.save(done)
    timer(uow, "wake_page", done, until, _stamp(until))
    minutes = int(length.total_seconds() // 60)
    record(
        uow,
        incident.id,
        actor,
        Kind.NOTE,
        f"Snoozed the page for {minutes} min",
        ids(page, page.level),
    )
    refresh_notices(uow, done)
    changed(uow, incident.id)
    return done


def wake(uow: UnitOfWork, page_id: PageId, stamp: int) -> None:
    """When due: a snoozed page begins anew, unless the incident is over."""
    page = uow.pages.lock(page_id)
    until = page.snoozed_until
    if page.state is not PageState.SNOOZED or until is None or _stamp(until) != stamp:
        return
    incident = uow.incidents.lock(page.incident, SYSTEM)
    if incident.status not in OPEN:
        uow.pages.save(replace(page, state=PageState.RESOLVED))
        return
    record(uow, incident.id, BOT, Kind.ESCALATED, "The snooze is over", ids(page, page.level + 1))
    again(uow, page, incident)


def expire(uow: UnitOfWork, page_id: PageId, level: int) -> None:
    """When due: a day after the catch-all nobody has acknowledged; the page is history, and says so."""
    page = uow.pages.lock(page_id)
    if page.state not in OPEN_STATES or page.level != level:
        return
    uow.incidents.lock(page.incident, SYSTEM)
    done = replace(page, state=PageState.EXPIRED)
    uow.pages.save(done)
    record(uow, page.incident, BOT, Kind.UNREACHED, "The page has expired", ids(page, level))
    refresh_notices(uow, done)
    say(uow, page.incident, f"expired:{page.id}", {"page": page.id})
    changed(uow, page.incident)


def reassign(uow: UnitOfWork, actor: Actor, page_id: PageId, targets: tuple[Target, ...]) -> Page:
    """Hand the page to somebody else: they are told now, and then the policy begins anew."""
    may(actor, Action.PAGE)
    incident = _about(uow, actor, page_id)
    page = _live(uow.pages.lock(page_id))
    if not reachable(uow, targets):
        names = ", ".join(str(target) for target in targets)
        raise NotFound(f"{names} reaches nobody. The page stays as it is; name somebody else.")
    rest = (replace(step, after=max(step.after, _TURN)) for step in page.policy.steps)
    policy = replace(page.policy, steps=(Step(targets), *rest))
    uow.pages.change_policy(page.id, policy)
    names = ", ".join(str(target) for target in targets)
    record(uow, incident.id, actor, Kind.ESCALATED, f"handed to {names}", ids(page, page.level + 1))
    again(uow, replace(page, policy=policy), incident)
    return uow.pages.get(page_id)


# Whoever a page is handed to has this long before the policy goes on.
_TURN = timedelta(minutes=5)


def _live(page: Page) -> Page:
    if page.state not in LIVE_STATES:
        raise NotFound(f"That page is {page.state}. /incident page wakes somebody.")
    return page


def escalate_now(uow: UnitOfWork, actor: Actor, number: IncidentId) -> None:
    """Fire the next step of the incident's latest page at once. Raises ``NotFound`` without one."""
    may(actor, Action.PAGE)
    incident = going_on(uow, actor, number)
    pages = uow.pages.of(number)
    if not pages:
        raise NotFound("Nobody is being paged here. /incident page wakes somebody.")
    page = uow.pages.lock(pages[-1].id)
    if page.state not in OPEN_STATES:
        page = replace(page, state=PageState.TRIGGERED, acknowledged_by=None, acknowledged_at=None)
        uow.pages.save(page)
    record(uow, number, actor, Kind.ESCALATED, "by hand", ids(page, page.level + 1))
    if page.past:
        again(uow, page, incident)
        return
    fire(uow, page, incident, page.level + 1)
    refresh_notices(uow, uow.pages.get(page.id))
    changed(uow, number)


def stop_page(uow: UnitOfWork, actor: Actor, number: IncidentId) -> int:
    """Cancel the incident's open pages. Returns how many. Idempotent."""
    may(actor, Action.PAGE)
    uow.incidents.lock(number, actor.viewer)
    standing = (*OPEN_STATES, PageState.SNOOZED)
    open_ones = [page for page in uow.pages.of(number) if page.state in standing]
    for page in open_ones:
        done = replace(page, state=PageState.CANCELLED)
        uow.pages.save(done)
        record(uow, number, actor, Kind.NOTE, "Stopped the page", {"page": str(page.id)})
        refresh_notices(uow, done)
    if open_ones:
        changed(uow, number)
    return len(open_ones)


def settle_pages(uow: UnitOfWork, actor: Actor, incident: IncidentId) -> None:
    """The incident is over: open pages stop."""
    for page in uow.pages.of(incident):
        if page.state in (*OPEN_STATES, PageState.SNOOZED):
            done = replace(page, state=PageState.RESOLVED)
            uow.pages.save(done)
            refresh_notices(uow, done)


def take_up(uow: UnitOfWork, incident: Incident) -> None:
    """The end of the incident was taken back: pages that it stopped unanswered begin anew."""
    for page in uow.pages.of(incident.id):
        if page.state is PageState.RESOLVED and page.acknowledged_by is None:
            again(uow, uow.pages.lock(page.id), incident)


def my_page(uow: UnitOfWork, actor: Actor, incident: IncidentId | None) -> list[Page]:
    """The pages a bare ``ack`` can mean: those this person was told of, in this room's incident first."""
    told = uow.pages.open_for(actor.id)
    here = [page for page in told if page.incident == incident]
    return here or told


def only(pages: list[Page]) -> Page:
    """The one page meant. Raises ``NotFound`` when there is none."""
    if not pages:
        raise NotFound("No open page is yours. /incident list shows open incidents.")
    return pages[0]

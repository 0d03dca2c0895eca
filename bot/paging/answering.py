"""Answering a page: acknowledge, snooze, hand to somebody else, escalate now, stop; and what comes due
when nobody does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.errors import NotFound
from bot.core.escalation import LIVE_STATES, OPEN_STATES, Page, PageId, PageState, Step, Target
from bot.core.events.base import NOTHING_SAID, Said
from bot.core.incident import OPEN, Incident, IncidentId, Membership
from bot.core.people import BOT, SYSTEM, Actor
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.events import Way
from bot.incidents.roles.service import add_people
from bot.paging import events
from bot.paging.service import again, end, fire, going_on, timer
from bot.paging.targets import reachable

# Whoever a page is handed to has this long before the policy goes on.
_TURN = timedelta(minutes=5)


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
    fact = events.SecondSignGiven if mine else events.PageAcknowledged
    uow.happened(fact(uow.now, actor, incident, done, person=actor.id))
    if page.policy.ack_timeout is not None:
        timer(uow, "ack_timeout", done, uow.now + page.policy.ack_timeout, _stamp(uow.now))
    if not mine:
        add_people(uow, actor, incident, (actor.id,), Membership.JOINED, Way.ACKNOWLEDGED)
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
    who = Said(uow.people.name(page.acknowledged_by or BOT.id))
    _goes_on(uow, BOT, incident, page, events.Why.NO_SECOND_SIGN, who)
    again(uow, BOT, page, incident)


def _goes_on(
    uow: UnitOfWork,
    actor: Actor,
    incident: Incident,
    page: Page,
    why: events.Why,
    who: Said = NOTHING_SAID,
) -> None:
    level = page.level + 1
    about = (uow.now, actor, incident, page)
    uow.happened(events.PageEscalated(*about, level=level, why=why, who=who))


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
    about = (uow.now, actor, incident, done)
    uow.happened(events.PageSnoozed(*about, until=until, minutes=minutes))
    return done


def wake(uow: UnitOfWork, page_id: PageId, stamp: int) -> None:
    """When due: a snoozed page begins anew, unless the incident is over."""
    page = uow.pages.lock(page_id)
    until = page.snoozed_until
    if page.state is not PageState.SNOOZED or until is None or _stamp(until) != stamp:
        return
    incident = uow.incidents.lock(page.incident, SYSTEM)
    if incident.status not in OPEN:
        end(uow, page, incident)
        return
    _goes_on(uow, BOT, incident, page, events.Why.SNOOZE_OVER)
    again(uow, BOT, page, incident)


def expire(uow: UnitOfWork, page_id: PageId, level: int) -> None:
    """When due: a day after the catch-all nobody has acknowledged; the page is history, and says so."""
    page = uow.pages.lock(page_id)
    if page.state not in OPEN_STATES or page.level != level:
        return
    incident = uow.incidents.lock(page.incident, SYSTEM)
    done = replace(page, state=PageState.EXPIRED)
    uow.pages.save(done)
    uow.happened(events.PageExpired(uow.now, BOT, incident, done, level=level))


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
    names = Said(", ".join(str(target) for target in targets))
    _goes_on(uow, actor, incident, page, events.Why.HANDED, names)
    again(uow, actor, replace(page, policy=policy), incident)
    return uow.pages.get(page_id)


def _live(page: Page) -> Page:
    if page.state not in LIVE_STATES:
        raise NotFound(f"That page is {page.state}. /incident page pages someone.")
    return page


def escalate_now(uow: UnitOfWork, actor: Actor, number: IncidentId) -> None:
    """Fire the next step of the incident's latest page at once. Raises ``NotFound`` without one."""
    may(actor, Action.PAGE)
    incident = going_on(uow, actor, number)
    pages = uow.pages.of(number)
    if not pages:
        raise NotFound("Nobody is being paged here. /incident page pages someone.")
    page = uow.pages.lock(pages[-1].id)
    if page.state not in OPEN_STATES:
        page = replace(page, state=PageState.TRIGGERED, acknowledged_by=None, acknowledged_at=None)
        uow.pages.save(page)
    _goes_on(uow, actor, incident, page, events.Why.BY_HAND)
    if page.past:
        again(uow, actor, page, incident)
    else:
        fire(uow, page, incident, page.level + 1)


def stop_page(uow: UnitOfWork, actor: Actor, number: IncidentId) -> int:
    """Cancel the incident's open pages. Returns how many. Idempotent."""
    may(actor, Action.PAGE)
    incident = uow.incidents.lock(number, actor.viewer)
    standing = (*OPEN_STATES, PageState.SNOOZED)
    open_ones = [page for page in uow.pages.of(number) if page.state in standing]
    for page in open_ones:
        done = replace(page, state=PageState.CANCELLED)
        uow.pages.save(done)
        uow.happened(events.PageStopped(uow.now, actor, incident, done))
    return len(open_ones)


def my_page(uow: UnitOfWork, actor: Actor, incident: IncidentId | None) -> list[Page]:
    """The pages a bare ``ack`` can mean: those this person was told of, in this room's incident first."""
    told = uow.pages.open_for(actor.id)
    here = [page for page in told if page.incident == incident]
    return here or told


def only(pages: list[Page]) -> Page:
    """The one page meant. Raises ``NotFound`` when there is none."""
    if not pages:
        raise NotFound("You have no open page. /incident list shows open incidents.")
    return pages[0]

"""Gathering what views show, in one transaction and with as few reads as the view needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.chat.card import Step
from bot.core.escalation import OPEN_STATES, Notice, NoticeState, Page
from bot.core.incident import Incident, Status, Visibility
from bot.core.people import SYSTEM, PersonId, Viewer
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.slots import CARD, ROOM_HEADER
from bot.core.timeline import Kind, fold
from bot.incidents.cards import Facts, PageFact, RoomFact
from bot.incidents.plan import STEPS

# From then on there is a postmortem draft.
DRAFTED = (Status.RESOLVED, Status.CLOSED)
# A card shows the last update; it is looked for among this many entries, whatever the history.
_RECENT = 50


def facts_of(uow: UnitOfWork, incident: Incident, viewer: Viewer = SYSTEM) -> Facts:
    """All that the room's card and what is told of an incident may show, to whoever may see it."""
    pages = tuple(page_fact(uow, page) for page in uow.pages.of(incident.id)[-3:])
    tasks = [t for t in uow.tasks.of(incident.id) if t.done_at is None and t.horizon == "task"]
    return replace(
        public_facts(uow, incident),
        names=names_of(uow, incident, pages),
        pages=pages,
        open_tasks=len(tasks),
        plan=plan_of(uow, incident),
        published=_published(uow, incident),
        draft_url=draft_url(uow.internal_url, incident) if incident.status in DRAFTED else "",
        header=uow.fill(ROOM_HEADER, incident, viewer),
        more=uow.fill(CARD, incident, viewer),
    )


def public_facts(uow: UnitOfWork, incident: Incident) -> Facts:
    """What the announcement shows: each read that is left out is one less for every card."""
    late = incident.next_update_at is not None and incident.next_update_at <= uow.now
    goes_on, there = _goes_on(uow, incident)
    return replace(
        page_facts(uow, incident),
        last_update=last_update(uow, incident),
        overdue=late,
        goes_on=goes_on,
        goes_on_rooms=there,
    )


def page_facts(uow: UnitOfWork, incident: Incident, by: PersonId | None = None) -> Facts:
    """What the message that wakes shows, and who acknowledged, if somebody did."""
    people = {incident.reporter, *incident.roles.values(), *([by] if by else ())}
    names = {person: uow.people.name(person) for person in sorted(people)}
    return Facts(incident, names, incident.services, rooms_of(uow, incident))


def _goes_on(uow: UnitOfWork, incident: Incident) -> tuple[str, tuple[RoomFact, ...]]:
    """Where a merged incident's work goes on, if everybody who reads this may know it."""
    if incident.merged_into is None:
        return "", ()
    target = uow.incidents.get(incident.merged_into, SYSTEM)
    if target.visibility is Visibility.PRIVATE:
        return "", ()
    return target.reference, rooms_of(uow, target)


def draft_url(base: str, incident: Incident) -> str:
    """Where the postmortem draft is read."""
    return f"{base}/incidents/{incident.reference}/postmortem"


def _published(uow: UnitOfWork, incident: Incident) -> str:
    """What customers were told last, if they were told anything."""
    found = uow.status.of(incident.id)
    return "" if found is None else f"published, {found.status}"


def short_facts(uow: UnitOfWork, incident: Incident) -> Facts:
    """What a row of a list shows. An incident of this very moment has no room yet."""
    rooms = () if incident.declared_at == uow.now else rooms_of(uow, incident)
    return Facts(incident, {}, incident.services, rooms)


def rooms_of(uow: UnitOfWork, incident: Incident) -> tuple[RoomFact, ...]:
    return tuple(RoomFact(r.platform, r.id, r.name, r.url) for r in uow.rooms.of(incident.id))


def names_of(
    uow: UnitOfWork, incident: Incident, pages: tuple[PageFact, ...]
) -> dict[PersonId, str]:
    people = {incident.reporter, *incident.roles.values()}
    for page in pages:
        people |= set(page.who) | ({page.by} if page.by else set())
    return {person: uow.people.name(person) for person in sorted(people)}


def page_fact(uow: UnitOfWork, page: Page) -> PageFact:
    """Who was told on the level the page has reached, and who acknowledged."""
    return fact_from(page, uow.pages.notices(page.id))


def fact_from(page: Page, notices: Sequence[Notice]) -> PageFact:
    """The same from its ``notices``, already read."""
    who = tuple(dict.fromkeys(n.person for n in notices if n.level == page.level))
    state = page.state.value
    if page.state in OPEN_STATES and page.past:
        state = "unreached"
    failed = who and all(n.state is NoticeState.FAILED for n in notices if n.level == page.level)
    return PageFact(page.id, "failed" if failed else state, who, page.acknowledged_by)


def last_update(uow: UnitOfWork, incident: Incident) -> str:
    entries = fold(uow.timeline.recent(incident.id, _RECENT, SYSTEM))
    updates = [entry.text for entry in entries if entry.kind is Kind.UPDATE]
    return updates[-1] if updates else ""


def plan_of(uow: UnitOfWork, incident: Incident) -> tuple[Step, ...]:
    """The checklist; with one platform its name is left out."""
    steps = uow.plans.of(incident.id)
    several = len({step.platform for step in steps}) > 1
    return tuple(
        Step(
            f"{STEPS[step.step]} ({step.platform})" if several else STEPS[step.step],
            step.state,
            step.error,
        )
        for step in steps
    )

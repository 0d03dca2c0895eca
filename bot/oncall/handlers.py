"""Tells the people whom a change of who is on call concerns, and sets timers for its beginning and end."""

from __future__ import annotations

from bot.core.bus import Handler, on
from bot.core.chat.card import Card
from bot.core.people import PersonId, Standing
from bot.core.ports.unit_of_work import UnitOfWork
from bot.messages.addresses import exists
from bot.messages.telling import tell
from bot.oncall.cards import (
    cover_card,
    gaps_card,
    shift_card,
    span_line,
    taken_card,
    told,
    trial_report,
)
from bot.oncall.changes import RosterChange
from bot.oncall.duties import uncovered
from bot.oncall.engine.upcoming import until
from bot.oncall.events import (
    CoverAsked,
    CoverTaken,
    CoverWithdrawn,
    GapsFound,
    OverrideMade,
    OverrideUndone,
    RosterChanged,
    ShiftChanged,
    TrialSettled,
)
from bot.oncall.schedules import schedule_of
from bot.oncall.shifts import handover, watch


def watch_its_hours(uow: UnitOfWork, event: OverrideMade | CoverTaken) -> None:
    """A change made in chat begins or ends then."""
    made = event.override if isinstance(event, OverrideMade) else event.cover
    watch(uow, made.schedule, made.start, made.end)


def watch_its_moment(uow: UnitOfWork, event: RosterChanged) -> None:
    """From then on the rotation has others."""
    watch(uow, event.change.schedule, event.change.at)


def tell_of_override(uow: UnitOfWork, event: OverrideMade) -> None:
    """Who is on call then, and who is not any more."""
    made, person = event.override, event.override.person
    if person is not None:
        name = uow.people.name(person)
        hours = span_line(made.start, made.end)
        words = told(f"{name} is on call for {made.schedule} ", *hours, ".")
        _tell(uow, {person, *event.instead_of} - {event.actor.id}, words)


def tell_of_undone(uow: UnitOfWork, event: OverrideUndone | CoverWithdrawn) -> None:
    """Those who had been told of it; a request that nobody took was no change."""
    if isinstance(event, OverrideUndone):
        made = event.override
        words, people = f"The override for {made.schedule} is undone: ", {made.person}
        hours = span_line(made.start, made.end)
    else:
        cover = event.cover
        words, people = f"The cover for {cover.schedule} is undone: ", {cover.requester}
        people = people | {cover.taker} if cover.taker else set()
        hours = span_line(cover.start, cover.end)
    _tell(uow, {p for p in people if p} - {event.actor.id}, told(words, *hours))


def ask(uow: UnitOfWork, event: CoverAsked) -> None:
    """Everybody who could stand in."""
    cover = event.cover
    names = {cover.requester: uow.people.name(cover.requester)}
    for person in event.asked:
        tell(uow, person, cover_card(cover, names), f"cover:{cover.id}")


def tell_of_taker(uow: UnitOfWork, event: CoverTaken) -> None:
    """Whoever is stood in for, and whoever asked for them."""
    cover, actor = event.cover, event.actor
    names = {actor.id: actor.name, cover.requester: uow.people.name(cover.requester)}
    card = taken_card(cover, event.taker, names)
    _tell(uow, {cover.requester, cover.made_by} - {actor.id}, card)


def tell_of_roster(uow: UnitOfWork, event: RosterChanged) -> None:
    """Whoever joins or leaves, and who is on call at that moment."""
    change = event.change
    verb = "joins" if change.change is RosterChange.JOIN else "leaves"
    when = span_line(change.at, change.at)[:3]
    name = uow.people.name(change.person)
    words = told(f"{name} {verb} {change.schedule} on ", *when, ".")
    _tell(uow, {change.person, *event.on_call} - {event.actor.id}, words)


def tell_of_shift(uow: UnitOfWork, event: ShiftChanged) -> None:
    """Those who begin and those who are done, with what is going on."""
    name, once = event.schedule, f"shift:{event.schedule}:{event.stamp}"
    changes = until(schedule_of(uow, name), uow.now)
    names = {person: uow.people.name(person) for person in (*event.began, *event.ended)}
    began, ended = list(event.began), list(event.ended)
    card = shift_card(name, began, ended, changes, handover(uow), names)
    for person in (*began, *ended):
        if exists(uow, person):
            tell(uow, person, card, once)


def tell_of_gaps(uow: UnitOfWork, event: GapsFound) -> None:
    """Every admin."""
    card = gaps_card(uncovered(uow))
    for person in uow.org.people.values():
        if person.standing is Standing.ADMIN:
            tell(uow, person.id, card, "gaps")


def report_trial(uow: UnitOfWork, event: TrialSettled) -> None:
    """With the last message of a test page, and when one was seen, its person reads how all of them went."""
    if event.last:
        person = event.trial.person
        zone = uow.people.get(person).timezone
        once = "" if event.trial.seen_at else f"trial:{event.trial.batch}"
        tell(uow, person, trial_report(uow.oncall.trials(event.trial.batch), zone), once)


def _tell(uow: UnitOfWork, people: set[PersonId], card: Card) -> None:
    for person in sorted(people):
        tell(uow, person, card)


HANDLERS: tuple[Handler, ...] = (
    on(OverrideMade, CoverTaken, run=watch_its_hours),
    on(RosterChanged, run=watch_its_moment),
    on(OverrideMade, run=tell_of_override),
    on(OverrideUndone, CoverWithdrawn, run=tell_of_undone),
    on(CoverAsked, run=ask),
    on(CoverTaken, run=tell_of_taker),
    on(RosterChanged, run=tell_of_roster),
    on(ShiftChanged, run=tell_of_shift),
    on(GapsFound, run=tell_of_gaps),
    on(TrialSettled, run=report_trial),
)

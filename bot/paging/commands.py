"""Paging: page someone, acknowledge, snooze, reassign, escalate, stop."""

from __future__ import annotations

from datetime import timedelta

from bot.core.chat.card import Card, Need, Tone, When, text
from bot.core.chat.replies import done, question
from bot.core.chat.vocabulary import Group, Reply
from bot.core.errors import NotFound
from bot.core.escalation import Page, PageId, PageState, Target, TargetKind
from bot.core.people import ServiceId
from bot.language.call import CONFIRMED, Call
from bot.language.reading.writing import pressed
from bot.language.spec import Access, Addressee, Arg, ArgKind, Command, Native, Noun, Place, Who
from bot.paging.answering import (
    acknowledge,
    escalate_now,
    my_page,
    only,
    reassign,
    snooze,
    stop_page,
)
from bot.paging.service import page_people

# So many pages by one person in so long: the last of them is asked about.
AT_ONCE = 5
THROTTLE = timedelta(minutes=10)
LONGEST_SNOOZE = timedelta(hours=12)


def _page(call: Call) -> Reply:
    who = call.needed("who", Addressee)
    text = call.given("text", str) or ""
    asked = call.uow.pages.asked_since(call.actor.id, call.uow.now - THROTTLE)
    if asked >= AT_ONCE - 1 and not call.sure:
        words = f"You have paged {asked} times in ten minutes. Page {who} anyway?"
        again = CONFIRMED + pressed(call.command, call.values)
        return Reply(question(words, [("Page", again)]))
    page = page_people(call.uow, call.actor, call.number, _targets(call, who), text)
    told = {n.person for n in call.uow.pages.notices(page.id)}
    names = ", ".join(sorted(call.uow.people.name(person) for person in told))
    return Reply(done(f"Paging {names}." if names else f"{who} reaches nobody."))


def _targets(call: Call, who: Addressee) -> tuple[Target, ...]:
    """A service is paged through the first step of its own policy."""
    if who.noun is not Noun.SERVICE:
        return (Target(TargetKind(who.noun.value), who.name),)
    policy = call.uow.org.policy_for((ServiceId(who.name),))
    if policy is None or not policy.steps:
        raise NotFound(f"{who.name} has no escalation policy. Page a person or a team.")
    return policy.steps[0].notify


def _ack(call: Call) -> Reply:
    number = call.given("page", int)
    if number is None:
        open_ones = my_page(call.uow, call.actor, call.here)
        if len(open_ones) > 1:
            choices = [(f"INC-{p.incident}: page {p.id}", f"ack {p.id}") for p in open_ones]
            return Reply(question("Which page?", choices))
        number = only(open_ones).id
    page, before = acknowledge(call.uow, call.actor, PageId(number))
    wait = page.policy.ack_timeout
    more = (
        f" Acknowledge again within {int(wait.total_seconds() // 60)} min, or paging goes on."
        if wait
        else ""
    )
    if before and page.state is PageState.ACKNOWLEDGED:
        name = call.uow.people.name(page.acknowledged_by or call.actor.id)
        return Reply(done(f"{name} already acknowledged it."))
    if before:
        return Reply(done(f"That page is already {page.state}."))
    rooms = [r for r in call.uow.rooms.of(page.incident) if r.platform == call.actor.platform]
    return Reply(
        done(f"You acknowledged INC-{page.incident}.{more}"), go=rooms[0] if rooms else None
    )


def _page_meant(call: Call) -> PageId:
    number = call.given("page", int)
    return PageId(number) if number is not None else only(_mine(call)).id


def _mine(call: Call) -> list[Page]:
    return my_page(call.uow, call.actor, call.here)


def _snooze(call: Call) -> Reply:
    number = call.given("page", int)
    length = call.given("length", timedelta) or timedelta(minutes=30)
    if number is None and len(_mine(call)) > 1:
        minutes = int(length.total_seconds() // 60)
        offers = [
            (f"INC-{p.incident}: page {p.id}", f"/oncall snooze {p.id} {minutes}m")
            for p in _mine(call)
        ]
        return Reply(question("Which page?", offers))
    page = snooze(call.uow, call.actor, _page_meant(call), min(length, LONGEST_SNOOZE))
    until = When(page.snoozed_until or call.uow.now)
    return Reply(Card("", (text(f"INC-{page.incident}: snoozed until ", until, "."),), Tone.GOOD))


def _reassign(call: Call) -> Reply:
    who = call.needed("who", Addressee)
    page = reassign(call.uow, call.actor, _page_meant(call), _targets(call, who))
    return Reply(done(f"INC-{page.incident}: {who} is being paged."))


def _escalate(call: Call) -> Reply:
    escalate_now(call.uow, call.actor, call.number)
    return Reply(done("Escalated to the next step."))


def _unpage(call: Call) -> Reply:
    stopped = stop_page(call.uow, call.actor, call.number)
    return Reply(
        done(
            f"{stopped} page{'s' if stopped > 1 else ''} stopped."
            if stopped
            else "Nobody is being paged."
        )
    )


def _ack_command(group: Group) -> Command:
    return Command(
        name="ack",
        synonyms=("acknowledge",),
        help="Acknowledge a page; it stops.",
        who=Who.ANYONE,
        place=Place.ANYWHERE,
        access=Access.WRITE,
        group=group,
        native=Native.LISTED,
        examples=("ack", "ack 17"),
        args=(Arg("page", ArgKind.NUMBER, help="The page's number"),),
        run=_ack,
    )


COMMANDS = (
    Command(
        name="page",
        help="Page someone.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        native=Native.LISTED,
        examples=("page person:ana", 'page team:payments "Need a database admin"'),
        args=(
            Arg("who", ArgKind.TARGET, Need.REQUIRED, help="person: team: service: schedule:"),
            Arg("text", ArgKind.QUOTED, help="What to tell them"),
        ),
        run=_page,
    ),
    _ack_command(Group.INCIDENT),
    _ack_command(Group.ONCALL),
    Command(
        name="snooze",
        help="Snooze a page; it starts again afterwards.",
        who=Who.ANYONE,
        place=Place.ANYWHERE,
        access=Access.WRITE,
        group=Group.ONCALL,
        examples=("snooze", "snooze 17 30m"),
        args=(
            Arg("page", ArgKind.NUMBER, help="The page's number"),
            Arg("length", ArgKind.DURATION, help="How long; 30 minutes when not said"),
        ),
        run=_snooze,
    ),
    Command(
        name="reassign",
        help="Reassign a page.",
        who=Who.ANYONE,
        place=Place.ANYWHERE,
        access=Access.WRITE,
        group=Group.ONCALL,
        examples=("reassign person:bo", "reassign 17 team:payments"),
        args=(
            Arg("page", ArgKind.NUMBER, help="The page's number"),
            Arg("who", ArgKind.TARGET, Need.REQUIRED, help="person: team: service: schedule:"),
        ),
        run=_reassign,
    ),
    Command(
        name="escalate",
        help="Page the next step now.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("escalate",),
        run=_escalate,
    ),
    Command(
        name="unpage",
        help="Stop paging.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("unpage",),
        run=_unpage,
    ),
)

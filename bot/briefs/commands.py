"""Briefs made from the timeline: what was missed, what to tell whom, what is alike."""

from __future__ import annotations

from bot.briefs.cards import brief_card, catchup_card
from bot.briefs.model import Audience
from bot.briefs.service import brief, catch_up
from bot.core.chat.vocabulary import Reply
from bot.incidents.lists import alike_card, alike_of
from bot.incidents.reads import similar
from bot.language.call import Call
from bot.language.spec import Access, Arg, ArgKind, Command, Native, Place, Who


def _catchup(call: Call) -> Reply:
    found = catch_up(call.uow, call.number, call.actor.id)
    return Reply(catchup_card(found.facts, found.entries, found.since))


def _brief(call: Call) -> Reply:
    audience = Audience(call.given("audience", str) or Audience.EXEC)
    made, names = brief(call.uow, call.number, audience, call.actor.viewer)
    return Reply(brief_card(made, audience, names))


def _similar(call: Call) -> Reply:
    incident = call.incident()
    found = similar(call.uow, incident, call.actor.viewer)
    return Reply(alike_card(incident.reference, [alike_of(each) for each in found]))


COMMANDS = (
    Command(
        name="catchup",
        help="What happened since you left. Only you see it.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.READ,
        native=Native.LISTED,
        examples=("catchup", "catchup INC-42"),
        run=_catchup,
    ),
    Command(
        name="brief",
        help="A summary for management, responders or customers.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.READ,
        examples=("brief", "brief tactical", "brief customer"),
        args=(
            Arg(
                "audience",
                ArgKind.CHOICE,
                choices=tuple(audience.value for audience in Audience),
                help="For whom",
            ),
        ),
        run=_brief,
    ),
    Command(
        name="similar",
        help="Similar open incidents.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.READ,
        examples=("similar",),
        run=_similar,
    ),
)

"""Afterwards: the debrief, and the record to take away."""

from __future__ import annotations

from datetime import datetime

from bot.core.chat.vocabulary import Reply
from bot.incidents.closing_rules import WriteUp
from bot.incidents.lifecycle.closing import write_up
from bot.incidents.lifecycle.commands import then_close
from bot.incidents.reads import shown
from bot.language.call import Call
from bot.language.spec import Access, Arg, ArgKind, Command, Native, Place, Who
from bot.postmortems.cards import debrief_card, export_card, set_card
from bot.postmortems.debriefs import debrief, set_debrief
from bot.postmortems.draft_view import postmortem_card
from bot.postmortems.service import standing


def _debrief(call: Call) -> Reply:
    at = call.given("when", datetime)
    if at is not None:
        return Reply(set_card(set_debrief(call.uow, call.actor, call.number, at), at))
    return Reply(debrief_card(debrief(call.uow, call.number, call.actor.viewer)))


def _export(call: Call) -> Reply:
    facts = shown(call.uow, call.number, call.actor.viewer)
    return Reply(export_card(facts.incident, call.uow.internal_url))


def _postmortem(call: Call) -> Reply:
    wanted = call.given("outcome", str)
    incident = call.incident()
    if wanted is None:
        return Reply(postmortem_card(incident, *standing(call.uow, incident, call.actor.viewer)))
    outcome = WriteUp(wanted)
    incident = write_up(call.uow, call.actor, call.number, outcome, call.given("why", str) or "")
    words = "done" if outcome is WriteUp.DONE else "not needed"
    return Reply(then_close(call, f"The postmortem of {incident.reference} is {words}."))


COMMANDS = (
    Command(
        name="debrief",
        help="The debrief: its questions, and when it is.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("debrief", "debrief fri 14:00", "debrief INC-42"),
        args=(Arg("when", ArgKind.TIME, help="When, such as fri 14:00"),),
        run=_debrief,
    ),
    Command(
        name="export",
        help="Export the record: page, Markdown, JSON.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.READ,
        examples=("export", "export INC-42"),
        run=_export,
    ),
    Command(
        name="postmortem",
        help="See the postmortem draft; mark it done or not needed.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        native=Native.TYPED,  # Discord registers no command when there are 25
        examples=("postmortem", "postmortem done", 'postmortem skip "A typo in a test"'),
        args=(
            Arg("outcome", ArgKind.CHOICE, choices=("done", "skip"), help="done, or skip it"),
            Arg("why", ArgKind.QUOTED, help="Why none is needed"),
        ),
        run=_postmortem,
    ),
)

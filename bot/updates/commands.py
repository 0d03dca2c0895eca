"""Updates: the one form with status, severity, text and when the next one comes."""

from __future__ import annotations

from datetime import datetime

from bot.core.chat.card import Card, Clock, Need, Text, Tone, When, line
from bot.core.chat.vocabulary import Reply
from bot.core.incident import Incident, Status
from bot.core.severity import Severity
from bot.core.times.when import Reading
from bot.language.call import Call
from bot.language.spec import Access, Arg, ArgKind, Command, Native, Place, Who
from bot.updates.service import Update, heartbeat, post


def _update(call: Call) -> Reply:
    update = Update(
        call.needed("text", str),
        call.given("status", Status),
        call.given("severity", Severity),
        call.given("next", datetime),
    )
    return Reply(_posted(post(call.uow, call.actor, call.number, update)))


def _heartbeat(call: Call) -> Reply:
    return Reply(_posted(heartbeat(call.uow, call.actor, call.number)))


def _posted(incident: Incident) -> Card:
    due = incident.next_update_at
    words = (
        line("Updated. Next update ", When(due, Clock.RELATIVE), ".") if due else line("Updated.")
    )
    return Card("", (Text(words),), Tone.GOOD)


COMMANDS = (
    Command(
        name="update",
        synonyms=("post",),
        help="Post a status update.",
        who=Who.RESPONDER,
        place=Place.ROOM,
        access=Access.WRITE,
        native=Native.LISTED,
        examples=(
            'update "Failing over" next 20m',
            'update monitoring "Errors are back to normal"',
        ),
        args=(
            Arg("status", ArgKind.STATUS, help="The new status"),
            Arg("severity", ArgKind.SEVERITY, help="The new severity"),
            Arg("text", ArgKind.PHRASE, Need.REQUIRED, help="What is known, what is being done"),
            Arg("next", ArgKind.TIME, after="next", reading=Reading.NEXT, help="The next update"),
        ),
        run=_update,
    ),
    Command(
        name="heartbeat",
        help="Say that nothing has changed; keeps the promised update.",
        who=Who.RESPONDER,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("heartbeat",),
        run=_heartbeat,
    ),
)

"""What was reported: accept it, decline it, merge it. Pause what cannot go on, and go on."""

from __future__ import annotations

from collections.abc import Callable

from bot.core.chat.card import Need
from bot.core.chat.replies import done
from bot.core.chat.vocabulary import Reply
from bot.core.incident import Incident, IncidentId, Role
from bot.incidents.lifecycle.pauses import pause_incident, resume_incident
from bot.incidents.lifecycle.service import set_major
from bot.incidents.lifecycle.triage import accept, decline, merge
from bot.language.call import Call
from bot.language.spec import Access, Arg, ArgKind, Command, Place, Who


def _accept(call: Call) -> Reply:
    incident = accept(call.uow, call.actor, call.number)
    return Reply(done(f"{incident.reference} accepted. Status: {incident.status}"))


def _decline(call: Call) -> Reply:
    incident = decline(call.uow, call.actor, call.number, call.needed("why", str))
    return Reply(done(f"{incident.reference} declined."))


def _merge(call: Call) -> Reply:
    into = IncidentId(call.needed("into", int))
    incident = merge(call.uow, call.actor, call.number, into)
    rooms = [r for r in call.uow.rooms.of(into) if r.platform == call.actor.platform]
    words = f"{incident.reference} merged into INC-{into}. Work goes on there."
    return Reply(done(words), go=rooms[0] if rooms else None)


def _pause(call: Call) -> Reply:
    incident = pause_incident(call.uow, call.actor, call.number, call.given("why", str) or "")
    return Reply(done(f"{incident.reference} paused. No reminders until /incident resume."))


def _resume(call: Call) -> Reply:
    return Reply(done(f"{resume_incident(call.uow, call.actor, call.number).reference} resumed."))


def _major(call: Call) -> Reply:
    major = call.given("which", str) != "off"
    return Reply(done(_said(call, set_major(call.uow, call.actor, call.number, major=major))))


def _said(call: Call, incident: Incident) -> str:
    if not incident.is_major:
        return f"{incident.reference} is not major."
    wanted = [
        words
        for role, words in (
            (Role.COMMANDER, "a lead (/incident lead)"),
            (Role.COMMUNICATIONS, "communications (/incident role communications)"),
        )
        if role not in incident.roles
    ]
    needs = f" It needs {' and '.join(wanted)}." if wanted else ""
    return (
        f"{incident.reference} is major: updates every 20 minutes, a postmortem afterwards.{needs}"
    )


def _verb(name: str, words: str, run: Callable[[Call], Reply], *args: Arg, say: str) -> Command:
    return Command(
        name=name,
        help=words,
        who=Who.RESPONDER,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=(say,),
        args=args,
        run=run,
    )


COMMANDS = (
    _verb("accept", "Accept a reported incident.", _accept, say="accept INC-42"),
    _verb(
        "decline",
        "Decline a reported incident.",
        _decline,
        Arg("why", ArgKind.TEXT, Need.REQUIRED, help="Why"),
        say='decline "A planned test"',
    ),
    _verb(
        "merge",
        "Merge into another incident.",
        _merge,
        Arg("into", ArgKind.REFERENCE, Need.REQUIRED, help="INC-41"),
        say="merge INC-41",
    ),
    _verb(
        "pause",
        "Pause the incident: no reminders.",
        _pause,
        Arg("why", ArgKind.QUOTED, help="What it waits for"),
        say='pause "Waiting for the vendor"',
    ),
    _verb("resume", "Resume a paused incident.", _resume, say="resume"),
    _verb(
        "major",
        "Mark as major, or not.",
        _major,
        Arg("which", ArgKind.CHOICE, choices=("on", "off"), help="on or off"),
        say="major",
    ),
)

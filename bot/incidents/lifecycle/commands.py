"""The life cycle: status, severity, what it is called and what it does to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.core.chat.card import Card, Need, Text, Tone, When, line
from bot.core.chat.replies import done, question
from bot.core.chat.title import label
from bot.core.chat.vocabulary import Reply
from bot.core.incident import Status
from bot.core.severity import Severity
from bot.core.times.when import Reading
from bot.incidents.closing_rules import Point
from bot.incidents.events import Description
from bot.incidents.lifecycle.closing import confirm, missing
from bot.incidents.lifecycle.service import correct, describe, set_severity, set_status
from bot.incidents.nudge import Cause
from bot.incidents.nudges.service import snooze
from bot.language.call import Call
from bot.language.spec import Access, Arg, ArgKind, Command, Native, Place, Shorthand, Who

# So much of a text is said again to who set it.
_ECHOED = 200


def _status(call: Call) -> Reply:
    status = call.needed("status", Status)
    return _move(call, status)


def _move(call: Call, status: Status) -> Reply:
    why = call.given("why", str) or ""
    incident = set_status(call.uow, call.actor, call.number, status, why)
    return Reply(done(call.now_is("status", incident.status)))


def _close(call: Call) -> Reply:
    """Closed, or what is to be done first, each with its button."""
    incident = call.incident()
    points = missing(call.uow, incident)
    if not points:
        return _move(call, Status.CLOSED)
    ref, requester = incident.reference, call.uow.people.name(incident.reporter)
    words = " ".join(point.words(requester) for point in points)
    choices: list[tuple[str, str]] = []
    if Point.COMMANDER in points:
        choices.append(("I led", f"lead {ref}"))
    if Point.COMMUNICATIONS in points:
        choices.append(("I had communications", f"role {ref} communications"))
    if Point.CONFIRMATION in points:
        choices.append((f"Fixed, for {requester}", f"confirm {ref}"))
    if Point.POSTMORTEM in points:
        choices += [("Postmortem done", f"postmortem {ref} done")]
        choices += [] if incident.is_major else [("None needed", f"postmortem {ref} skip")]
    return Reply(question(f"Not closed yet. {words}", choices))


def then_close(call: Call, words: str) -> Card:
    """It is said; and the close, if nothing else stands in its way."""
    incident = call.incident()
    if incident.status is not Status.RESOLVED or missing(call.uow, incident):
        return done(words)
    return question(words, [("Close", f"close {incident.reference}")])


def _to(status: Status) -> Callable[[Call], Reply]:
    return lambda call: _move(call, status)


def _severity(call: Call) -> Reply:
    severity = call.needed("severity", Severity)
    set_severity(call.uow, call.actor, call.number, severity)
    return Reply(done(call.now_is("severity", severity.label)))


def _describe(what: Description) -> Callable[[Call], Reply]:
    def run(call: Call) -> Reply:
        text = call.needed("text", str)
        describe(call.uow, call.actor, call.number, what, text)
        return Reply(done(call.now_is(what, label(text, _ECHOED))))

    return run


def _confirm(call: Call) -> Reply:
    incident = confirm(call.uow, call.actor, call.number)
    return Reply(then_close(call, f"Thank you. {incident.reference} stays resolved."))


def _snooze(call: Call) -> Reply:
    cause = Cause(call.needed("cause", str))
    snooze(call.uow, call.actor, call.number, cause)
    return Reply(done("Snoozed for 15 minutes."))


def _describing(what: Description, example: str) -> Command:
    return Command(
        name=what.value,
        help=f"Set the {what}.",
        who=Who.RESPONDER,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=(example,),
        args=(Arg("text", ArgKind.QUOTED, Need.REQUIRED, help=f"The new {what}"),),
        run=_describe(what),
    )


def _time(call: Call) -> Reply:
    status, at = call.needed("status", Status), call.needed("at", datetime)
    incident = correct(call.uow, call.actor, call.number, status, at)
    words = line(f"{incident.reference} was {status} at ", When(at), ".")
    return Reply(Card("", (Text(words),), Tone.GOOD))


_WHY = Arg("why", ArgKind.QUOTED, help="Why")

COMMANDS = (
    Command(
        name="status",
        help="Set the status.",
        who=Who.RESPONDER,
        place=Place.ROOM,
        access=Access.WRITE,
        native=Native.LISTED,
        examples=("status identified", "mitigated", "fixed"),
        shorthands=(
            Shorthand("investigating", {"status": Status.INVESTIGATING}),
            Shorthand("identified", {"status": Status.IDENTIFIED}),
            Shorthand("monitoring", {"status": Status.MONITORING}),
            Shorthand("mitigated", {"status": Status.MONITORING}),
            Shorthand("resolved", {"status": Status.RESOLVED}),
            Shorthand("resolve", {"status": Status.RESOLVED}),
            Shorthand("fixed", {"status": Status.RESOLVED}),
        ),
        args=(Arg("status", ArgKind.STATUS, Need.REQUIRED, help="The new status"), _WHY),
        run=_status,
    ),
    Command(
        name="sev",
        synonyms=("severity",),
        help="Set the severity.",
        who=Who.RESPONDER,
        place=Place.ROOM,
        access=Access.WRITE,
        native=Native.LISTED,
        examples=("sev 2",),
        args=(Arg("severity", ArgKind.SEVERITY, Need.REQUIRED, help="1 (worst) to 5"),),
        run=_severity,
    ),
    _describing(Description.TITLE, 'title "Card payments fail"'),
    _describing(Description.SUMMARY, 'summary "The database is full"'),
    _describing(Description.IMPACT, 'impact "Nobody can pay by card"'),
    Command(
        name="close",
        help="Close the incident.",
        who=Who.RESPONDER,
        place=Place.ROOM,
        access=Access.WRITE,
        native=Native.LISTED,
        examples=("close", 'close "Nothing left to do"'),
        args=(_WHY,),
        run=_close,
    ),
    Command(
        name="reopen",
        help="Reopen the incident.",
        who=Who.RESPONDER,
        place=Place.ROOM,
        access=Access.WRITE,
        native=Native.LISTED,
        examples=("reopen", 'reopen "It came back"'),
        args=(_WHY,),
        run=_to(Status.INVESTIGATING),
    ),
    Command(
        name="cancel",
        help="Cancel an incident declared by mistake.",
        who=Who.RESPONDER,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("cancel",),
        args=(_WHY,),
        run=_to(Status.CANCELLED),
    ),
    Command(
        name="time",
        help="Correct when a status was first entered.",
        who=Who.RESPONDER,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("time resolved at 14:32",),
        args=(
            Arg("status", ArgKind.STATUS, Need.REQUIRED, help="Which status"),
            Arg(
                "at",
                ArgKind.TIME,
                Need.REQUIRED,
                after="at",
                reading=Reading.PAST,
                help="When it was",
            ),
        ),
        run=_time,
    ),
    Command(
        name="confirm",
        help="Confirm that it is fixed for you.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("confirm",),
        run=_confirm,
    ),
    Command(
        name="snooze",
        help="Snooze a reminder for 15 minutes.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("snooze update",),
        args=(
            Arg(
                "cause",
                ArgKind.CHOICE,
                Need.REQUIRED,
                choices=tuple(cause.value for cause in Cause),
                help="Which reminder",
            ),
        ),
        run=_snooze,
    ),
)

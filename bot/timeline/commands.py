"""What goes on the timeline: notes, decisions, captured messages; and undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pydantic import TypeAdapter

from bot.core.chat.card import Need
from bot.core.chat.replies import done
from bot.core.chat.title import label
from bot.core.chat.vocabulary import Reply
from bot.core.timeline import Kind
from bot.core.times.when import Reading
from bot.incidents.notes import captures
from bot.incidents.notes.service import link, note
from bot.language.call import Call
from bot.language.spec import Access, Arg, ArgKind, Command, Native, Place, Who
from bot.tasks.captures import make_task, unmake_task
from bot.tasks.model import Horizon
from bot.timeline.cards import timeline_card
from bot.timeline.reads import story
from bot.timeline.redaction import redact
from bot.timeline.undoing import undo


def _write(kind: Kind) -> Callable[[Call], Reply]:
    def run(call: Call) -> Reply:
        at = call.given("at", datetime)
        note(call.uow, call.actor, call.number, call.needed("text", str), at, kind)
        return Reply(done("Added to the timeline."))

    return run


def _undo(call: Call) -> Reply:
    taken_back = undo(call.uow, call.actor, call.number)
    what = taken_back.kind.replace("_", " ")
    words = f" “{label(taken_back.text, 80)}”" if taken_back.text else ""
    return Reply(done(f"Undone: {what}{words}"))


def _link(call: Call) -> Reply:
    link(call.uow, call.actor, call.number, call.needed("url", str), call.given("text", str) or "")
    return Reply(done("Added to the timeline."))


def _redact(call: Call) -> Reply:
    neutral = TypeAdapter(Reply).dump_json(Reply(done("Done."))).decode()
    number = call.needed("number", int)
    found = redact(call.uow, call.actor, call.number, number, neutral)
    return Reply(done(f"Erased: {', '.join(found.erased)}. Not erased: {'; '.join(found.left)}."))


def _capture(call: Call) -> Reply:
    entry = captures.capture(call.uow, call.actor, call.number, call.invocation)
    return Reply(
        done("Added to the timeline." if entry else "That message is already on the timeline.")
    )


def _release(call: Call) -> Reply:
    found = captures.release(call.uow, call.actor, call.number, call.invocation)
    return Reply(
        done("Removed from the timeline." if found else "That message was not on the timeline.")
    )


def _make(horizon: Horizon) -> Callable[[Call], Reply]:
    def run(call: Call) -> Reply:
        made = make_task(call.uow, call.actor, call.number, call.invocation, horizon)
        words = (
            f"{horizon.capitalize()} {made.number} made."
            if made
            else "That message is one already."
        )
        return Reply(done(words))

    return run


def _unmake(horizon: Horizon) -> Callable[[Call], Reply]:
    def run(call: Call) -> Reply:
        gone = unmake_task(call.uow, call.actor, call.number, call.invocation, horizon)
        words = "Taken back." if gone else f"That message is no {horizon} now."
        return Reply(done(words))

    return run


def _reaction(name: str, words: str, run: Callable[[Call], Reply]) -> Command:
    """What a reaction on a message means; typed without a message it says so."""
    return Command(
        name=name,
        help=words,
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=(name,),
        run=run,
    )


def _noting(name: str, words: str, kind: Kind, example: str) -> Command:
    return Command(
        name=name,
        help=words,
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        native=Native.LISTED if name == "note" else Native.TYPED,
        examples=(example,),
        args=(
            Arg("text", ArgKind.TEXT, Need.REQUIRED, help="What happened"),
            Arg("at", ArgKind.TIME, after="at", reading=Reading.PAST, help="When it happened"),
        ),
        run=_write(kind),
    )


_SHOWN = 15


def _timeline(call: Call) -> Reply:
    told = story(call.uow, call.number, call.actor.viewer)
    last = told.entries[-_SHOWN:]
    more = len(told.entries) - len(last)
    title = f"Timeline of {told.incident.reference}"
    return Reply(timeline_card(title, last, told.names, more, told.numbers))


COMMANDS = (
    _noting("note", "Add a note to the timeline.", Kind.NOTE, 'note "CPU went up" at 14:32'),
    _noting("decision", "Record a decision.", Kind.DECISION, 'decision "Roll back"'),
    Command(
        name="undo",
        help="Take back your last entry, within a minute.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("undo",),
        run=_undo,
    ),
    Command(
        name="link",
        help="Add a link to the timeline.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=('link https://grafana.example/d/42 "Error rate"',),
        args=(
            Arg("url", ArgKind.URL, Need.REQUIRED, help="http or https"),
            Arg("text", ArgKind.QUOTED, help="What it shows"),
        ),
        run=_link,
    ),
    Command(
        name="redact",
        help="Erase an entry's text everywhere it went.",
        who=Who.ADMIN,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("redact 12",),
        args=(Arg("number", ArgKind.NUMBER, Need.REQUIRED, help="Its number on the timeline"),),
        run=_redact,
    ),
    _reaction("capture", "Put a message on the timeline (📌).", _capture),
    _reaction("uncapture", "Take a message off the timeline.", _release),
    _reaction("totask", "Make a message a task (📋).", _make(Horizon.TASK)),
    _reaction("untotask", "Take back the task made of a message.", _unmake(Horizon.TASK)),
    _reaction("untofollowup", "Take back the follow-up made of it.", _unmake(Horizon.FOLLOWUP)),
    _reaction("tofollowup", "Make a message a follow-up (⏭️).", _make(Horizon.FOLLOWUP)),
    Command(
        name="timeline",
        help="What happened, in order.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.READ,
        native=Native.LISTED,
        examples=("timeline",),
        run=_timeline,
    ),
)

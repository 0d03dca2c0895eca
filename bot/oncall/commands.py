"""On call: who, until when, who is next; one's own shifts; changing them; one's own set-up."""

from __future__ import annotations

from datetime import datetime

from bot.core.chat.card import Button, Buttons, Card, Link, Mention, Need, Tone, text
from bot.core.chat.vocabulary import Group, Reply
from bot.core.errors import NotFound
from bot.core.people import PersonId
from bot.core.times.when import Period, Reading
from bot.language.call import Call
from bot.language.spec import Access, Arg, ArgKind, Bare, Command, Native, Place, Who
from bot.oncall import covers, duties, schedules
from bot.oncall.cards import duty_card, shifts_card, span_line, told, trial_report
from bot.oncall.changes import ChangeId, RosterChange
from bot.oncall.feeds import close_feed, open_feed
from bot.oncall.trials import try_out

_SCHEDULE = Arg("schedule", ArgKind.SCHEDULE, help="Which schedule")


def _who(call: Call) -> Reply:
    at = call.given("at", datetime)
    found = duties.duties(call.uow, call.given("schedule", str), at)
    return Reply(duty_card(found, duties.names_in(call.uow, found), at))


def _next(call: Call) -> Reply:
    found = duties.ahead(call.uow, call.given("schedule", str))
    return Reply(shifts_card("On call next", found, duties.names_of(call.uow, found)))


def _mine(call: Call) -> Reply:
    found = duties.mine(call.uow, call.actor.id)
    return Reply(shifts_card("Your shifts", found, {call.actor.id: call.actor.name}))


def _one(call: Call) -> str:
    """The schedule meant: named, the only one, or the only one that the speaker is in."""
    name = call.given("schedule", str)
    if name is not None:
        return name
    known = call.uow.org.schedules
    inside = [n for n, s in known.items() if call.actor.id in schedules.people_of(s)]
    found = list(known) if len(known) == 1 else inside
    if len(found) != 1:
        raise NotFound(
            f"Say which schedule: {', '.join(sorted(found or known)) or 'there is none'}."
        )
    return found[0]


def _override(call: Call) -> Reply:
    name, hours = _one(call), call.needed("hours", Period)
    person = PersonId(call.needed("person", str))
    made = covers.override(call.uow, call.actor, name, person, hours)
    mention = Mention(person, call.uow.people.name(person))
    line = text(mention, f" is on call for {name} ", *span_line(hours.start, hours.end), ".")
    undo = Buttons((Button("Undo", f"/oncall undo {made.id}"),))
    return Reply(Card("", (line, undo), Tone.GOOD))


def _undo(call: Call) -> Reply:
    made = covers.undo_override(call.uow, call.actor, ChangeId(call.needed("number", int)))
    return Reply(told(f"The override of {made.schedule} is taken back."))


def _cover(call: Call) -> Reply:
    name, person = _one(call), PersonId(call.given("person", str) or call.actor.id)
    hours = call.given("hours", Period) or _next_shift(call, name, person)
    cover, asked = covers.ask_cover(call.uow, call.actor, name, person, hours)
    names = ", ".join(call.uow.people.name(p) for p in asked) or "nobody: you are alone there"
    line = text("Asked for ", *span_line(hours.start, hours.end), f": {names}.")
    back = Buttons((Button("Take it back", f"/oncall withdraw {cover.id}"),))
    return Reply(Card(f"Cover for {name}", (line, back), Tone.GOOD))


def _next_shift(call: Call, name: str, person: PersonId) -> Period:
    for schedule, shift in duties.mine(call.uow, person):
        if schedule == name:
            return Period(shift.start, shift.end)
    raise NotFound(
        f"There is no shift for {name} in the next 60 days. /oncall who says who is on call."
    )


def _take(call: Call) -> Reply:
    cover, taker = covers.take(call.uow, call.actor, ChangeId(call.needed("number", int)))
    if taker != call.actor.id:
        return Reply(told(f"{call.uow.people.name(taker)} already took it. Thank you."))
    return Reply(told(f"You cover {cover.schedule} ", *span_line(cover.start, cover.end), "."))


def _withdraw(call: Call) -> Reply:
    cover = covers.withdraw(call.uow, call.actor, ChangeId(call.needed("number", int)))
    return Reply(told(f"The request for {cover.schedule} is taken back."))


def _roster(change: RosterChange) -> object:
    def run(call: Call) -> Reply:
        person = PersonId(call.given("person", str) or call.actor.id)
        at = call.given("at", datetime)
        made = covers.change_roster(call.uow, call.actor, _one(call), person, change, at)
        mention = Mention(person, call.uow.people.name(person))
        verb = "joins" if change is RosterChange.JOIN else "leaves"
        when = span_line(made.at, made.at)[:3]
        return Reply(told(mention, f" {verb} {made.schedule} on ", *when, "."))

    return run


def _test(call: Call) -> Reply:
    sent = try_out(call.uow, call.actor)
    if not sent:
        raise NotFound("Nothing reaches you. Ask an admin to link you in the organisation file.")
    card = trial_report(sent, call.actor.timezone)
    return Reply(Card("A test page is on its way to you", card.blocks))


def _feed(call: Call) -> Reply:
    schedule = call.given("schedule", str)
    if call.values.get("revoke"):
        closed = close_feed(call.uow, call.actor, schedule)
        return Reply(
            told("The address is switched off." if closed else "You have no calendar address.")
        )
    url = open_feed(call.uow, call.actor, schedule)
    what = schedule or "your shifts"
    words = f"Calendar of {what}. Whoever has the address can read it; asking again makes a new one and ends this one."
    return Reply(Card("", (text(Link(url, url)), text(words)), Tone.GOOD))


def _command(name: str, summary: str, run: object, *args: Arg, **more: object) -> Command:
    spec: dict[str, object] = {
        "name": name,
        "help": summary,
        "who": Who.ANYONE,
        "place": Place.ANYWHERE,
        "access": Access.WRITE,
        "group": Group.ONCALL,
        "args": args,
        "run": run,
        **more,
    }
    return Command(**spec)  # type: ignore[arg-type]


_HOURS = Arg("hours", ArgKind.RANGE, help="2h from now, 18:00-22:00, fri 18:00-22:00")
_PERSON = Arg("person", ArgKind.PERSON, help="For whom; yourself when not said")
_NUMBER = Arg("number", ArgKind.NUMBER, Need.REQUIRED, help="Its number")
_AT = Arg("at", ArgKind.TIME, after="at", reading=Reading.EITHER, help="When")
_FROM = Arg("at", ArgKind.TIME, after="at", help="From when; the next hand-off when not said")

COMMANDS = (
    _command("who", "Who is on call, until when, and who is next.", _who, _SCHEDULE, _AT,
             access=Access.READ, native=Native.LISTED, bare=Bare.EMPTY,
             examples=("who", "who payments-primary", "who payments-primary at fri 17:00")),
    _command("at", "Who is on call at another time.", _who,
             Arg("at", ArgKind.TIME, Need.REQUIRED, reading=Reading.EITHER, help="When"), _SCHEDULE,
             access=Access.READ, examples=("at fri 17:00", "at tomorrow")),
    _command("next", "The shifts of the next two weeks.", _next, _SCHEDULE,
             access=Access.READ, native=Native.LISTED, examples=("next", "next payments-primary")),
    _command("mine", "Your shifts of the next 60 days.", _mine,
             access=Access.READ, native=Native.LISTED, examples=("mine",)),
    _command("override", "Put somebody on call instead of everybody.", _override,
             Arg("person", ArgKind.PERSON, Need.REQUIRED, help="Who"),
             Arg("hours", ArgKind.RANGE, Need.REQUIRED, help=_HOURS.help), _SCHEDULE,
             native=Native.LISTED,
             examples=("override @bo 2h", "override @bo fri 18:00-22:00 payments-primary")),
    _command("undo", "Take an override back.", _undo, _NUMBER, examples=("undo 3",)),
    _command("cover", "Ask the others to cover for you; the first to accept has it.", _cover,
             _PERSON, _HOURS, _SCHEDULE, native=Native.LISTED,
             examples=("cover", "cover 18:00-22:00", "cover @bo sat payments-primary")),
    _command("take", "Accept a request to cover.", _take, _NUMBER, examples=("take 3",)),
    _command("withdraw", "Take a request to cover back, or undo a cover.", _withdraw, _NUMBER,
             examples=("withdraw 3",)),
    _command("join", "Join a rotation; whoever is on call stays.", _roster(RosterChange.JOIN),
             _PERSON, _SCHEDULE, _FROM, examples=("join @mia payments-primary at fri 09:00",)),
    _command("leave", "Leave a rotation; whoever is on call stays.", _roster(RosterChange.LEAVE),
             _PERSON, _SCHEDULE, _FROM, examples=("leave @mia", "leave @mia payments-primary")),
    _command("test", "Send yourself a test page.", _test, native=Native.LISTED, examples=("test",)),
    _command("feed", "A calendar address of your shifts, or of a schedule.", _feed, _SCHEDULE,
             Arg("revoke", ArgKind.FLAG, help="End the address"),
             examples=("feed", "feed payments-primary", "feed --revoke")),
)  # fmt: skip

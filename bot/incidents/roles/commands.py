"""People in the incident: who leads, who has which role, who comes and goes."""

from __future__ import annotations

from bot.core.chat.card import Need
from bot.core.chat.replies import done
from bot.core.chat.vocabulary import Reply
from bot.core.incident import Role, Visibility
from bot.core.people import PersonId, TeamId
from bot.incidents.roles.service import hand_over, invite, join, leave, set_role
from bot.incidents.roles.subscribing import subscribe
from bot.language.call import Call
from bot.language.spec import Access, Addressee, Arg, ArgKind, Command, Native, Noun, Place, Who

# What somebody with a role does, before the incident's reference.
_HOLDS = {
    Role.COMMANDER: "leads",
    Role.COMMUNICATIONS: "has communications for",
    Role.OPERATIONS: "has operations for",
    Role.SCRIBE: "is the scribe of",
}


def _lead(call: Call) -> Reply:
    person = PersonId(call.given("person", str) or call.actor.id)
    return _give(call, Role.COMMANDER, person)


def _role(call: Call) -> Reply:
    person = PersonId(call.given("person", str) or call.actor.id)
    return _give(call, call.needed("role", Role), person)


def _give(call: Call, role: Role, person: PersonId) -> Reply:
    incident = set_role(call.uow, call.actor, call.number, role, person)
    name = call.uow.people.name(person)
    return Reply(done(f"{name} {_HOLDS[role]} {incident.reference}."))


def _handoff(call: Call) -> Reply:
    role, person = call.needed("role", Role), PersonId(call.needed("person", str))
    incident = hand_over(call.uow, call.actor, call.number, role, person)
    name = call.uow.people.name(person)
    return Reply(done(f"{name} {_HOLDS[role]} {incident.reference}, and was sent a summary."))


def _subscribe(call: Call) -> Reply:
    incident = subscribe(call.uow, call.actor, call.number)
    words = f"You get every update of {incident.reference}. /incident unsubscribe stops it."
    return Reply(done(words))


def _unsubscribe(call: Call) -> Reply:
    incident = subscribe(call.uow, call.actor, call.number, wanted=False)
    return Reply(done(f"Unsubscribed from {incident.reference}."))


def _join(call: Call) -> Reply:
    incident = join(call.uow, call.actor, call.number)
    rooms = [r for r in call.uow.rooms.of(incident.id) if r.platform == call.actor.platform]
    go = rooms[0] if rooms else None
    return Reply(done(f"You joined {incident.reference}."), go=go)


def _leave(call: Call) -> Reply:
    incident = leave(call.uow, call.actor, call.number)
    words = f"You left {incident.reference}."
    if incident.visibility is Visibility.PRIVATE:
        words += " Its room is closed to you; only an invitation brings you back."
    return Reply(done(words))


def _invite(call: Call) -> Reply:
    named = call.needed("people", tuple)
    people = tuple(dict.fromkeys(p for who in named for p in _people(call, who)))
    new = invite(call.uow, call.actor, call.number, people)
    names = ", ".join(call.uow.people.name(who) for who in new)
    return Reply(done(f"Invited {names}." if new else "Already in the incident."))


def _people(call: Call, who: Addressee) -> tuple[PersonId, ...]:
    if who.noun is Noun.TEAM:
        team = call.uow.org.teams.get(TeamId(who.name))
        return team.members if team else ()
    return (PersonId(who.name),)


COMMANDS = (
    Command(
        name="lead",
        help="Take the lead, or give it.",
        who=Who.RESPONDER,
        place=Place.ROOM,
        access=Access.WRITE,
        native=Native.LISTED,
        examples=("lead", "lead @ana"),
        args=(Arg("person", ArgKind.PERSON, help="Who; you when nobody is named"),),
        run=_lead,
    ),
    Command(
        name="role",
        help="Give a role.",
        who=Who.RESPONDER,
        place=Place.ROOM,
        access=Access.WRITE,
        native=Native.LISTED,
        examples=("role communications @bo", "role scribe"),
        args=(
            Arg("role", ArgKind.ROLE, Need.REQUIRED, help="Which role"),
            Arg("person", ArgKind.PERSON, help="Who; you when nobody is named"),
        ),
        run=_role,
    ),
    Command(
        name="handoff",
        help="Hand a role over, with a summary.",
        who=Who.RESPONDER,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("handoff lead @cy",),
        args=(
            Arg("role", ArgKind.ROLE, Need.REQUIRED, help="Which role"),
            Arg("person", ArgKind.PERSON, Need.REQUIRED, help="Who"),
        ),
        run=_handoff,
    ),
    Command(
        name="join",
        help="Join the incident.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        native=Native.LISTED,
        examples=("join", "join INC-42"),
        run=_join,
    ),
    Command(
        name="leave",
        help="Leave the incident.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("leave",),
        run=_leave,
    ),
    Command(
        name="subscribe",
        help="Get every update by direct message.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("subscribe INC-42",),
        run=_subscribe,
    ),
    Command(
        name="unsubscribe",
        help="Stop getting updates.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("unsubscribe INC-42",),
        run=_unsubscribe,
    ),
    Command(
        name="invite",
        help="Invite people or a team.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        native=Native.LISTED,
        examples=("invite @ana @payments",),
        args=(Arg("people", ArgKind.PEOPLE, Need.REQUIRED, help="@person or @team"),),
        run=_invite,
    ),
)

"""How evenly being on call is shared out over the next 60 days."""

from __future__ import annotations

from bot.core.chat.vocabulary import Group, Reply
from bot.language.call import Call
from bot.language.spec import Access, Arg, ArgKind, Command, Place, Who
from bot.oncall import duties
from bot.oncall.cards import fairness_card


def _fairness(call: Call) -> Reply:
    found = duties.shared(call.uow, call.given("schedule", str))
    people = {load.person for each in found.values() for load in each}
    names = {person: call.uow.people.name(person) for person in people}
    return Reply(fairness_card(found, names))


COMMANDS = (
    Command(
        name="fairness",
        help="Hours, nights and weekends of each person in the next 60 days.",
        who=Who.ANYONE,
        place=Place.ANYWHERE,
        access=Access.READ,
        group=Group.ONCALL,
        examples=("fairness", "fairness payments-primary"),
        args=(Arg("schedule", ArgKind.SCHEDULE, help="Which schedule; all when not said"),),
        run=_fairness,
    ),
)

"""Drills in chat: a scripted incident in test mode, whose room says what to do next."""

from __future__ import annotations

from dataclasses import replace

from bot.chat import Reply
from bot.commands.call import Call
from bot.commands.spec import Access, Arg, ArgKind, Command, Place, Who
from bot.services.drills import begin, scenarios
from bot.services.facts import short_facts
from bot.views.card import context
from bot.views.drill import scenarios_card
from bot.views.incidents import declared


def _drill(call: Call) -> Reply:
    name = call.given("scenario", str)
    if name is None:
        return Reply(scenarios_card(tuple(scenarios().values())))
    incident = begin(call.uow, call.actor, name)
    card = declared(short_facts(call.uow, incident))
    hint = context("Its room says what to do, step by step.")
    return Reply(replace(card, blocks=(*card.blocks, hint)))


COMMANDS = (
    Command(
        name="drill",
        synonyms=("tutorial",),
        help="Practise on a scripted incident; nobody outside is told.",
        who=Who.ANYONE,
        place=Place.ANYWHERE,
        access=Access.WRITE,
        examples=("drill", "drill checkout"),
        args=(Arg("scenario", ArgKind.CHOICE, help="Which drill", choices=tuple(scenarios())),),
        run=_drill,
    ),
)

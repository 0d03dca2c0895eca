"""Drills in chat: a scripted incident in test mode, whose room says what to do next."""

from __future__ import annotations

from dataclasses import replace

from bot.core.chat.card import context
from bot.core.chat.vocabulary import Reply
from bot.drills.cards import scenarios_card
from bot.drills.service import begin, scenarios
from bot.incidents.facts import short_facts
from bot.incidents.lists import declared
from bot.language.call import Call
from bot.language.spec import Access, Arg, ArgKind, Command, Place, Who


def _drill(call: Call) -> Reply:
    name = call.given("scenario", str)
    if name is None:
        return Reply(scenarios_card(tuple(scenarios().values())))
    incident = begin(call.uow, call.actor, name)
    card = declared(short_facts(call.uow, incident))
    hint = context("Follow the steps in its room.")
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

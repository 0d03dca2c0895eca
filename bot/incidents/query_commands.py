"""Commands that only look: lists, search, one incident, its roles."""

from __future__ import annotations

from dataclasses import replace

from bot.core.chat.card import Button, Buttons, Need
from bot.core.chat.title import label
from bot.core.chat.vocabulary import Reply
from bot.core.incident import Filter
from bot.incidents.cards import room_card
from bot.incidents.lists import listing
from bot.incidents.reads import listed, member_names, shown
from bot.incidents.roles.cards import roles_card
from bot.language.call import Call
from bot.language.spec import Access, Arg, ArgKind, Command, Native, Place, Who


def _list(call: Call) -> Reply:
    mine = call.actor.id if call.values.get("mine") else None
    only_open = not call.values.get("all")
    found = listed(call.uow, Filter(open_only=only_open, member=mine), call.actor.viewer)
    title = "Your incidents" if mine else ("Incidents" if not only_open else "Open incidents")
    return Reply(listing(found, title))


def _show(call: Call) -> Reply:
    return Reply(room_card(shown(call.uow, call.number, call.actor.viewer)))


def _search(call: Call) -> Reply:
    """What was meant as a title, such as "search slow", is one press away from being one."""
    words = call.needed("words", str)
    found = listed(call.uow, Filter(words=words, limit=10), call.actor.viewer)
    card = listing(found, f"Incidents with “{label(words, 60)}”")
    typed = call.invocation.text.strip()
    offer = Buttons((Button(label(f'Declare "{typed}"'), f"declare {typed}"),))
    return Reply(replace(card, blocks=(*card.blocks, offer)))


def _roles(call: Call) -> Reply:
    incident = call.incident()
    return Reply(roles_card(incident, member_names(call.uow, incident.id)))


COMMANDS = (
    Command(
        name="list",
        help="Open incidents.",
        who=Who.ANYONE,
        place=Place.ANYWHERE,
        access=Access.READ,
        native=Native.LISTED,
        examples=("list", "list --mine", "list --all"),
        args=(
            Arg("mine", ArgKind.FLAG, help="Those you are in"),
            Arg("all", ArgKind.FLAG, help="Ended ones too"),
        ),
        run=_list,
    ),
    Command(
        name="show",
        help="One incident's card.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.READ,
        native=Native.LISTED,
        examples=("show INC-42",),
        run=_show,
    ),
    Command(
        name="search",
        help="Find incidents by words.",
        who=Who.ANYONE,
        place=Place.ANYWHERE,
        access=Access.READ,
        native=Native.LISTED,
        examples=("search card payments",),
        args=(Arg("words", ArgKind.WORDS, Need.REQUIRED, help="Words of title or summary"),),
        run=_search,
    ),
    Command(
        name="roles",
        help="People and their roles.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.READ,
        examples=("roles",),
        run=_roles,
    ),
)

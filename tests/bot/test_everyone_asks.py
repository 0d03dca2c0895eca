"""Every verb of every service asks the policy itself, in its transaction: chat, command line, links alike."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator
from datetime import timedelta
from enum import Enum
from typing import Any

from bot.core.errors import NotAllowed, UserError
from bot.core.people import Actor, PersonId, Standing
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.lifecycle.service import Declare
from bot.incidents.notes.service import Captured
from bot.oncall.engine.schedule import Schedule
from bot.updates.service import Update
from tests.features import modules
from tests.world import World

# Parts of verbs, called by those that have asked; each with the reason why it must not ask again.
PARTS = {
    "incidents.notes.captures.followed": "what a message's author does to it is followed, whoever they are",
    "oncall.covers.may_change": "is the rule itself",
    "paging.service.going_on": "by verbs that have asked",
    "paging.answering.my_page": "reads",
    "incidents.notes.service.amended": "see captures.followed",
    "incidents.notes.service.deleted": "see captures.followed",
    "paging.service.begin": "by a timer, or by page_people",
    "paging.service.again": "by a timer, or by verbs that have asked",
    "incidents.roles.service.add_people": "by verbs that have asked",
    "incidents.recording.amending.amend": "saves what a verb has decided",
    "incidents.recording.amending.entered": "writes down what a verb has done",
    "statuspage.service.ended": "what follows from an end",
    "statuspage.service.resumed": "what follows from a return",
    "accounts.concerns.concerning": "reads, for its actor",
}
OUTSIDER = Actor(PersonId("guest"), "A guest", "console", standing=Standing.OUTSIDER)


def verbs() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every function that takes a transaction and an actor, by module and name."""
    for place, module in modules():
        for name, found in inspect.getmembers(module, inspect.isfunction):
            if found.__module__ != module.__name__ or name.startswith("_"):
                continue
            hints = {k: v for k, v in typing.get_type_hints(found).items() if k != "return"}
            if UnitOfWork in hints.values() and Actor in hints.values():
                yield f"{place}.{name}", found


VERBS = dict(verbs())


def some(kind: Any, world: World) -> Any:
    """Any value of a type; the policy answers before it is looked at."""
    made = {
        Schedule: next(iter(world.org.schedules.values())), Declare: Declare("x"), Update: Update("x"), str: "x", timedelta: timedelta(hours=1),
        Captured: Captured("s", PersonId("bo"), world.clock.now(), "x"),
    }.get(kind)  # fmt: skip
    if made is not None:
        return made
    if typing.get_origin(kind) is tuple:
        return ()
    if inspect.isclass(kind) and issubclass(kind, Enum):
        return next(iter(kind))
    base = getattr(kind, "__supertype__", kind)
    return {int: 1, str: "x"}.get(base)


def test_the_parts_are_parts_that_exist() -> None:
    assert set(PARTS) <= set(VERBS)


async def test_every_verb_refuses_an_outsider_before_anything_else(world: World) -> None:
    asked_nobody = []
    for name in sorted(set(VERBS) - set(PARTS)):
        try:
            await world.memory.write(attempt(VERBS[name], world))
            asked_nobody.append(name)
        except NotAllowed as refusal:
            assert "Ask somebody" in str(refusal)  # noqa: PT017 - each verb, by name
        except UserError:
            asked_nobody.append(name)
    assert not asked_nobody, " ".join(asked_nobody)


def attempt(verb: Callable[..., Any], world: World) -> Callable[[UnitOfWork], None]:
    hints = typing.get_type_hints(verb)

    def run(uow: UnitOfWork) -> None:
        given: dict[str, Any] = {}
        for parameter in inspect.signature(verb).parameters.values():
            kind = hints[parameter.name]
            if kind is UnitOfWork:
                given[parameter.name] = uow
            elif kind is Actor:
                given[parameter.name] = OUTSIDER
            elif parameter.default is parameter.empty:
                given[parameter.name] = some(kind, world)
        verb(**given)

    return run

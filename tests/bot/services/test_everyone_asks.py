"""Every verb of every service asks the policy itself, in its transaction: chat, command line, links alike."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable, Iterator
from datetime import timedelta
from enum import Enum
from typing import Any

import bot.services
from bot.domain.errors import NotAllowed, UserError
from bot.domain.people import Actor, PersonId, Standing
from bot.domain.schedule import Schedule
from bot.ports import UnitOfWork
from bot.services.incidents import Declare
from bot.services.notes import Captured
from bot.services.updates import Update
from tests.world import World

# Parts of verbs, called by those that have asked; each with the reason why it must not ask again.
PARTS = {
    "captures.followed": "what a message's author does to it is followed, whoever they are",
    "covers.may_change": "is the rule itself",
    "paging.going_on": "by verbs that have asked",
    "answering.my_page": "reads",
    "notes.amended": "see captures.followed",
    "notes.deleted": "see captures.followed",
    "paging.begin": "by a timer, or by page_people",
    "paging.again": "by a timer, or by verbs that have asked",
    "roles.add_people": "by verbs that have asked",
    "recording.amend": "saves what a verb has decided",
    "recording.entered": "writes down what a verb has done",
    "status.ended": "what follows from an end",
    "status.resumed": "what follows from a return",
    "people.reported_by": "reads",
    "reads.concerning": "reads, for its actor",
}
OUTSIDER = Actor(PersonId("guest"), "A guest", "console", standing=Standing.OUTSIDER)


def verbs() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every function that takes a transaction and an actor, by module and name."""
    for info in pkgutil.iter_modules(bot.services.__path__):
        module = importlib.import_module(f"bot.services.{info.name}")
        for name, found in inspect.getmembers(module, inspect.isfunction):
            if found.__module__ != module.__name__ or name.startswith("_"):
                continue
            hints = {k: v for k, v in typing.get_type_hints(found).items() if k != "return"}
            if UnitOfWork in hints.values() and Actor in hints.values():
                yield f"{info.name}.{name}", found


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

"""Planned maintenance: previewed, then announced; started, ended, extended or cancelled by its number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.core.chat.card import Form
from bot.core.chat.replies import done, question
from bot.core.chat.vocabulary import Reply
from bot.core.people import Actor
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.times.when import Period
from bot.language.call import CONFIRMED, Call
from bot.language.forms import inputs_of
from bot.language.reading.writing import written
from bot.language.spec import Access, Arg, ArgKind, Command, Place, Values, Who
from bot.statuspage import maintenances
from bot.statuspage.cards import announced_card, list_card, preview_card
from bot.statuspage.maintenance import Maintenance, MaintenanceId, Phase
from bot.statuspage.maintenances import Plan

HALF_AN_HOUR = timedelta(minutes=30)
_MOVES: dict[str, Callable[[UnitOfWork, Actor, MaintenanceId], Maintenance]] = {
    "start": maintenances.begin,
    "end": maintenances.complete,
    "cancel": maintenances.cancel,
    "extend": lambda uow, actor, number: maintenances.extend(uow, actor, number, HALF_AN_HOUR),
}


def _maintenance(call: Call) -> Reply:
    wanted = call.given("do", str)
    if wanted in _MOVES:
        return _move(call, wanted)
    title, hours = call.given("title", str), call.given("hours", Period)
    if title is None and wanted is None and not call.values:
        return Reply(list_card(call.uow.maintenances.ahead()))
    if title is None or hours is None:
        return Reply(form=_form(call.command, call.values))
    plan = Plan(title, tuple(call.given("services", tuple) or ()), hours)
    if call.values.get("now"):
        return Reply(announced_card(maintenances.plan(call.uow, call.actor, plan)))
    shown = maintenances.preview(call.uow, call.actor, plan)
    again = written(call.command, {**call.values, "now": "on"})
    return Reply(preview_card(shown, maintenances.names_of(call.uow, shown), again))


def _form(command: Command, values: Values) -> Form:
    """What is done, to what, and when."""
    inputs = inputs_of(command, values, ("title", "services", "hours"))
    return Form("Planned maintenance", "maintenance plan", inputs, submit="Preview")


def _move(call: Call, wanted: str) -> Reply:
    """By its number, or the only one that it can be; else the list, with buttons."""
    number = call.given("number", int) or _only(call.uow, wanted)
    if number is None:
        return Reply(list_card(call.uow.maintenances.ahead()))
    who, name = maintenances.planner(call.uow, call.actor, MaintenanceId(number))
    if who != call.actor.id and not call.sure:  # the courtesy that an incident's people are shown
        again = CONFIRMED + written(call.command, {**call.values, "number": number})
        asked = f"{name} planned maintenance {number}, not you."
        return Reply(question(asked, [(f"{wanted.capitalize()} it anyway", again)]))
    if wanted == "extend":
        more = call.given("hours", Period)
        length = more.end - more.start if more else HALF_AN_HOUR
        found = maintenances.extend(call.uow, call.actor, MaintenanceId(number), length)
        return Reply(announced_card(found))
    found = _MOVES[wanted](call.uow, call.actor, MaintenanceId(number))
    return Reply(done(f"Maintenance {found.number} is {found.phase.words}. Customers see it."))


def _only(uow: UnitOfWork, wanted: str) -> int | None:
    phase = Phase.IN_PROGRESS if wanted in ("end", "extend") else Phase.SCHEDULED
    found = [each for each in uow.maintenances.ahead() if each.phase is phase]
    return found[0].number if len(found) == 1 else None


COMMANDS = (
    Command(
        name="maintenance",
        help="Planned work on the status page: plan it, see what is planned, end it.",
        who=Who.ANYONE,
        place=Place.ANYWHERE,
        access=Access.WRITE,
        examples=(
            "maintenance",
            'maintenance "Database upgrade" #checkout fri 22:00-23:00',
            "maintenance plan",
            "maintenance start 3",
            "maintenance extend 3 30m",
            "maintenance end 3",
            "maintenance cancel 3",
        ),
        args=(
            Arg("title", ArgKind.QUOTED, help="What is done, as customers read it"),
            Arg("do", ArgKind.CHOICE, choices=("plan", "start", "extend", "end", "cancel"), help="Or what to do with one"),
            Arg("number", ArgKind.NUMBER, help="Its number"),
            Arg("services", ArgKind.SERVICES, help="What it is about, such as #checkout"),
            Arg("hours", ArgKind.RANGE, help="When: fri 22:00-23:00; or how long: 30m"),
            Arg("now", ArgKind.FLAG, help="Without a preview"),
        ),
        form=_form,
        run=_maintenance,
    ),
)  # fmt: skip

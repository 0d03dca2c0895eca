"""Drills: a scripted incident in test mode, and a timer that tells its players what comes next."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from importlib.resources import files

from bot.core.chat.card import Card
from bot.core.escalation import NoticeState
from bot.core.events.base import Word
from bot.core.incident import Incident, IncidentId, Mode
from bot.core.people import SYSTEM, Actor
from bot.core.ports.jobs import Args, JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.severity import Severity
from bot.drills.cards import step_card
from bot.drills.events import DrillBegun
from bot.drills.model import Scenario, Step, reached
from bot.incidents.lifecycle.service import Declare, declare
from bot.messages.addresses import ROOM, planned

FIRST = "checkout"
# How soon a step that was done is noticed, and how long a drill is followed.
LOOK = timedelta(seconds=5)
ENDS = timedelta(hours=2)


@cache
def scenarios() -> Mapping[str, Scenario]:
    """The scenarios that are shipped, by name, the beginners' one first."""
    folder = files("bot").joinpath("drills")
    found = {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in sorted(
            folder.iterdir(), key=lambda entry: (FIRST not in entry.name, entry.name)
        )
        if entry.name.endswith(".toml")
    }
    return {name: _scenario(name, text) for name, text in found.items()}


def _scenario(name: str, text: str) -> Scenario:
    data = tomllib.loads(text)
    steps = tuple(Step(**step) for step in data["steps"])
    return Scenario(name, data["title"], data["about"], data["severity"], steps)


def begin(uow: UnitOfWork, actor: Actor, name: str = FIRST) -> Incident:
    """Declare the scenario's incident in test mode; hints follow in its room."""
    scenario = scenarios()[name]
    severity = Severity(int(scenario.severity.removeprefix("sev")))
    incident = declare(uow, actor, Declare(scenario.title, severity, mode=Mode.TEST))
    _look_again(uow, incident.id, name, -1)
    uow.happened(DrillBegun(uow.now, actor, incident, Word(name)))
    return incident


def advance(uow: UnitOfWork, number: IncidentId, name: str, told: int) -> None:
    """Say what comes next when a step was done; come again until the drill is over. ``told`` is the
    index of the last hint that was said."""
    incident = uow.incidents.get(number, SYSTEM)
    scenario = scenarios().get(name)
    if scenario is None or uow.now - incident.declared_at > ENDS:
        return
    at = reached(scenario, uow.timeline.of(number, SYSTEM))
    if at != told:
        _tell(uow, number, name, at)
    if at < len(scenario.steps):
        _look_again(uow, number, name, at)


def drill_words(uow: UnitOfWork, incident: Incident, what: str, args: Args) -> tuple[Card, ...]:
    """What the room is told of a step, with the names of those whom a page has reached."""
    if not what.startswith("drill:"):
        return ()
    notices = [each for page in uow.pages.of(incident.id) for each in uow.pages.notices(page.id)]
    told = dict.fromkeys(each.person for each in notices if each.state == NoticeState.SENT)
    names = [uow.people.get(person).name for person in told if not person.startswith(ROOM)]
    return (step_card(scenarios()[str(args["scenario"])], int(args["step"]), names),)


def _look_again(uow: UnitOfWork, number: IncidentId, name: str, told: int) -> None:
    args: dict[str, str | int] = {"incident": number, "scenario": name, "told": told}
    uow.jobs.enqueue(
        JobSpec(
            "drill",
            Queue.TIMER,
            args,
            queueing_lock=f"drill:{number}",
            run_at=uow.now + LOOK,
            incident=number,
        )
    )


def _tell(uow: UnitOfWork, number: IncidentId, name: str, at: int) -> None:
    for platform in planned(uow, number):
        what = f"drill:{at}"
        args: dict[str, str | int] = {"scenario": name, "step": at}
        uow.jobs.enqueue(
            JobSpec(
                "say",
                Queue.CHAT,
                {"incident": number, "platform": platform, "what": what, **args},
                lane=f"inc{number}:{platform}:drill",
                incident=number,
            )
        )

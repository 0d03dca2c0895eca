"""``tocsin drill``: plays a scripted incident through the real flow in test mode, and says what worked."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.exits import Exit
from bot.cli.reach import Reach, reaching
from bot.cli.shown import Json, say, show, table, working
from bot.drills.model import Step, hint

if TYPE_CHECKING:
    from bot.admin.records import Progress
    from bot.core.incident import IncidentId

# The longest that rooms and pages may take before the drill says that they did not come.
PATIENCE_S, LOOK_S = 60, 0.2


@dataclass(frozen=True, slots=True)
class Played:
    """One step: ``what`` it was, and ``detail`` of what went wrong."""

    what: str
    ok: bool
    detail: str = ""


def register(app: typer.Typer) -> None:
    app.command()(drill)


def drill(
    scenario: Annotated[str, typer.Argument(help="checkout, handover or security.")] = "checkout",
    *,
    as_json: Json = False,
) -> None:
    """Play a scripted incident in test mode: rooms, page, updates, end. Code 1 when something failed.

    The same drills are /incident drill in chat, where people play them.
    """
    reference, steps = reaching(lambda found: _played(found, scenario))
    rows = [((step.ok and "ok") or "FAILED", step.what, step.detail) for step in steps]
    ok = all(step.ok for step in steps)
    answer = _answer(reference, steps, ok=ok)
    show(answer, as_json, lambda: table(("", "Step", ""), rows, "Nothing was played."))
    if not ok:
        sys.exit(Exit.REFUSED)


def _answer(reference: str, steps: list[Played], *, ok: bool) -> Mapping[str, Any]:
    rows = [{"what": step.what, "ok": step.ok, "detail": step.detail} for step in steps]
    return {"reference": reference, "ok": ok, "steps": rows}


async def _played(found: Reach, name: str) -> tuple[str, list[Played]]:
    """The reference of the incident, and its steps."""
    from bot.admin.drills import GetDrill
    from bot.admin.incidents import Declare
    from bot.admin.parsing import incident_id, severity
    from bot.core.chat.card import StepState

    script = await found.ask(GetDrill(scenario=name))
    with working(script.title) as status:
        asked = Declare(title=script.title, severity=severity(script.severity), test=True)
        reference = (await found.ask(asked)).reference
        say(f"{reference} declared in test mode; nobody outside is told.")
        await found.settle()
        seen = await _settled(found, incident_id(reference))
        steps = [
            Played(f"{step.step} on {step.platform}", step.state is StepState.DONE, step.error)
            for step in seen.plan
        ]
        steps.append(_paged(seen))
        for step in script.steps:
            status(hint(step.hint, _names(seen)))
            steps.append(await _step(found, step, reference, seen))
        await found.settle()
    return reference, steps


async def _settled(found: Reach, incident: IncidentId) -> Progress:
    """Wait until every step of the plan is over and somebody was paged, or patience ends."""
    import asyncio
    from datetime import timedelta

    from bot.admin.records import GetProgress
    from bot.core.chat.card import StepState
    from bot.wiring.clock import SystemClock

    over = {StepState.DONE, StepState.FAILED}
    clock = SystemClock()
    until = clock.now() + timedelta(seconds=PATIENCE_S)
    while True:
        seen = await found.ask(GetProgress(incident=incident))
        ended = all(step.state in over for step in seen.plan)
        if (ended and _told(seen)) or clock.now() > until:
            return seen
        await clock.wait(asyncio.Event(), clock.now() + timedelta(seconds=LOOK_S))


def _told(seen: Progress) -> list[str]:
    """Who was reached by a page, first come first."""
    notices = [notice for page in seen.pages for notice in page.notices]
    return [notice.person for notice in notices if notice.state.value == "sent"]


def _names(seen: Progress) -> list[str]:
    names = {str(person): name for person, name in seen.names.items()}
    return list(dict.fromkeys(names.get(who, who) for who in _told(seen)))


def _paged(seen: Progress) -> Played:
    told = ", ".join(_names(seen))
    return Played("page to whoever is on call", bool(told), told or "nobody was reached")


async def _step(found: Reach, step: Step, reference: str, seen: Progress) -> Played:
    from bot.admin.incidents import Say
    from bot.admin.parsing import incident_id
    from bot.admin.records import GetProgress

    page = seen.pages[0].id if seen.pages else ""
    words = step.say.replace("{incident}", reference).replace("{page}", str(page))
    told = _told(seen)
    who = told[0] if step.by_paged and told else ""
    answer = await found.ask(Say(text=words, as_=who))
    after = await found.ask(GetProgress(incident=incident_id(reference)))
    authors = [entry.author for entry in after.timeline if entry.kind.value == step.kind]
    ok = answer.done and any(authors)
    return Played(f"/incident {words}", ok, "" if ok else answer.text.splitlines()[0])

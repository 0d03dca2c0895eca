"""``tocsin drill``: plays a scripted incident through the real flow in test mode, and says what worked."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from bot.cli.exits import Exit
from bot.cli.reach import Reach, reaching
from bot.cli.shown import Json, say, show, table, working
from bot.drills.model import hint

# The longest that rooms and pages may take before the drill says that they did not come.
PATIENCE_S, LOOK_S = 60, 0.2
_OVER = frozenset({"done", "failed"})


def register(app: typer.Typer) -> None:
    app.command()(drill)


def drill(
    scenario: Annotated[str, typer.Argument(help="checkout, handover or security.")] = "checkout",
    as_json: Json = False,
) -> None:
    """Play a scripted incident in test mode: rooms, page, updates, end. Code 1 when something failed.

    The same drills are /incident drill in chat, where people play them.
    """
    answer = reaching(lambda found: _played(found, scenario))
    rows = [((s["ok"] and "ok") or "FAILED", s["what"], s["detail"]) for s in answer["steps"]]
    show(answer, as_json, lambda: table(("", "Step", ""), rows, "Nothing was played."))
    if not answer["ok"]:
        sys.exit(Exit.REFUSED)


async def _played(found: Reach, name: str) -> dict[str, Any]:
    script = await found.ask("drill", {"scenario": name})
    with working(script["title"]) as status:
        asked = {"title": script["title"], "severity": script["severity"], "test": True}
        reference = (await found.ask("declare", asked))["reference"]
        say(f"{reference} declared in test mode; nobody outside is told.")
        await found.settle()
        seen = await _settled(found, reference)
        steps = [
            _line(f"{step['step']} on {step['platform']}", step["state"] == "done", step["error"])
            for step in seen["plan"]
        ]
        steps.append(_paged(seen))
        for step in script["steps"]:
            status(hint(step["hint"], _names(seen)))
            steps.append(await _step(found, step, reference, seen))
        await found.settle()
    return {"reference": reference, "ok": all(s["ok"] for s in steps), "steps": steps}


def _line(what: str, ok: object, detail: str = "") -> dict[str, Any]:
    return {"what": what, "ok": bool(ok), "detail": detail}


async def _settled(found: Reach, reference: str) -> dict[str, Any]:
    """Wait until every step of the plan is over and somebody was paged, or patience ends."""
    import asyncio
    from datetime import timedelta

    from bot.wiring.clock import SystemClock

    clock = SystemClock()
    until = clock.now() + timedelta(seconds=PATIENCE_S)
    while True:
        seen = await found.ask("progress", {"incident": reference})
        over = all(step["state"] in _OVER for step in seen["plan"])
        if (over and _told(seen)) or clock.now() > until:
            return seen
        await clock.wait(asyncio.Event(), clock.now() + timedelta(seconds=LOOK_S))


def _told(seen: dict[str, Any]) -> list[str]:
    notices = [notice for page in seen["pages"] for notice in page["notices"]]
    return [notice["person"] for notice in notices if notice["state"] == "sent"]


def _names(seen: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(seen["names"].get(who, who) for who in _told(seen)))


def _paged(seen: dict[str, Any]) -> dict[str, Any]:
    told = ", ".join(_names(seen))
    return _line("page to whoever is on call", told, told or "nobody was reached")


async def _step(
    found: Reach, step: dict[str, Any], reference: str, seen: dict[str, Any]
) -> dict[str, Any]:
    page = seen["pages"][0]["page"]["id"] if seen["pages"] else ""
    words = step["say"].replace("{incident}", reference).replace("{page}", str(page))
    told = _told(seen)
    who = told[0] if step["by"] == "paged" and told else ""
    answer = await found.ask("say", {"text": words, "as": who})
    after = await found.ask("progress", {"incident": reference})
    kinds = [entry for entry in after["timeline"] if entry["kind"] == step["kind"]]
    ok = answer["done"] and any(entry["author"] for entry in kinds)
    return _line(f"/incident {words}", ok, "" if ok else answer["text"].splitlines()[0])

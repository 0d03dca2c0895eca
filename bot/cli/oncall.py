"""``tocsin whatif`` and ``tocsin fairness``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bot.cli.reach import ask
from bot.cli.shown import Json, show, table


def register(app: typer.Typer) -> None:
    app.command("whatif")(whatif)
    app.command("fairness")(fairness)


def whatif(
    service: Annotated[str, typer.Argument(help="The service that would be paged for.")],
    sev: Annotated[str, typer.Option(help="sev1 to sev5; unknown when not said.")] = "",
    at: Annotated[str, typer.Option(help="When: 2026-01-06T03:00+01:00; now when not said.")] = "",
    as_json: Json = False,
) -> None:
    """Who would be woken, in which order and when, without waking anyone."""
    answer = ask("would_page", service=service, severity=sev, at=at)
    show(answer, as_json, lambda: typer.echo(answer["text"]))


def fairness(
    schedule: Annotated[str, typer.Argument(help="Which schedule; all when not said.")] = "",
    since: Annotated[str, typer.Option("--from", help="2026-01-01; now when not said.")] = "",
    until: Annotated[str, typer.Option(help="2026-02-01; 60 days later when not said.")] = "",
    as_json: Json = False,
) -> None:
    """Hours, nights and weekends of each person on call, by their own clocks: for rotas, and for pay."""
    from bot.cli.reach import ask

    answer = ask("shared_out", schedule=schedule, until=until, **{"from": since})
    show(answer, as_json, lambda: _shown(answer))


def _shown(answer: dict[str, Any]) -> None:
    rows = [
        (name, load["name"], load["hours"], load["nights"], load["weekends"])
        for name, loads in answer["schedules"].items()
        for load in loads
    ]
    table(("Schedule", "Who", "Hours", "Nights", "Weekends"), rows, "No schedule is set up.")

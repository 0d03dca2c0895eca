"""``tocsin whatif`` and ``tocsin fairness``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.reach import ask
from bot.cli.shown import Json, show, table

if TYPE_CHECKING:
    from bot.admin.oncall import DutyShares


def register(app: typer.Typer) -> None:
    app.command("whatif")(whatif)
    app.command("fairness")(fairness)


def whatif(
    service: Annotated[str, typer.Argument(help="The service that would be paged for.")],
    sev: Annotated[str, typer.Option(help="sev1 to sev5; unknown when not said.")] = "",
    at: Annotated[str, typer.Option(help="When: 2026-01-06T03:00+01:00; now when not said.")] = "",
    *,
    as_json: Json = False,
) -> None:
    """Who would be paged, in which order and when, without paging anyone."""
    from bot.admin.oncall import WouldPage
    from bot.admin.parsing import moment, severity
    from bot.core.people import ServiceId

    asked = WouldPage(service=ServiceId(service), severity=severity(sev), at=moment(at))
    answer = ask(asked)
    show(answer, as_json, lambda: typer.echo(answer.text))


def fairness(
    schedule: Annotated[str, typer.Argument(help="Which schedule; all when not said.")] = "",
    since: Annotated[str, typer.Option("--from", help="2026-01-01; now when not said.")] = "",
    until: Annotated[str, typer.Option(help="2026-02-01; 60 days later when not said.")] = "",
    *,
    as_json: Json = False,
) -> None:
    """Hours, nights and weekends of each person on call, by their own clocks: for rotas, and for pay."""
    from bot.admin.oncall import GetDutyShares
    from bot.admin.parsing import moment

    asked = GetDutyShares(schedule=schedule or None, from_=moment(since), until=moment(until))
    answer = ask(asked)
    show(answer, as_json, lambda: _shown(answer))


def _shown(answer: DutyShares) -> None:
    rows = [
        (name, share.name, share.hours, share.nights, share.weekends)
        for name, shares in answer.schedules.items()
        for share in shares
    ]
    table(("Schedule", "Who", "Hours", "Nights", "Weekends"), rows, "No schedule is set up.")

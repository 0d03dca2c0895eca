"""``tocsin whatif``."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.reach import ask
from bot.cli.shown import Json, show


def register(app: typer.Typer) -> None:
    app.command("whatif")(whatif)


def whatif(
    service: Annotated[str, typer.Argument(help="The service that would be paged for.")],
    sev: Annotated[str, typer.Option(help="sev1 to sev5; unknown when not said.")] = "",
    at: Annotated[str, typer.Option(help="When: 2026-01-06T03:00+01:00; now when not said.")] = "",
    as_json: Json = False,
) -> None:
    """Who would be woken, in which order and when, without waking anyone."""
    answer = ask("would_page", service=service, severity=sev, at=at)
    show(answer, as_json, lambda: typer.echo(answer["text"]))

"""``tocsin login-link``: lets somebody into the console."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.reach import ask
from bot.cli.shown import Json, show


def register(app: typer.Typer) -> None:
    app.command("login-link")(login_link)


def login_link(
    person: Annotated[str, typer.Argument(help="A person's key in the organisation file.")],
    *,
    as_json: Json = False,
) -> None:
    """A link that logs one person into the console: once, within ten minutes. Send it privately."""
    from bot.admin.logins import MakeLoginLink
    from bot.core.people import PersonId

    answer = ask(MakeLoginLink(person=PersonId(person)))
    until = f"{answer.ends_at:%H:%M}"
    show(answer, as_json, lambda: typer.echo(f"{answer.url}\nWorks once, until {until} UTC."))

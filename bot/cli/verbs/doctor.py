"""``tocsin doctor``: what is configured, what is missing, what does not work, each with its fix."""

from __future__ import annotations

import sys

import typer

from bot.cli.exits import Exit
from bot.cli.shown import Json, show

_SIGNS = {"fine": "ok     ", "note": "note   ", "warning": "warning", "fault": "FAULT  "}


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(*, as_json: Json = False) -> None:
    """Look at settings, database, disk, clock, backups, the running bot and each platform's rights.

    Ends with code 1 when something is a fault. Changes nothing; safe beside a running bot.
    """
    import asyncio

    from bot.cli.verbs._examining import examine

    found = asyncio.run(examine())
    rows = [{"level": f.level.value, "about": f.about, "says": f.says, "fix": f.fix} for f in found]
    faults = [row for row in rows if row["level"] == "fault"]

    def human() -> None:
        for row in rows:
            typer.echo(f"{_SIGNS[row['level']]}  {row['about']}: {row['says']}")
            if row["fix"]:
                typer.echo(f"         → {row['fix']}")

    show({"findings": rows, "faults": len(faults)}, as_json, human)
    if faults:
        sys.exit(Exit.REFUSED)

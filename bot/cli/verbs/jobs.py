"""``tocsin jobs``: what waits, what was given up and why, and another try."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.reach import ask
from bot.cli.shown import Json, minute, say, show, table


def register(app: typer.Typer) -> None:
    app.command()(jobs)


def jobs(
    replay: Annotated[
        list[int] | None, typer.Option("--replay", help="Try this dead job again; again for more.")
    ] = None,
    *,
    replay_all: Annotated[
        bool, typer.Option("--replay-all", help="Try every dead job again.")
    ] = False,
    as_json: Json = False,
) -> None:
    """The job table: how many are ready by queue, and the dead ones with their reasons."""
    from bot.admin.jobs import GetJobs, ReplayJobs
    from bot.core.ports.jobs import JobId

    if replay or replay_all:
        again = ask(ReplayJobs(ids=tuple(JobId(each) for each in replay or ())))
        say(f"{again.replayed} jobs are ready again.")
    answer = ask(GetJobs())
    ready = ", ".join(f"{queue} {count}" for queue, count in answer.ready.items() if count)
    columns = ("Dead", "Task", "Incident", "Tries", "Since (UTC)", "Why")
    rows = [
        (job.id, job.task, job.incident, job.attempts, minute(job.at), job.error)
        for job in answer.dead
    ]

    def human() -> None:
        typer.echo(f"Ready: {ready or 'none'}. In hand: {answer.leased}.")
        table(columns, rows, "No job was given up.")

    show(answer, as_json, human)

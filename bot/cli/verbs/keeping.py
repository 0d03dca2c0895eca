"""``tocsin backup``, ``restore``, ``copy-db`` and ``statuspage export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.shown import Json, counting, say, show, table


def register(app: typer.Typer) -> None:
    app.command()(backup)
    app.command()(restore)
    app.command("copy-db")(copy)
    page = typer.Typer(no_args_is_help=True, help="The public status page.")
    page.callback()(lambda: None)
    page.command("export")(export)
    app.add_typer(page, name="statuspage")


def backup(
    file: Annotated[Path, typer.Argument(help="Where the backup goes; made with mode 0600.")],
) -> None:
    """Copy the database while the bot runs: one consistent moment, checked, complete in one file."""
    from bot.cli.verbs.upkeep import note_backup
    from bot.settings.loading import load_settings
    from storage.database.backup import back_up

    settings = load_settings()
    with counting("Copying", 1) as done:
        back_up(
            settings.database_url,
            file,
            lambda left, total: done((total - left) // max(1, total)),
            settings.files,
        )
    note_backup(settings, file)
    say(
        f"Backed up to {file} ({file.stat().st_size // 1024} KiB). tocsin restore {file} puts it back."
    )


def restore(
    file: Annotated[Path, typer.Argument(help="What tocsin backup wrote.")],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of the database that is there.")
    ] = False,
) -> None:
    """Put a backup in place, here or on another machine. The bot must not run."""
    from datetime import UTC

    from bot.cli.verbs.upkeep import held
    from bot.settings.loading import load_settings
    from bot.wiring.clock import SystemClock
    from storage.database.backup import restore as put
    from storage.database.backup import restore_postgres
    from storage.database.sqlite import sqlite_path

    settings = load_settings()
    if not settings.database_url.startswith("sqlite"):
        _sure("the PostgreSQL of DATABASE_URL", replace=replace)
        _nobody_at_work(settings.database_url)
        restore_postgres(file, settings.database_url)
        say("Restored. tocsin run goes on from there.")
        return
    path = sqlite_path(settings.database_url)
    if path.exists():
        _sure(str(path), replace=replace)
    with held(settings):
        now = SystemClock().now().astimezone(UTC)
        aside = put(file, settings.database_url, now, settings.files)
    say(f"Restored to {path}." + (f" What was there is now {aside}." if aside else ""))
    say("Jobs that were waiting at the backup's moment run again when tocsin run starts.")


def _sure(what: str, *, replace: bool) -> None:
    from bot.admin.context import Refusal

    if not replace:
        raise Refusal(f"{what} is there already. Say --replace to put the backup in its place.")


def _nobody_at_work(url: str) -> None:
    import asyncio

    from bot.admin.context import Refusal
    from storage.database.replicas import replicas

    if alive := asyncio.run(replicas(url)):
        raise Refusal(f"{alive} replicas of Tocsin run on this database. Stop them first.")


def copy(
    target: Annotated[
        str, typer.Argument(help="postgresql+asyncpg://user:password@host/database, empty.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Copy the SQLite database into an empty PostgreSQL, and prove each table by count and digest."""
    import asyncio

    from bot.admin.context import Refusal
    from bot.cli.verbs.upkeep import held
    from bot.settings.loading import load_settings
    from storage.database.copying import copy_database

    settings = load_settings()
    if not settings.database_url.startswith("sqlite") or not target.startswith("postgresql"):
        raise Refusal("copy-db goes from the SQLite file of DATABASE_URL to postgresql+asyncpg://…")
    with held(settings):
        found = asyncio.run(
            copy_database(settings.database_url, target, lambda name, rows: say(f"{name}: {rows}"))
        )
    answer = {"tables": [{"table": d.table, "rows": d.rows, "sha256": d.sha256} for d in found]}
    rows = [(d.table, d.rows, d.sha256[:16]) for d in found]
    show(answer, as_json, lambda: table(("Table", "Rows", "SHA-256"), rows, "No tables."))
    say("Every table arrived whole. Set DATABASE_URL to the PostgreSQL, and start the bot.")


def export(
    folder: Annotated[Path, typer.Argument(help="Where the files go; any web server serves them.")],
) -> None:
    """Write the status page as files, so that it outlives the bot: cron it, or run it before upkeep."""
    from bot.admin.statuspage import ExportStatusPage, PageFile
    from bot.cli.reach import ask
    from handlers.statuspage.pages import STATIC

    style = (STATIC / "statuspage.css").read_text(encoding="utf-8")
    files = [*ask(ExportStatusPage()).files, PageFile(name="static/statuspage.css", body=style)]
    for file in files:
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.partial")
        partial.write_text(file.body, encoding="utf-8")
        partial.replace(path)
    say(f"{len(files)} files written to {folder}.")

"""``tocsin run`` and ``tocsin migrate``."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    app.command()(run)
    app.command()(migrate)


def run() -> None:
    """Run the bot: console, status page and whatever chat platforms are configured."""
    import asyncio

    from bot.cli._starting import all_kept

    with all_kept():
        import uvloop

        from bot.app import run as serve
        from bot.settings.loading import load_settings

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(load_settings()))


def migrate() -> None:
    """Bring the database's schema to this version."""
    import asyncio
    import secrets

    from bot.settings.loading import load_settings
    from storage.database.migrate import migrate as bring

    asyncio.run(bring(load_settings().database_url, secrets.token_hex(4)))

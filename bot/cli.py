"""The ``tocsin`` command. Each verb is a function; what they do lives below."""

from __future__ import annotations

import asyncio
import secrets
import sys

import typer

from bot.domain.errors import TocsinError
from bot.settings import SettingsError, load_settings

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Incident response in your chat."
)


@app.callback()
def _main() -> None:
    """Incident response in your chat."""


@app.command()
def run() -> None:
    """Run the bot: console, status page and whatever chat platforms are configured."""
    from bot.app import run as serve  # noqa: PLC0415 - help must not load the whole house

    asyncio.run(serve(load_settings()))


@app.command()
def migrate() -> None:
    """Bring the database's schema to this version."""
    from storage.migrate import migrate as bring  # noqa: PLC0415 - as above

    asyncio.run(bring(load_settings().database_url, secrets.token_hex(4)))


def main() -> None:
    """Entry point. What is the operator's to mend is said in one sentence, with exit code 2."""
    try:
        app()
    except (SettingsError, TocsinError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)

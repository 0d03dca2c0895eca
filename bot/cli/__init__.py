"""The ``tocsin`` command. A module of ``bot.cli.verbs`` that offers ``register(app)`` adds its verbs; a chat
platform declares its own (``bot.core.ports.declarations``).

A verb imports what it needs when it runs: ``tocsin --help`` must not load the whole application.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from bot.cli import verbs
from bot.cli._starting import all_kept
from bot.cli.exits import Exit, exit_of
from bot.core.errors import TocsinError

HELP = "Incident response in your chat."


def application() -> typer.Typer:
    """The whole command, with every group that is there."""
    app = typer.Typer(no_args_is_help=True, help=HELP, pretty_exceptions_enable=False)
    app.callback()(_whole)
    for info in sorted(pkgutil.iter_modules(verbs.__path__), key=lambda found: found.name):
        if info.name.startswith("_"):  # imports much: only its verb loads it
            continue
        register = getattr(
            importlib.import_module(f"{verbs.__name__}.{info.name}"), "register", None
        )
        if register is not None:
            register(app)
    _add_platforms(app)
    return app


def _version(*, told: bool) -> None:
    if told:
        from importlib.metadata import version

        typer.echo(f"tocsin {version('tocsin')}")
        raise typer.Exit


def _whole(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Which one this is.", is_eager=True, callback=_version)
    ] = False,
) -> None: ...


def _add_platforms(app: typer.Typer) -> None:
    """``tocsin <platform> …``: the verbs that a chat platform's module declares, configured or not."""
    from bot.wiring.discovery import declared

    for platform in declared():
        if not platform.commands:
            continue
        group = typer.Typer(no_args_is_help=True, help=f"What only {platform.title} needs.")
        group.callback()(lambda: None)
        for name, verb in platform.commands.items():
            group.command(name)(_printing(verb))
        app.add_typer(group, name=platform.name)


def _printing(verb: Callable[..., str]) -> Callable[..., None]:
    """A platform's verb returns its text; printing is ours."""

    @functools.wraps(verb)
    def printed(*args: Any, **named: Any) -> None:
        typer.echo(verb(*args, **named))

    return printed


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point. What is a person's to mend is said in a sentence, with the exit code of its kind."""
    try:
        with all_kept():
            whole = application()
        whole(args=arguments, prog_name="tocsin")
    except TocsinError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(exit_of(error))
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)

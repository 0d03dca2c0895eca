"""The table of commands: every file of this folder that offers ``COMMANDS``, and what plug-ins add to it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache

from bot.commands.grammar import CommandTable
from bot.commands.spec import Command


@cache
def all_commands() -> CommandTable:
    """Tocsin's own. Raises ``ValueError`` when two commands want the same word."""
    return CommandTable(_built_in())


def with_others(others: Iterable[Command]) -> CommandTable:
    """The same with commands of plug-ins, whose words were looked at before."""
    added = tuple(others)
    return CommandTable((*all_commands().commands, *added)) if added else all_commands()


def _built_in() -> list[Command]:
    package = importlib.import_module("bot.commands")
    found: list[Command] = []
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda i: i.name):
        module = importlib.import_module(f"bot.commands.{info.name}")
        found += getattr(module, "COMMANDS", ())
    return found

"""The table of commands: every file of this folder that offers ``COMMANDS``, then third parties'."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from importlib.metadata import entry_points

from bot.commands.grammar import CommandTable
from bot.commands.spec import Command

ENTRY_POINTS = "tocsin.commands"


@cache
def all_commands() -> CommandTable:
    """Raises ``ValueError`` when two commands want the same word."""
    return CommandTable(tuple(_built_in()) + tuple(_plugged_in()))


def _built_in() -> list[Command]:
    package = importlib.import_module("bot.commands")
    found: list[Command] = []
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda i: i.name):
        module = importlib.import_module(f"bot.commands.{info.name}")
        found += getattr(module, "COMMANDS", ())
    return found


def _plugged_in() -> list[Command]:
    return [command for point in entry_points(group=ENTRY_POINTS) for command in point.load()]

"""The table of commands: ``COMMANDS`` of every module that is called ``commands`` or ``…_commands``, and what plug-ins
add to it."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import bot
from bot.language.reading.grammar import CommandTable
from bot.language.spec import Command


@cache
def all_commands() -> CommandTable:
    """Tocsin's own. Raises ``ValueError`` when two commands want the same word."""
    return CommandTable(_built_in())


def with_others(others: Iterable[Command]) -> CommandTable:
    """The same with commands of plug-ins, whose words were looked at before."""
    added = tuple(others)
    return CommandTable((*all_commands().commands, *added)) if added else all_commands()


def _built_in() -> list[Command]:
    found: list[Command] = []
    for name in sorted(_modules(bot.__path__, "bot")):
        found += importlib.import_module(name).COMMANDS
    return found


def _modules(path: Iterable[str], package: str) -> Iterator[str]:
    """Every module below a package that is called ``commands`` or ``…_commands``; nothing is imported to find it."""
    for folder in map(Path, path):
        for file in folder.rglob("*commands.py"):
            if file.stem == "commands" or file.stem.endswith("_commands"):
                yield ".".join((package, *file.relative_to(folder).with_suffix("").parts))

"""What .env.example and docs/settings.md say, from the settings themselves and the chat doors' own."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass

from bot.settings.model import FIELDS
from bot.settings.values import shown


@dataclass(frozen=True, slots=True)
class Variable:
    """``door`` is the chat platform whose setting it is; empty for Tocsin's own."""

    name: str
    default: str
    help: str
    door: str = ""


def variables() -> list[Variable]:
    """All that can be set. A package below ``handlers.chat`` may list its own in ``VARIABLES``: name -> help."""
    own = [Variable(name, shown(f.default), f.description or "") for name, f in FIELDS.items()]
    return [*own, *_of_doors()]


def _of_doors() -> Iterator[Variable]:
    package = importlib.import_module("handlers.chat")
    for info in pkgutil.iter_modules(package.__path__):
        door = importlib.import_module(f"handlers.chat.{info.name}")
        for name, words in getattr(door, "VARIABLES", {}).items():
            yield Variable(name, "", words, info.name)


def example() -> str:
    """What .env.example holds."""
    return "\n".join(f"# {v.help}\n#{v.name}={v.default}\n" for v in variables())


def reference() -> str:
    """What docs/settings.md holds."""
    return (
        "# Settings\n\nFrom the environment, or from a file `.env` in the working directory. A wrong value "
        "stops the start with one sentence that names the variable and says what is allowed; a variable "
        "`TOCSIN_…` that is not listed here is pointed out in the log.\n\n"
        f"{_table(own for own in variables() if not own.door)}"
        f"{''.join(_section(door) for door in sorted({v.door for v in variables() if v.door}))}"
    )


def _section(door: str) -> str:
    return f"\n## {door.capitalize()}\n\n{_table(v for v in variables() if v.door == door)}"


def _table(listed: Iterator[Variable]) -> str:
    rows = (
        f"| `{v.name}` | {f'`{v.default}`' if v.default else '–'} | {v.help} |\n" for v in listed
    )
    return "| variable | default | what it does |\n|---|---|---|\n" + "".join(rows)

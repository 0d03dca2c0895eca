"""What docs/cli.md says, from the commands themselves. ``python -m bot.cli.reference`` writes it anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from bot.cli import application
from bot.cli.exits import Exit

_HEAD = """\
# The command line

`tocsin --help` and `tocsin <command> --help` say the same, `tocsin --version` which one it is. `tocsin --install-completion`
teaches your shell the commands. This page is written by `make docs`.

## Exit codes

| code | means |
|---|---|
"""


def reference() -> str:
    """The whole page."""
    codes = "".join(f"| {code.value} | {code.meaning} |\n" for code in Exit)
    root = typer.main.get_command(application())
    return f"{_HEAD}{codes}\n## Commands\n{''.join(_sections(root, 'tocsin'))}"


def _sections(command: Any, path: str) -> Iterator[str]:
    """Commands in the order that ``--help`` lists them; a group's own after it."""
    for name, found in getattr(command, "commands", {}).items():
        if getattr(found, "commands", None):
            yield from _sections(found, f"{path} {name}")
        else:
            yield _section(found, f"{path} {name}")


def _section(command: Any, path: str) -> str:
    shown = [p for p in command.params if not getattr(p, "hidden", False) and p.name != "help"]
    arguments = [p for p in shown if p.param_type_name == "argument"]
    words = " ".join([path, *(_usage(argument) for argument in arguments)])
    rows = "".join(_row(parameter) for parameter in shown)
    table = f"\n| | |\n|---|---|\n{rows}" if rows else ""
    return f"\n### `{words}`\n\n{(command.help or '').strip()}\n{table}"


def _usage(argument: Any) -> str:
    name = argument.name.upper() + ("…" if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _row(parameter: Any) -> str:
    named = ", ".join(parameter.opts)
    if parameter.param_type_name == "argument":
        named = parameter.name.upper()
    said = (getattr(parameter, "help", None) or "").replace("|", "\\|")
    return f"| `{named}` | {said} |\n"


if __name__ == "__main__":
    Path("docs/cli.md").write_text(reference(), encoding="utf-8")

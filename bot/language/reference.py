"""How commands are written, for help and for docs/commands.md, which ``make docs`` writes."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.chat.card import Need
from bot.language.spec import Arg, ArgKind, Command, Place, Who

_WHO = {
    Who.ANYONE: "anybody allowed",
    Who.RESPONDER: "anybody allowed; who has not joined is asked to join first",
    Who.ADMIN: "admins",
}


def reference(commands: Iterable[Command]) -> str:
    """Every command, in the order of its name."""
    ordered = sorted(commands, key=lambda c: (c.group, c.name))
    return (
        "# Commands\n\nMade from the specs of the commands themselves. In a war room the incident is the room's; "
        "elsewhere name it after the verb, such as `INC-42`, or choose it when asked.\n\n"
        + "\n".join(_entry(command) for command in ordered)
    )


def _entry(command: Command) -> str:
    words = [*command.synonyms, *(s.word for s in command.shorthands)]
    also = f" Also: {', '.join(f'`{word}`' for word in words)}." if words else ""
    where = " In a room, or with an incident." if command.place is Place.ROOM else ""
    examples = "\n".join(f"    /{command.group} {example}" for example in command.examples)
    return f"## {command.name}\n\n`{usage(command)}`\n\n{command.help}{where}{also} For {_WHO[command.who]}.\n\n{examples}\n"


def usage(command: Command) -> str:
    """``/incident update [<status>] <text> [next <next>]``: brackets for what may be left out."""
    return " ".join([f"/{command.group}", command.name, *(_usage(arg) for arg in command.args)])


def _usage(arg: Arg) -> str:
    shown = f"--{arg.name}" if arg.kind is ArgKind.FLAG else f"{arg.after} <{arg.name}>".strip()
    return shown if arg.need is Need.REQUIRED else f"[{shown}]"

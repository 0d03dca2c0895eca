"""The commands as a platform's own menu shows them: its subcommands, options, choices and hints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.core.chat.card import Need
from bot.core.chat.vocabulary import AskedAs, MenuArgument, MenuEntry
from bot.language.forms import options
from bot.language.spec import TEXTS, Arg, ArgKind, Command, Native, Place

_ASKED: Mapping[ArgKind, AskedAs] = {
    ArgKind.PERSON: AskedAs.PERSON,
    ArgKind.SERVICES: AskedAs.SERVICES,
    ArgKind.FLAG: AskedAs.FLAG,
}


def menu(commands: Iterable[Command]) -> tuple[MenuEntry, ...]:
    """Every command, in the order of its group and name."""
    ordered = sorted(commands, key=lambda c: (c.group, c.name))
    return tuple(
        MenuEntry(
            command.group,
            command.name,
            command.help,
            command.native is Native.LISTED,
            command.examples[0],
            command.place is Place.ROOM,
            tuple(_argument(arg) for arg in command.args),
        )
        for command in ordered
    )


def _argument(arg: Arg) -> MenuArgument:
    choices = tuple(option.value for option in options(arg)) if arg.kind is not ArgKind.FLAG else ()
    asked = _ASKED.get(arg.kind, AskedAs.CHOICE if choices else AskedAs.ANY)
    return MenuArgument(
        arg.name,
        arg.help or arg.name.capitalize(),
        asked,
        arg.need is Need.REQUIRED,
        arg.after,
        arg.kind in TEXTS and arg.kind is not ArgKind.TITLE,
        choices,
    )

"""Commands back to text: what buttons and forms carry reads as the same command again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.core.chat.vocabulary import Group
from bot.core.severity import Severity
from bot.core.times.when import Period
from bot.language.reading.tokens import BRACKETS, MARKS
from bot.language.spec import INCIDENT, TEXTS, Addressee, Arg, ArgKind, Command, Value

_MARKS = {
    ArgKind.PERSON: "@",
    ArgKind.PEOPLE: "@",
    ArgKind.SERVICES: "#",
    ArgKind.REFERENCE: "INC-",
}
_SINGLE = str.maketrans(MARKS, "'" * len(MARKS))


def pressed(command: Command, values: Mapping[str, Value]) -> str:
    """What a button carries: as ``written``, and the other command by its name."""
    prefix = "/oncall " if command.group is Group.ONCALL else ""
    return prefix + written(command, values)


def written(command: Command, values: Mapping[str, Value]) -> str:
    """The command's name, its incident, its arguments: it reads back as the same values."""
    parts = [command.name]
    number = values.get(INCIDENT)
    if isinstance(number, int):
        parts.append(f"INC-{number}")
    parts += [_written(arg, values[arg.name]) for arg in command.args if arg.name in values]
    return " ".join(parts)


def _written(arg: Arg, value: Value) -> str:
    if arg.kind in TEXTS:
        return within_quotes(str(value))
    if arg.kind is ArgKind.FLAG:
        return f"--{arg.name}"
    mark = _MARKS.get(arg.kind, "")
    several = value if isinstance(value, tuple) else (value,)
    shown = " ".join(f"{mark}{_plain(arg, item)}" for item in several)
    return f"{arg.after} {shown}".strip()


def within_quotes(text: str) -> str:
    """Between double quotes or, where it holds some itself, between brackets that it does not hold."""
    if not any(mark in text for mark in MARKS):
        return f'"{text}"'
    for opens, closes in BRACKETS:
        if opens not in text and closes not in text:
            return f"{opens}{text}{closes}"
    return f'"{text.translate(_SINGLE)}"'


def _plain(arg: Arg, value: object) -> str:
    match value:
        case Addressee():
            return value.name if arg.kind is ArgKind.PEOPLE else str(value)
        case Severity():
            return value.label.lower()
        case datetime() | Period():
            moments = (value,) if isinstance(value, datetime) else (value.start, value.end)
            return "/".join(moment.isoformat() for moment in moments)
        case timedelta():
            return f"{int(value.total_seconds())}s"
        case _:
            return str(value)

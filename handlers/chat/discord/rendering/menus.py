"""The command menu: our commands as Discord's application commands, and what is chosen there as text. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.chat.vocabulary import TICKED, AskedAs, Group, MenuArgument, MenuEntry
from handlers.chat.discord.rendering import limits
from handlers.chat.discord.rendering.limits import clipped, size

Payload = dict[str, Any]

_CHAT, _ON_MESSAGE = 1, 3
_SUB, _STRING, _FLAG, _USER = 1, 3, 5, 6
_IN_GUILD = 0
DO, TEXT, INCIDENT, TITLE = "do", "text", "incident", "title"
_WHOLE = "Anything you can type: a verb and its words"

# What a message's own menu offers, and what it comes to.
ON_MESSAGES: Mapping[str, str] = {
    "Declare from this message": "declare",
    "Add to timeline": "capture",
    "Make a task": "totask",
}


def tree(menu: Iterable[MenuEntry], command: str) -> list[Payload]:
    """Everything that is registered: ``/incident`` with subcommands, ``/inc``, ``/oncall``, message menus."""
    entries = [entry for entry in menu if entry.listed]
    listed = [_subcommand(entry) for entry in entries if entry.group is Group.INCIDENT]
    # Discord refuses the whole menu for one command too many, such as a plug-in's. What is left out is typed after `do`.
    listed = listed[: limits.OPTIONS - 1]
    whole = {
        "type": _SUB,
        "name": DO,
        "description": _WHOLE,
        "options": [_text("What to do", required=False)],
    }
    found = [
        {
            "type": _CHAT,
            "name": command,
            "description": "Declare and work incidents",
            "options": [*listed, whole],
            "contexts": [_IN_GUILD],
        },
        _typed("oncall", "Who is on call, and acknowledging a page"),
    ]
    if command != "inc":
        found.append(_typed("inc", f"/{command} in one line: {_WHOLE[:1].lower()}{_WHOLE[1:]}"))
    found += [{"type": _ON_MESSAGE, "name": name, "contexts": [_IN_GUILD]} for name in ON_MESSAGES]
    return found


def _typed(name: str, help_: str) -> Payload:
    return {
        "type": _CHAT,
        "name": name,
        "description": clipped(help_, limits.HELP),
        "options": [_text("What to do; empty for an overview", required=False)],
        "contexts": [_IN_GUILD],
    }


def _text(help_: str, *, required: bool) -> Payload:
    return {
        "type": _STRING,
        "name": TEXT,
        "description": help_,
        "required": required,
        "autocomplete": True,
    }


def _subcommand(entry: MenuEntry) -> Payload:
    """Discord wants what is required before what is not; of the rest the order is the command's own."""
    arguments = sorted(entry.arguments, key=lambda argument: not argument.required)
    options = [_option(argument) for argument in arguments]
    if entry.about_one:
        about = _text("Another incident than this room's, such as INC-42", required=False)
        options.append({**about, "name": INCIDENT})
    return {
        "type": _SUB,
        "name": entry.verb,
        "description": clipped(entry.help, limits.HELP),
        "options": options[: limits.OPTIONS],
    }


def _option(argument: MenuArgument) -> Payload:
    option: Payload = {
        "type": _STRING,
        "name": argument.name,
        "description": clipped(argument.help, limits.HELP) or argument.name,
        "required": argument.required,
    }
    match argument.asked:
        case AskedAs.PERSON:
            return {**option, "type": _USER}
        case AskedAs.FLAG:
            return {**option, "type": _FLAG}
        case AskedAs.CHOICE:
            choices = [{"name": c, "value": c} for c in argument.choices[: limits.CHOICES]]
            return {**option, "choices": choices}
        case AskedAs.SERVICES:
            return {**option, "autocomplete": True}
        case AskedAs.ANY:
            completes = not argument.quoted and argument.name != TITLE
            return {**option, "autocomplete": True} if completes else option


def digest(payloads: Sequence[Payload]) -> str:
    """Equal for equal trees: what is registered already is not sent again."""
    return hashlib.sha256(json.dumps(payloads, sort_keys=True).encode()).hexdigest()


def weight(command: Payload) -> int:
    """What Discord counts against 8,000: names, descriptions and values, all the way down."""
    own = size(command.get("name", "")) + size(command.get("description", ""))
    choices = sum(size(c["name"]) + size(str(c["value"])) for c in command.get("choices", ()))
    return own + choices + sum(weight(option) for option in command.get("options", ()))


# --- what was chosen ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an invocation of ours comes to: ``text`` as typed, and answers by argument.

    ``focused`` is the option that is being completed, ``people`` those that were picked, by number.
    """

    group: Group
    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    focused: str = ""
    people: tuple[str, ...] = ()


def chosen(data: Mapping[str, Any], menu: Iterable[MenuEntry]) -> Chosen:
    """From an interaction's data."""
    group = Group.ONCALL if data["name"] == Group.ONCALL else Group.INCIDENT
    options: Sequence[Mapping[str, Any]] = data.get("options") or ()
    verb = ""
    if options and options[0]["type"] == _SUB:
        verb = str(options[0]["name"])
        options = options[0].get("options") or ()
    given = {str(o["name"]): o["value"] for o in options if "value" in o}
    focused = next((str(o["name"]) for o in options if o.get("focused")), "")
    if verb in ("", DO):
        return Chosen(group, str(given.get(TEXT, "")), focused=focused)
    entry = next((e for e in menu if e.group is group and e.verb == verb), None)
    arguments = entry.arguments if entry else ()
    people = tuple(
        str(given[a.name]) for a in arguments if a.asked is AskedAs.PERSON and a.name in given
    )
    about = str(given.get(INCIDENT, ""))
    values = {a.name: _answer(a, given[a.name]) for a in arguments if a.name in given}
    if TITLE in values:
        return Chosen(group, _declared(verb, arguments, values), {}, focused, people)
    return Chosen(group, f"{verb} {about}".strip(), values, focused, people)


def says_all(data: Mapping[str, Any]) -> bool:
    """Whether a command came with words of its own: what has none may be answered by a form."""
    options: Sequence[Mapping[str, Any]] = data.get("options") or ()
    inner = options[0].get("options") or () if options else ()
    return any("value" in option for option in (*options, *inner))


def _answer(argument: MenuArgument, value: object) -> str:
    match argument.asked:
        case AskedAs.FLAG:
            return TICKED if value else ""
        case AskedAs.PERSON:
            return f"<@{value}>"
        case _:
            return str(value)


def _declared(verb: str, arguments: Sequence[MenuArgument], values: Mapping[str, str]) -> str:
    """A declare is typed: its title may end in options of its own, and those that were chosen follow."""
    parts = [verb, values[TITLE]]
    for argument in arguments:
        answer = values.get(argument.name, "")
        if answer and argument.name != TITLE:
            parts.append(_typed_as(argument, answer))
    return " ".join(parts)


def _typed_as(argument: MenuArgument, answer: str) -> str:
    match argument.asked:
        case AskedAs.FLAG:
            return f"--{argument.name}"
        case AskedAs.SERVICES:
            return " ".join(f"#{name.strip('#,')}" for name in answer.split())
        case _:
            return f"{argument.lead} {answer}".strip()


def completing(
    chosen_: Chosen, data: Mapping[str, Any], menu: Iterable[MenuEntry]
) -> tuple[str, int]:
    """What is being typed, as if typed whole, and where in it the focused option begins."""
    typed = next(iter(_focused(data)), "")
    if chosen_.focused in (TEXT, ""):
        return typed, 0
    verb = chosen_.text.split(" ", 1)[0]
    if chosen_.focused == INCIDENT:
        head = f"{verb} "
    else:
        entry = next((e for e in menu if e.group is chosen_.group and e.verb == verb), None)
        found = {a.name: a for a in entry.arguments} if entry else {}
        argument = found.get(chosen_.focused)
        head = f"{verb} {argument.lead} " if argument and argument.lead else f"{verb} "
        if argument and argument.asked is AskedAs.SERVICES and not typed.startswith("#"):
            typed = f"#{typed}"
    return head + typed, len(head)


def _focused(data: Mapping[str, Any]) -> Iterator[str]:
    for option in data.get("options") or ():
        if option.get("focused"):
            yield str(option.get("value", ""))
        yield from _focused(option)


_MENTION = re.compile(r"<@!?(\d{1,20})>")


def mentions(text: str) -> list[str]:
    """The numbers of the people whom a text mentions."""
    return list(dict.fromkeys(_MENTION.findall(text)))


def with_people(text: str, known: Mapping[str, str]) -> str:
    """Discord's mentions as ours."""
    return _MENTION.sub(lambda m: f"@{known.get(m.group(1), m.group(1))}", text)

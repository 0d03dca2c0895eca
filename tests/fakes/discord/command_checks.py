"""What an application command may be: names, options, choices, 8000 characters in all."""

from __future__ import annotations

import re

from tests.fakes.discord.errors import Refusal, count, form, length
from tests.fakes.discord.model import Json

_NAME = re.compile(r"[-_'\w]{1,32}")
_CHAT, _SUB, _GROUP = 1, 1, 2
_MOST = {1: 100, 2: 15, 3: 15}


def commands(body: list[Json]) -> None:
    """Refuses a whole tree, as the bulk overwrite does."""
    for kind, most in _MOST.items():
        if len([c for c in body if c.get("type", 1) == kind]) > most:
            told = f"Maximum number of application commands reached ({most})"
            raise Refusal(400, 30032, told)
    names = [(c.get("type", 1), c.get("name")) for c in body]
    if len(set(names)) < len(names):
        told = "Application command names must be unique"
        raise form("0", "APPLICATION_COMMANDS_DUPLICATE_NAME", told)
    for at, one in enumerate(body):
        command(str(at), one)


def command(path: str, one: Json) -> None:
    if one.get("type", 1) == _CHAT:
        _lower(f"{path}.name", one.get("name"))
        length(f"{path}.description", one.get("description"), 100, 1)
        options(f"{path}.options", one.get("options") or [], depth=0)
    else:
        length(f"{path}.name", one.get("name"), 32, 1)
        if one.get("description") or one.get("options"):
            told = "Context menu commands cannot have description or options"
            raise form(f"{path}.description", "APPLICATION_COMMAND_INVALID", told)
    if characters(one) > 8000:
        told = "Command exceeds maximum size (8000)"
        raise form(path, "APPLICATION_COMMAND_TOO_LARGE", told)


def _lower(path: str, name: object) -> None:
    length(path, name, 32, 1)
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name != name.lower():
        told = "Command name is invalid"
        raise form(path, "APPLICATION_COMMAND_INVALID_NAME", told)


def options(path: str, listed: list[Json], *, depth: int) -> None:
    count(path, listed, 25)
    kinds = {option.get("type") in {_SUB, _GROUP} for option in listed}
    if len(kinds) > 1:
        told = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        raise form(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", told)
    names = [option.get("name") for option in listed]
    if len(set(names)) < len(names):
        raise form(path, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique")
    required = [bool(option.get("required")) for option in listed]
    if required != sorted(required, reverse=True):
        told = "Required options must be placed before non-required options"
        raise form(path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", told)
    for at, option in enumerate(listed):
        _option(f"{path}.{at}", option, depth)


def _option(path: str, option: Json, depth: int) -> None:
    _lower(f"{path}.name", option.get("name"))
    length(f"{path}.description", option.get("description"), 100, 1)
    kind = option.get("type")
    if kind in {_SUB, _GROUP}:
        if depth > 1 or (kind == _GROUP and depth > 0):
            raise form(f"{path}.type", "BASE_TYPE_CHOICES", "Nested too deeply.")
        options(f"{path}.options", option.get("options") or [], depth=depth + 1)
        return
    if kind not in range(3, 12):
        raise form(f"{path}.type", "BASE_TYPE_CHOICES", "Value must be one of 1 to 11.")
    choices = count(f"{path}.choices", option.get("choices") or [], 25)
    if choices and option.get("autocomplete"):
        told = "Choices and autocomplete are mutually exclusive"
        raise form(f"{path}.choices", "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", told)
    check_choices(f"{path}.choices", choices)


def check_choices(path: str, choices: list[Json]) -> None:
    """Also what an autocomplete answers with."""
    for at, choice in enumerate(count(path, choices, 25)):
        length(f"{path}.{at}.name", choice.get("name"), 100, 1)
        if isinstance(choice.get("value"), str):
            length(f"{path}.{at}.value", choice["value"], 100, 1)


def characters(one: Json) -> int:
    """Names, descriptions and values of a command, its options and their choices."""
    own = len(one.get("name", "")) + len(one.get("description", ""))
    values = list(one.get("choices") or ())
    own += sum(len(str(c["name"])) + len(str(c["value"])) for c in values)
    return own + sum(characters(option) for option in one.get("options") or ())

"""Finding chat platforms: the folders of handlers/chat first, then modules that settings name, then entry
points. One that is not what it should be stops the start, with a sentence that says what is wrong."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import entry_points
from typing import Any

from bot.core.errors import Fault
from bot.core.ports.declarations import Environ, Identity, OrgSetting, PlatformModule
from bot.core.ports.platforms import (
    ChatPlatform,
    Connector,
    Finding,
    Listening,
    PlatformContext,
    Serving,
)

ENTRY_POINTS = "tocsin.platforms"
CONSTANT = "PLATFORM"

Declared = tuple[PlatformModule, ...]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


class PluginError(Fault):
    """A plugin cannot be used; the text says which, and why."""


def declared(extra: Iterable[str] = ()) -> Declared:
    """Every chat platform that is there, configured or not. ``extra`` are modules that settings name."""
    found: dict[str, PlatformModule] = {}
    fields: dict[str, str] = {}
    for where, offered in _offered(extra):
        module = _checked(where, offered)
        if module.name in found:
            raise PluginError(f"Two plugins offer the chat platform {module.name}.")
        found[module.name] = module
        field = module.identity.field if module.identity else module.name
        if field in fields:
            raise PluginError(f"{module.name} and {fields[field]} both declare people's {field}.")
        fields[field] = module.name
    return tuple(found.values())


@functools.cache
def built_in() -> Declared:
    """The platforms below ``handlers.chat`` alone, for whoever reads an organisation file without settings."""
    return tuple(_checked(where, offered) for where, offered in _below())


def connectors(environ: Environ, modules: Declared) -> list[Connector]:
    """Every chat platform that is configured."""
    asked = [(each.name, each.connector(environ)) for each in modules if each.connector]
    made = [(name, found) for name, found in asked if found is not None]
    for name, found in made:
        _complete(name, "connector", Connector, found)
        if found.name != name:
            raise PluginError(f"The platform {name} has a connector that is named {found.name}.")
    return [found for _, found in made]


def built(connected: Iterable[Connector], context: PlatformContext) -> dict[str, ChatPlatform]:
    """The platforms themselves, by name."""
    found = {connector.name: connector.build(context) for connector in connected}
    for name, platform in found.items():
        _complete(name, "platform", ChatPlatform, platform)
        if isinstance(platform, Listening) and not inspect.iscoroutinefunction(platform.run):
            raise PluginError(f"The platform {name} has a run that is no async function.")
        if isinstance(platform, Serving) and not callable(platform.routes):
            raise PluginError(f"The platform {name} has routes that are no function.")
    return found


async def checks(environ: Environ, modules: Declared) -> list[Finding]:
    """What chat platforms find out about their own settings."""
    asked = [each.checks for each in modules if each.checks]
    return [finding for ask in asked for finding in await ask(environ)]


def notices(modules: Declared) -> Mapping[str, tuple[str, ...]]:
    """Which tasks leave a notice of the platform's own in the room, by platform."""
    return {each.name: each.notices for each in modules}


def _offered(extra: Iterable[str]) -> Iterator[tuple[str, object]]:
    """Each module's name and its constant."""
    yield from _below()
    for name in extra:
        try:
            module = importlib.import_module(name)
        except ImportError as error:
            raise PluginError(
                f"TOCSIN_PLUGINS names {name}, which cannot be imported: {error}"
            ) from error
        yield name, vars(module).get(CONSTANT)
    for point in entry_points(group=ENTRY_POINTS):
        loaded = point.load()
        named = isinstance(loaded, PlatformModule)  # it may name the constant as well as its module
        yield point.value, loaded if named else vars(loaded).get(CONSTANT)


def _below() -> Iterator[tuple[str, object]]:
    package = importlib.import_module("handlers.chat")
    for info in pkgutil.iter_modules(package.__path__):
        name = f"handlers.chat.{info.name}"
        yield name, vars(importlib.import_module(name)).get(CONSTANT)


# --- what is wrong with one ----------------------------------------------------------------------


def _checked(where: str, offered: object) -> PlatformModule:
    if not isinstance(offered, PlatformModule):
        what = f"a {type(offered).__name__}" if offered is not None else "none"
        raise PluginError(
            f"{where} must offer {CONSTANT}, a bot.core.ports.declarations.PlatformModule; it offers {what}."
        )
    wrong = [*_wrong(offered)] or [*_wrong_fields(offered)]
    if wrong:
        raise PluginError(f"{where}: {CONSTANT}.{wrong[0]}")
    return offered


def _wrong(module: Any) -> Iterator[str]:
    """What a plugin that nobody type-checked may have got wrong, whatever the types promise."""
    if not isinstance(module.name, str) or not _NAME.fullmatch(module.name):
        yield f"name is {module.name!r}; write a small letter, then small letters, digits and _."
    if not isinstance(module.title, str) or not module.title:
        yield "title is empty; write what people call the platform."
    if module.connector is not None and not callable(module.connector):
        yield "connector is no function of the settings."
    if module.checks is not None and not inspect.iscoroutinefunction(module.checks):
        yield "checks is no async function of the settings."
    if not isinstance(module.variables, Mapping) or not _texts(module.variables.values()):
        yield "variables is no mapping of names to help."
    if not isinstance(module.commands, Mapping) or not all(map(callable, module.commands.values())):
        yield "commands is no mapping of names to functions."
    if not isinstance(module.notices, tuple) or not _texts(module.notices):
        yield "notices is no tuple of tasks."


def _wrong_fields(module: Any) -> Iterator[str]:
    """The same for the fields of the organisation file."""
    known = module.identity
    if known is not None and not isinstance(known, Identity):
        yield "identity is no bot.core.ports.declarations.Identity."
    elif known is not None and not _NAME.fullmatch(known.field):
        yield f"identity has the field {known.field!r}; write small letters, digits and _."
    elif known is not None and bool(known.pattern) != bool(known.says):
        yield "identity has a pattern without the sentence that says it, or the other way round."
    for setting in module.settings:
        if not isinstance(setting, OrgSetting):
            yield "settings holds what is no bot.core.ports.declarations.OrgSetting."
        elif not _NAME.fullmatch(setting.name):
            yield f"settings has the name {setting.name!r}; write small letters, digits and _."
        elif setting.choices and setting.default not in setting.choices:
            yield f"settings: the default of {setting.name} is none of its choices."


def _texts(values: Iterable[object]) -> bool:
    return all(isinstance(each, str) for each in values)


def _complete(name: str, what: str, wanted: type, found: object) -> None:
    lacking = sorted({part for part in vars(wanted) if not part.startswith("_")} - {*dir(found)})
    if lacking:
        raise PluginError(f"The {what} of {name} lacks {', '.join(lacking)}.")

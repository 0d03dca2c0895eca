"""Finding what can be plugged in: the folders of handlers/chat first, then modules that settings name,
then entry points. A name that is taken twice stops the start."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import entry_points
from types import ModuleType

from bot.core.errors import Fault
from bot.core.ports.platforms import Connector, Finding

ENTRY_POINTS = "tocsin.platforms"


class PluginError(Fault):
    """A plugin cannot be used; the text says which, and why."""


def connectors(environ: Mapping[str, str], extra: Iterable[str]) -> list[Connector]:
    """Every chat platform that is configured. A module offers one by ``connector(environ)``, which
    returns None, without importing its vendor's library, when its settings are absent."""
    found: dict[str, Connector] = {}
    for module in _modules(extra):
        make = getattr(module, "connector", None)
        made: Connector | None = make(environ) if callable(make) else None
        if made is None:
            continue
        if made.name in found:
            raise PluginError(f"Two plugins offer the chat platform {made.name}.")
        found[made.name] = made
    return list(found.values())


def verbs(extra: Iterable[str] = ()) -> dict[str, Mapping[str, Callable[..., str]]]:
    """What chat platforms add to the command line, configured or not: ``commands()`` of their modules."""
    return {
        _short(module): module.commands()
        for module in _modules(extra)
        if callable(getattr(module, "commands", None))
    }


async def checks(environ: Mapping[str, str], extra: Iterable[str]) -> list[Finding]:
    """What chat platforms find out about their own settings: ``checks(environ)`` of their modules."""
    asked = [module for module in _modules(extra) if callable(getattr(module, "checks", None))]
    return [finding for module in asked for finding in await module.checks(environ)]


def _short(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def _modules(extra: Iterable[str]) -> Iterator[ModuleType]:
    package = importlib.import_module("handlers.chat")
    for info in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"handlers.chat.{info.name}")
    for name in extra:
        try:
            yield importlib.import_module(name)
        except ImportError as error:
            raise PluginError(
                f"TOCSIN_PLUGINS names {name}, which cannot be imported: {error}"
            ) from error
    for point in entry_points(group=ENTRY_POINTS):
        yield point.load()

"""Finding plug-ins. One that cannot be used is left out with its reason, and Tocsin starts all the same."""

from __future__ import annotations

import re
import traceback
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points

import structlog

from bot.plugins.api import ENTRY_POINTS, Plugin
from bot.plugins.shapes import misshapen

log = structlog.get_logger()

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")


@dataclass(frozen=True, slots=True)
class Found:
    """Those that can be used, and why others cannot, by name."""

    plugins: tuple[Plugin, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)


def installed(taken: Collection[str] = ()) -> Found:
    """Every plug-in that is installed beside Tocsin; ``taken`` are the words that commands have already."""
    return checked(_loaded(entry_points(group=ENTRY_POINTS)), taken)


def _loaded(points: Iterable[EntryPoint]) -> Iterator[tuple[str, object]]:
    for point in sorted(points, key=lambda each: each.name):
        try:
            found = point.load()
            yield point.name, found() if callable(found) else found
        except BaseException as error:  # noqa: BLE001 - others' code, which may raise anything
            kind = type(error).__name__
            log.error("plugin.not_loaded", plugin=point.name, error=kind, where=where(error))  # noqa: TRY400 - its words may quote secrets
            yield point.name, f"it cannot be loaded: {type(error).__name__}"


def where(error: BaseException) -> str:
    """The last place that an error came through: file, line and function."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno} {frames[-1].name}" if frames else ""


def checked(found: Iterable[tuple[str, object]], taken: Collection[str] = ()) -> Found:
    """Which of these can be used beside one another."""
    good: dict[str, Plugin] = {}
    refused: dict[str, str] = {}
    words = set(taken)
    for name, plugin in found:
        why = _refusal(plugin, good, words)
        if why or not isinstance(plugin, Plugin):
            refused[name] = why
            log.error("plugin.left_out", plugin=name, why=why)
            continue
        good[plugin.name] = plugin
        words |= {verb.name for verb in plugin.verbs}
    return Found(tuple(good.values()), refused)


def _refusal(plugin: object, good: Collection[str], words: Collection[str]) -> str:
    if isinstance(plugin, str):
        return plugin
    if not isinstance(plugin, Plugin):
        return f"it is {type(plugin).__name__}, not a bot.plugins.api.Plugin"
    if not _NAME.fullmatch(str(plugin.name)) or type(plugin.name) is not str:
        return f"{plugin.name!r} is no name: letters a to z, digits and dashes, at most 30"
    if plugin.name in good:
        return f"another plug-in is called {plugin.name}"
    return misshapen(plugin) or _double(plugin, words)


def _double(plugin: Plugin, words: Collection[str]) -> str:
    names = [verb.name for verb in plugin.verbs]
    double = next((name for name in names if name in words or names.count(name) > 1), None)
    return "" if double is None else f"its command {double} is there already"

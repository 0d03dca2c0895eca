"""The modules of the core's features, for tests that walk all of them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import bot

# What is no feature: it puts them together, or is a way in.
APART = frozenset({"admin", "cli", "core", "jobs", "language", "plugins", "settings", "wiring"})


def modules() -> Iterator[tuple[str, ModuleType]]:
    """Each module by its name below ``bot``."""
    for package in pkgutil.iter_modules(bot.__path__):
        if package.name in APART or not package.ispkg:
            continue
        root = importlib.import_module(f"bot.{package.name}")
        for info in pkgutil.walk_packages(root.__path__, f"bot.{package.name}."):
            yield info.name.removeprefix("bot."), importlib.import_module(info.name)

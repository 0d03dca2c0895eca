"""The section ``plugins`` of the organisation file."""

from __future__ import annotations

from typing import Annotated

from pydantic import PlainValidator as Read

from bot.core.declared.fields import Key, Strict, a_truth
from bot.core.declared.sections import Section


class PluginModel(Strict):
    """What is said of one plug-in."""

    private: Annotated[bool, Read(a_truth)] = False


def _private(found: dict[str, PluginModel]) -> frozenset[str]:
    return frozenset(key for key, model in found.items() if model.private)


# The plug-ins that may know of private incidents.
PRIVATE: Section[frozenset[str]] = Section("plugins", dict[Key, PluginModel], frozenset(), _private)

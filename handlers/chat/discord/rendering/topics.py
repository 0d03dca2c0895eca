"""A room's topic, and the marker at its end that finds the room again. Pure."""

from __future__ import annotations

import re

from handlers.chat.discord.rendering import limits
from handlers.chat.discord.rendering.limits import clipped
from handlers.chat.discord.rendering.markdown import cleaned

_SIGN = " · "
_MARKER = re.compile(r"\S+:inc\d+:\S*")


def topic_with(topic: str, marker: str) -> str:
    """A channel's topic, with what finds the room again at its end."""
    room = limits.TOPIC - limits.size(_SIGN + marker)
    return f"{clipped(cleaned(topic), room)}{_SIGN}{marker}"


def marker_in(topic: str) -> str:
    """The marker at the end of a topic of ours; empty when there is none."""
    _, sign, marker = topic.rpartition(_SIGN)
    return marker if sign and _MARKER.fullmatch(marker) else ""

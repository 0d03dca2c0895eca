"""What a component's id carries, in at most 100 characters: a mark, a number, and a command.

A command that is too long, that asks first, or that is about a message is kept in the database under a key,
and the id carries the key: so buttons work after a restart, and for as long as their message is there.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta

from bot.core.chat.card import Button
from bot.core.chat.vocabulary import Group
from handlers.chat.discord.rendering.limits import CUSTOM_ID, size

# Rooms are read, and their buttons pressed, for months.
KEEP = timedelta(days=400)
_KEY = "~"


@dataclass(frozen=True, slots=True)
class About:
    """The message that a command is about; empty when there is none."""

    room: str = ""
    message: str = ""
    author: str = ""
    name: str = ""
    at: str = ""
    text: str = ""


NOTHING = About()


@dataclass(frozen=True, slots=True)
class Press:
    """What pressing does. ``asks`` is a question to be answered first, under the button's ``label``."""

    command: str
    group: Group = Group.INCIDENT
    asks: str = ""
    label: str = ""
    about: About = NOTHING


@dataclass(slots=True)
class Ids:
    """Makes the ids of one message. ``keep`` collects what the database must hold before it is sent."""

    mark: str
    about: About = NOTHING
    group: Group = Group.INCIDENT
    keep: dict[str, str] = field(default_factory=dict)
    _used: int = 0

    def of(self, button: Button) -> str:
        """Unique in the message."""
        asked = Press(button.command, self.group, button.confirm, button.label, self.about)
        return self.of_press(asked if button.confirm else replace(asked, label=""))

    def of_press(self, press: Press) -> str:
        self._used += 1
        head = f"{self.mark}:{self._used:x}:"
        plain = press == Press(press.command)
        whole = f"{head}{press.command}"
        if plain and size(whole) <= CUSTOM_ID and not press.command.startswith(_KEY):
            return whole
        return f"{head}{self.kept(press)}"

    def kept(self, press: Press) -> str:
        text = json.dumps(asdict(press), ensure_ascii=False, sort_keys=True)
        key = _digest(text)
        self.keep[key] = text
        return f"{_KEY}{key}"


def read(custom_id: str) -> tuple[str, str]:
    """The command that an id carries, or the key under which it is kept: one of the two is empty."""
    carried = custom_id.split(":", 2)[-1]
    return ("", carried[1:]) if carried.startswith(_KEY) else (carried, "")


def press_from(text: str) -> Press:
    """The inverse of what is kept."""
    data = json.loads(text)
    return Press(**{**data, "group": Group(data["group"]), "about": About(**data["about"])})


def memory_key(key: str) -> str:
    return f"discord:press:{key}"


def mark_of(marker: str) -> str:
    """What finds a message of ours again: eleven characters, the same for the same marker."""
    return _digest(marker)[:11]


def nonce_of(marker: str) -> str:
    """At most 25 characters, the same for the same marker."""
    return _digest(marker)


def marked(message: dict[str, object], mark: str) -> bool:
    """Whether a message as Discord returns it bears the mark: in a component's id, or in an embed's address."""
    embeds = message.get("embeds") or []
    fragments = (str(e.get("url", "")) for e in embeds if isinstance(e, dict))  # type: ignore[attr-defined]
    rows = message.get("components") or []
    return f"#{mark}" in "".join(fragments) or any(
        found.startswith(f"{mark}:")
        for found in custom_ids(rows)  # type: ignore[arg-type]
    )


def custom_ids(rows: Sequence[object]) -> list[str]:
    found: list[str] = []
    for row in rows:
        parts = row.get("components", ()) if isinstance(row, dict) else ()
        found += [str(part["custom_id"]) for part in parts if part.get("custom_id")]
    return found


def _digest(text: str) -> str:
    raw = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")

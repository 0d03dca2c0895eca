"""Discord's Markdown read back as a person reads it: without marks, with names for numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from handlers.chat.discord.rendering.forms import FLAGS
from tests.fakes.discord import Interaction
from tests.seen import Asked, Question

_BEGINNING = re.compile(r"^(-# |- |> )", re.MULTILINE)
_SIGNS = {"▫️": "[waiting]", "✅": "[done]", "🔁": "[retrying]", "❌": "[failed]"}
_TOKEN = re.compile(
    r"\\(?P<literal>.)"
    r"|<@(?P<person>\d+)>"
    r"|<#(?P<room>\d+)>"
    r"|<t:(?P<moment>-?\d+):\w>"
    r"|\[(?P<words>(?:\\.|[^\]\\])*)\]\((?P<url>[^)]*)\)"
    r"|<(?P<address>https?://[^>]*)>"
    r"|(?P<mark>\*\*|`|\u200b)",
    re.DOTALL,
)


@dataclass
class Reader:
    """``people`` and ``rooms`` map Discord's numbers to names; ``mentioned`` collects who was."""

    people: Mapping[str, str]
    rooms: Mapping[str, str]
    mentioned: set[str] = field(default_factory=set)

    def message(self, content: str, embeds: Sequence[Mapping[str, Any]]) -> str:
        parts = [self.text(content)]
        for embed in embeds:
            parts.append(self.text(str(embed.get("description", ""))))
            parts += [self._field(each) for each in embed.get("fields", ())]
        return "\n".join(part for part in parts if part)

    def _field(self, each: Mapping[str, Any]) -> str:
        name, value = self.text(each["name"]), self.text(each["value"])
        return f"{name}: {value}" if name else value

    def text(self, markdown: str) -> str:
        plain = _TOKEN.sub(self._token, _BEGINNING.sub("", markdown))
        for sign, words in _SIGNS.items():
            plain = plain.replace(sign, words)
        return plain

    def _token(self, found: re.Match[str]) -> str:  # noqa: PLR0911 - one case a token
        kind, value = str(found.lastgroup), found.group(str(found.lastgroup))
        match kind:
            case "literal" | "address":
                return value
            case "person":
                self.mentioned.add(value)
                return f"@{self.people.get(value, value)}"
            case "room":
                return f"#{self.rooms.get(value, value)}"
            case "moment":
                return f"{datetime.fromtimestamp(int(value), UTC):%H:%M}"
            case "url":
                return self.text(found.group("words"))
            case _:
                return ""


def asked(opened: Interaction) -> Asked:
    """The form that an interaction opened."""
    assert opened.modal is not None
    questions: list[Question] = []
    for label in opened.modal["components"]:
        part = label.get("component", {})
        options = part.get("options") or []
        if part.get("custom_id") == FLAGS:
            questions += [
                Question(o["value"], o["label"], "yes" if o.get("default") else "", ("yes",))
                for o in options
            ]
        elif part:
            value = part.get("value") or " ".join(o["value"] for o in options if o.get("default"))
            values = tuple(o["value"] for o in options)
            required = bool(part.get("required", True))
            questions.append(Question(part["custom_id"], label["label"], value, values, required))
    return Asked(opened.modal["title"], tuple(questions), opened)

"""Whether Discord would take a message: its limits, counted as strictly as it counts anywhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from handlers.chat.discord.rendering.limits import size


def taken(message: dict[str, Any]) -> None:
    """Fails with what Discord would refuse."""
    assert size(message["content"]) <= 2000
    assert message["content"] or message["embeds"]
    assert message["allowed_mentions"] == {"parse": []}
    assert len(message["embeds"]) <= 10
    assert sum(_embed(embed) for embed in message["embeds"]) <= 6000
    _rows(message["components"])


def _embed(embed: dict[str, Any]) -> int:
    description, fields = embed.get("description", ""), embed.get("fields", [])
    assert size(description) <= 4096
    assert description or fields
    assert len(fields) <= 25
    for field in fields:
        assert 0 < size(field["name"]) <= 256
        assert 0 < size(field["value"]) <= 1024
        assert field["name"].strip()
        assert field["value"].strip()
    return size(description) + sum(size(f["name"]) + size(f["value"]) for f in fields)


def _rows(rows: list[dict[str, Any]]) -> None:
    assert len(rows) <= 5
    parts = [part for row in rows for part in row["components"]]
    assert len(rows) + len(parts) <= 40
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    assert len(ids) == len(set(ids))
    for row in rows:
        assert 1 <= len(row["components"]) <= 5
    for part in parts:
        _button(part) if part["type"] == 2 else _select(part)


def _button(part: dict[str, Any]) -> None:
    assert 1 <= size(part["label"]) <= 80
    assert ("url" in part) == (part["style"] == 5)
    if "url" in part:
        assert size(part["url"]) <= 512
        assert urlsplit(part["url"]).scheme in {"http", "https"}
    else:
        assert 1 <= size(part["custom_id"]) <= 100


def _select(part: dict[str, Any]) -> None:
    assert 1 <= len(part["options"]) <= 25
    values = [option["value"] for option in part["options"]]
    assert len(values) == len(set(values))
    for option in part["options"]:
        assert 1 <= size(option["label"]) <= 100
        assert 1 <= size(option["value"]) <= 100

"""An incident's whole record as JSON, Markdown and one HTML page. The same record, byte for byte the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Protocol

from bot.core.chat.text import escaped, render
from bot.core.incident import Incident
from bot.core.people import PersonId
from bot.core.timeline import Entry, fold

FORMAT = 1


class Exported(Protocol):
    """What is read of a record; the JSON has every other field of it, too."""

    @property
    def incident(self) -> Incident: ...

    @property
    def timeline(self) -> tuple[Entry, ...]: ...

    @property
    def names(self) -> Mapping[PersonId, str]: ...


def plain(value: Any) -> Any:  # noqa: PLR0911 - one way for each kind of value
    """Domain values as JSON has them: instants in ISO 8601 (UTC), durations in seconds."""
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case timedelta():
            return int(value.total_seconds())
        case Mapping():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
        case _ if is_dataclass(value):
            return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
        case _:
            return value


def record_data(record: Exported) -> dict[str, Any]:
    """The record as JSON-ready values. ``format`` is raised when a field changes its meaning."""
    incident = record.incident
    known = {"reference": incident.reference, "call": incident.call, "major": incident.is_major}
    return {**plain(record), "format": FORMAT, "incident": {**plain(incident), **known}}


def record_json(record: Exported) -> str:
    return json.dumps(record_data(record), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def record_markdown(record: Exported) -> str:
    return render("record/record.md.j2", **_context(record), escaped=escaped)


def record_html(record: Exported) -> str:
    """One page that needs nothing else: no script, no style from elsewhere."""
    return render("record/record.html.j2", **_context(record))


def _context(record: Exported) -> dict[str, Any]:
    names = {str(person): name for person, name in record.names.items()}
    return {"record": record, "incident": record.incident, "names": names,
            "entries": list(_lines(record.timeline, names))}  # fmt: skip


def _lines(entries: Iterable[Entry], names: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    """What still stands of the timeline, a line each: when, who, what."""
    for entry in fold(entries):
        facts = ", ".join(f"{key}: {value}" for key, value in sorted(entry.data.items()))
        yield {
            "id": entry.id,
            "at": entry.happened_at,
            "who": names.get(entry.author or "", "Tocsin"),
            "kind": entry.kind.value.replace("_", " "),
            "text": entry.text or facts,
            "url": entry.url,
        }

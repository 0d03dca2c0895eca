"""What every event has, and the form in which one is stored and told outside: no text, ever."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, ClassVar, NewType, get_type_hints

from bot.core.incident import Incident, IncidentId
from bot.core.people import Actor

# Words of people, or words with names in them: they stay in their own row and are in no stored or public form.
Said = NewType("Said", str)
NOTHING_SAID = Said("")
# A word of a closed vocabulary or an id that is no person's text: a platform, a step of the plan, a schedule.
Word = NewType("Word", str)

ActId = NewType("ActId", str)
NO_ACT = ActId("")


@dataclass(frozen=True, slots=True)
class Event:
    """A fact: who did it, and when (UTC). ``version`` is of its public form, and goes up when a field changes;
    one that is not ``public`` is told to nobody outside."""

    at: datetime
    actor: Actor

    version: ClassVar[int] = 1
    public: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class IncidentEvent(Event):
    """A fact about an incident, as it stands after the act.

    ``undo`` goes with the act's first entry on the timeline, so that the act can be taken back. ``undoing``: the fact
    comes of taking an act back, and the timeline says it by what it strikes out.
    """

    incident: Incident
    undo: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    undoing: bool = field(default=False, kw_only=True)


_APART = frozenset({"at", "actor", "incident", "undo", "undoing"})


def name_of(kind: type[Event]) -> str:
    """``StatusChanged`` is ``status_changed``: how it is stored and told outside."""
    return _words(kind.__name__)


@cache
def _words(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


_TOLD: dict[type[Event], tuple[str, ...]] = {}


def told_fields(kind: type[Event]) -> tuple[str, ...]:
    """The fields of the stored form besides who, when and which incident: those that hold no text."""
    if kind not in _TOLD:
        hints = get_type_hints(kind)
        _TOLD[kind] = tuple(
            f.name for f in fields(kind) if f.name not in _APART and not holds_text(hints[f.name])
        )
    return _TOLD[kind]


def holds_text(hint: object) -> bool:
    """Whether a field of this type may hold somebody's words."""
    return hint is Said or any(holds_text(part) for part in getattr(hint, "__args__", ()))


def incident_of(event: Event) -> IncidentId | None:
    """Which incident it is about, if any."""
    return event.incident.id if isinstance(event, IncidentEvent) else None


def data_of(event: Event) -> dict[str, Any]:
    """The stored form's own fields: ids, closed vocabularies, numbers and times, as JSON has them."""
    return {name: _plain(getattr(event, name)) for name in told_fields(type(event))}


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return _plain(getattr(value, "id"))  # noqa: B009 - a page or an incident is told by its number


def kinds(*modules: object) -> Iterator[type[Event]]:
    """Every event that these modules declare, in their order."""
    for module in modules:
        for found in vars(module).values():
            if (
                isinstance(found, type)
                and issubclass(found, Event)
                and found.__module__ == getattr(module, "__name__", "")
                and not found.__subclasses__()
            ):
                yield found

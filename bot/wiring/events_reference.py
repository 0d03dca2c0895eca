"""What docs/events.md says, from the events and their handlers themselves. ``python -m bot.wiring.events_reference``
writes it anew."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType

from bot.core.bus import Handler
from bot.core.events.base import Event, IncidentEvent, holds_text, kinds, name_of, told_fields
from bot.core.slots import SLOTS
from bot.wiring.packages import BUS, EVENT_MODULES, LINES
from bot.wiring.reactions import REACTIONS

_APART = ("at", "actor", "incident", "undo", "undoing")
# More than so many are not listed in the table: each event says who hears it.
_MANY = 12
_HEAD = """\
# Events

What can happen, who hears it, and what is told outside. This page is written by `make docs`; how it works is in
[architecture.md](architecture.md).

Every event has a time (UTC) and an actor; most are about an incident. All events of one command share an act. In the
table of fields, *text* stays inside: it is in no stored row and in no public form.

## The order

An event is heard by the packages in this order, and within a package from top to bottom. *Records* is what a handler may
itself make happen; it comes in its turn, after what is waiting already.

| package | handler | hears | records |
|---|---|---|---|
"""
_PUBLIC = """\

## The public form

What webhooks, rules, the API and plug-ins read. Ids, words of closed vocabularies, numbers and times; no text, and nothing
of a private incident unless the organisation file names the reader. `version` goes up when a field changes.

    {"name": "severity_changed", "version": 1, "act": "9f2c…", "at": "2026-01-06T09:00:00+00:00",
     "actor": "bo", "incident": 42, "after": 1, "before": 3}

Stored only where somebody listens, and kept for `TOCSIN_KEEP_EVENTS_DAYS`.

## Slots

Where a later package adds to what an earlier one shows.

| slot | a builder is given | holds |
|---|---|---|
"""
_CHECKS = """
## Before a transition

Asked, in this order, before an incident moves; the first refusal is what the person reads.

"""


def reference() -> str:
    """The whole page."""
    return "".join([_HEAD, *_order(), _CHECKS, *_checks(), *_events(), _PUBLIC, *_slots()])


def _order() -> Iterator[str]:
    for package in BUS.packages:
        for handler in package.handlers:
            heard = ", ".join(_link(kind) for kind in handler.hears)
            if len(handler.hears) > _MANY:
                heard = f"{len(handler.hears)} of them: see each"
            recorded = ", ".join(_link(kind) for kind in handler.records) or "–"
            yield f"| {package.name} | `{handler.name}` | {heard} | {recorded} |\n"


def _link(kind: type[Event]) -> str:
    return f"[{kind.__name__}](#{name_of(kind)})"


def _checks() -> Iterator[str]:
    for package in BUS.packages:
        for check in package.checks:
            where = f"{check.__module__.rpartition('.')[2]}.{check.__name__}"
            yield f"- {package.name}: `{where}`. {_first_line(check)}\n"


def _events() -> Iterator[str]:
    for module in EVENT_MODULES:
        yield f"\n## {_title(module)}\n\n{_first_line(module)}\n"
        for kind in kinds(module):
            yield _event(kind)


def _title(module: ModuleType) -> str:
    return module.__name__.split(".")[
        -2 if module.__name__.endswith(".events") else -1
    ].capitalize()


def _event(kind: type[Event]) -> str:
    heard = [_heard(handler) for handler in BUS.heard_by.get(kind, ())] or ["nobody inside yet"]
    rows = [
        f"- fields: {', '.join(_fields(kind)) or 'none besides'}",
        f"- heard by: {', '.join(heard)}",
        *_jobs(kind),
        *_line(kind),
        _public(kind),
    ]
    return f"\n### {name_of(kind)}\n\n{inspect.getdoc(kind)}\n\n" + "\n".join(rows) + "\n"


def _public(kind: type[Event]) -> str:
    if not kind.public:
        return "- public: none"
    told = "".join(f", `{name}`" for name in told_fields(kind))
    return f"- public: `{name_of(kind)}`, version {kind.version}{told}"


def _heard(handler: Handler) -> str:
    return f"`{handler.name}`"


def _jobs(kind: type[Event]) -> Iterator[str]:
    tasks = dict.fromkeys(reaction.task for reaction in REACTIONS.get(kind, ()))
    if tasks:
        yield f"- jobs: {', '.join(f'`{task}`' for task in tasks)}"


def _line(kind: type[Event]) -> Iterator[str]:
    if issubclass(kind, IncidentEvent):
        made = LINES[kind]
        words = f"none. {made}" if isinstance(made, str) else "a line"
        yield f"- timeline: {words}"


def _fields(kind: type[Event]) -> Iterator[str]:
    hints = typing.get_type_hints(kind)
    for each in fields(kind):
        if each.name not in _APART:
            text = " *(text)*" if holds_text(hints[each.name]) else ""
            yield f"`{each.name}`{text}"


def _first_line(thing: object) -> str:
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def _slots() -> Iterator[str]:
    for slot in SLOTS:
        yield f"| `{slot.name}` | {slot.about} | at most {slot.most} |\n"


if __name__ == "__main__":
    Path("docs/events.md").write_text(reference(), encoding="utf-8")

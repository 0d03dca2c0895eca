"""Builds docs/events.md from the events and their handlers. ``python -m bot.wiring.events_reference`` writes it."""

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
# A handler of more events than this is not listed with all of them: each event names its handlers.
_MANY = 12
_HEAD = """\
# Events

Every event, its handlers, and its public form. `make docs` writes this page. [architecture.md](architecture.md) says how
events work.

Every event has a time (UTC) and an actor. Most are about an incident. All events of one command share an act. A field marked
*text* is in no stored row and in no public form.

## The order

Handlers run in this order: by package, and within a package from top to bottom. *Records* names the events that a handler
may record. They wait in a queue behind those that are there already.

| package | handler | hears | records |
|---|---|---|---|
"""
_PUBLIC = """\

## The public form

This is what plug-ins read, and what is sent outside. It holds ids, words of closed vocabularies, numbers and times. It holds no
text, and nothing of a private incident unless the organisation file names the reader. `version` goes up when a field changes.

    {"name": "severity_changed", "version": 1, "act": "9f2c…", "at": "2026-01-06T09:00:00+00:00",
     "actor": "bo", "incident": 42, "after": 1, "before": 3}

Events are stored only where somebody listens, and kept for `TOCSIN_KEEP_EVENTS_DAYS`.

## Slots

A slot is a place where a later package adds to what an earlier one shows.

| slot | a builder is given | holds |
|---|---|---|
"""
_CHECKS = """
## Before a transition

These checks run, in this order, before an incident changes its status. The person reads the first refusal.

"""


def reference() -> str:
    """The whole page."""
    return "".join([_HEAD, *_order(), _CHECKS, *_checks(), *_events(), _PUBLIC, *_slots()])


def _order() -> Iterator[str]:
    for package in BUS.packages:
        for handler in package.handlers:
            heard = ", ".join(_link(kind) for kind in handler.hears)
            if len(handler.hears) > _MANY:
                heard = f"{len(handler.hears)} events"
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
    heard = [_heard(handler) for handler in BUS.heard_by.get(kind, ())] or ["no handler"]
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

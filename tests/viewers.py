"""The repositories of a transaction and their methods, by reflection; and which reads take no viewer, and why."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator
from typing import Any

from storage.unit_of_work import UnitOfWork

# Reads that take no viewer, and why an outsider's call never comes to them.
GUARDED = "its incident was got or locked for the viewer before"
OURS = "the bot's own books: jobs, plans, messages it edits"
WITHOUT_VIEWER = {
    "incidents": {"members": GUARDED, "subscribers": GUARDED},
    "timeline": {"from_source": GUARDED},
    "tasks": {"get": GUARDED, "of": GUARDED},
    "pages": {
        "get": "paging._paged_about asks for the viewer", "of": GUARDED, "notices": OURS,
        "change_policy": "writes", "since": "a number alone",
        "open_for": "the pages that this very person was told of", "asked_since": "a number of one's own",
    },
    "rooms": {
        "of": GUARDED, "incident_in": "a number, then got for the viewer", "recall": OURS,
        "of_closed": "platforms tidy up after the bot itself", "messages": OURS,
    },
    "plans": {"of": GUARDED},
    "nudges": {"get": OURS},
    "jobs": {"*": OURS},
    "deliveries": {"get": "what this very delivery was answered"},
    "key_values": {"*": OURS},
    "occurrences": {"*": "numbers and words of closed vocabularies; whoever hears them is asked about first"},
    "logins": {"*": "sessions and links of one person"},
    "redaction": {"*": "writes"},
    "files": {"*": "a file is asked for with its room, by may_see; see the console's own tests"},
    "retention": {"*": "retention, by a timer"},
    "oncall": {"*": "who is on call is known to everybody; a feed is asked for by its secret"},
    "organisations": {"*": "the organisation file itself"},
    "people": {"*": "people are known to everybody in the organisation"},
    "status": {"*": "what was published; private ones are left out by services.status.current"},
    "maintenances": {"*": "customers read all of it; no incident stands behind it"},
    "console": {"*": "rooms are asked for by may_see, which takes a viewer; see the console's own tests"},
}  # fmt: skip
WRITES = {
    "done",
    "add", "save", "lock", "join", "subscribe", "reopen", "remove", "notice", "remember", "forget", "write",
    "mark", "put", "prune",
}  # fmt: skip


def repositories() -> Iterator[tuple[str, type]]:
    for name, found in inspect.getmembers(UnitOfWork):
        getter = found.fget if isinstance(found, property) else getattr(found, "func", None)
        if getter is not None:
            kind = typing.get_type_hints(getter).get("return")
            if inspect.isclass(kind) and kind.__module__.startswith("storage."):
                yield name, kind


def methods(kind: type) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, found in inspect.getmembers(kind, inspect.isfunction):
        if not name.startswith("_"):
            yield name, found

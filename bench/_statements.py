"""How many statements a piece of work sends to SQLite, by the table that each is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

# The first table that a statement names, where its own name is not the first word after WITH.
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE|JOIN)\s+\"?(\w+)", re.IGNORECASE)
_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")


@dataclass
class Counted:
    """``tables`` counts statements, ``frames`` what only begins and ends transactions."""

    tables: Counter[str] = field(default_factory=Counter)
    frames: int = 0
    on: bool = False

    def saw(self, statement: str) -> None:
        """One statement; the rows of one call of ``executemany`` each come as one."""
        words = statement.strip()
        if not self.on or not words or words.startswith("--"):
            return
        if words.upper().startswith(_FRAME):
            self.frames += 1
            return
        found = [name for name in _TABLE.findall(words) if name.lower() != "queue"]
        self.tables[_about(found)] += 1

    def taken(self) -> Counted:
        """What was counted since the last time, as a value of its own."""
        found = Counted(self.tables, self.frames)
        self.tables, self.frames = Counter(), 0
        return found

    @property
    def total(self) -> int:
        """All but what frames transactions."""
        return sum(self.tables.values())

    def __str__(self) -> str:
        lines = [f"  {count:4}  {table}" for table, count in self.tables.most_common()]
        return "\n".join(lines)


def _about(names: list[str]) -> str:
    """The job table's statements begin with their common table expressions."""
    if "jobs" in names:
        return "jobs"
    return names[0] if names else "none"


@contextmanager
def counting() -> Iterator[Counted]:
    """Count on every connection that is opened meanwhile, while ``on``."""
    counted = Counted()

    def traced(connection: Any, _record: object) -> None:
        connection.set_trace_callback(counted.saw)

    event.listen(Engine, "connect", traced)
    try:
        yield counted
    finally:
        event.remove(Engine, "connect", traced)

"""A collector of spans in memory."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.core import tracing


@dataclass
class KeptSpan:
    """A span; ``trace`` is what it has in common with all of one command."""

    name: str
    trace: str
    traceparent: str
    above: str
    facts: dict[str, str | int] = field(default_factory=dict)
    failure: str = ""
    ended: str = ""

    def end(self, facts: Mapping[str, str | int], failure: str) -> None:
        self.facts, self.failure, self.ended = dict(facts), failure, "yes"


class KeptTraces:
    def __init__(self) -> None:
        self.spans: list[KeptSpan] = []
        self._count = itertools.count(1)

    def begin(self, name: str, above: str) -> KeptSpan:
        number = next(self._count)
        trace = above.split("-")[1] if above else f"{number:032x}"
        made = KeptSpan(name, trace, f"00-{trace}-{number:016x}-01", above)
        self.spans.append(made)
        return made


@contextmanager
def collected() -> Iterator[KeptTraces]:
    found = KeptTraces()
    tracing.collect(found)
    try:
        yield found
    finally:
        tracing.collect(None)

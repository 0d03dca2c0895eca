"""One trace from a command to the last job that follows from it, for those who collect traces.

Off until ``collect`` is called. What goes out are names of commands and tasks, ids and the type of an error: never
a title, a text, a name or a person. Which span something belongs to travels in a context variable, and with a job in
its arguments; so a job goes on with its command's trace also in another process, after a crash, a day later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Protocol, TypeVar

T = TypeVar("T")
_R = TypeVar("_R")

# Where a job's arguments say which span asked for it, as W3C's traceparent.
CARRIED = "traceparent"

_here: ContextVar[str] = ContextVar("traceparent", default="")


class Span(Protocol):
    @property
    def traceparent(self) -> str: ...

    def end(self, facts: Mapping[str, str | int], failure: str) -> None:
        """``failure`` is the name of an error's type, or empty."""
        ...


class Tracer(Protocol):
    def begin(self, name: str, above: str) -> Span:
        """A span under ``above``, a traceparent; a trace of its own when that is empty. Never waits."""
        ...


_tracers: list[Tracer] = []


def collect(tracer: Tracer | None) -> None:
    """Send spans to ``tracer`` from now on; None to nobody."""
    _tracers[:] = [tracer] if tracer is not None else []


@dataclass(slots=True)
class ActiveSpan:
    """A span, for the length of a ``with``; ``failure`` names an error that does not leave it."""

    name: str
    above: str
    facts: Mapping[str, str | int]
    failure: str = ""
    _begun: tuple[Span, Token[str]] | None = None

    def __enter__(self) -> ActiveSpan:
        if _tracers:
            begun = _tracers[0].begin(self.name, self.above)
            self._begun = begun, _here.set(begun.traceparent)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._begun is not None:
            begun, before = self._begun
            _here.reset(before)
            begun.end(self.facts, kind.__name__ if kind else self.failure)


def span(name: str, above: str = "", **facts: str | int | None) -> ActiveSpan:
    """What happens inside is this span's; ``facts`` that are None are left out."""
    told = {f"tocsin.{key}": fact for key, fact in facts.items() if fact is not None}
    return ActiveSpan(name, above, told)


def here() -> str:
    """The span that this belongs to, to be handed to another thread or a job; empty when nobody collects."""
    return _here.get()


def continued(work: Callable[[T], _R]) -> Callable[[T], _R]:
    """``work`` as a part of the span that it was asked for in, in whichever thread it runs."""
    where = _here.get()
    if not where:
        return work

    def inside(given: T) -> _R:
        before = _here.set(where)
        try:
            return work(given)
        finally:
            _here.reset(before)

    return inside


def carried(args: Mapping[str, str | int]) -> dict[str, str | int]:
    """A job's arguments, and where it comes from."""
    where = _here.get()
    return {**args, CARRIED: where} if where else dict(args)


def above(args: Mapping[str, str | int]) -> str:
    """The span that asked for a job; empty for one of a time when nobody collected."""
    return str(args.get(CARRIED, ""))
